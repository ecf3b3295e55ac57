// `haidang import xml130 FILE…`: claim files → one JSON line per thing found.
import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { decodedText } from '#interop/xml130/read/encoding.ts';
import { importClaims } from '#interop/xml130/import.ts';
import type { Diagnoses, Thing } from '#interop/xml130/read/import-lines.ts';
import { type Indicators, loadIndicators } from '#interop/xml130/read/indicators.ts';
import { type Config, readConfig } from '#service/config.ts';
import { LOCAL_FACILITY } from '#access/identity.ts';
import { keeping, type MeasurementStore, onlyTold } from '#interop/xml130/keep.ts';
import { CareError } from '#kernel/errors.ts';
import { openStoreOf } from '#cli/open-store.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';

const CHUNK_BYTES = 1024 * 1024;

async function* readFile(file: string, indicators: Indicators): AsyncGenerator<Thing | Diagnoses> {
  try {
    yield* importClaims(decodedText(createReadStream(resolveUserPath(file), { highWaterMark: CHUNK_BYTES })), {
      file,
      indicators,
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (!/^E[A-Z]+$/.test(code)) throw error;
    yield { kind: 'file', file, declared: null, records: 0, reason: `the file cannot be read (${code})` };
  }
}

/** A line for a person; names of patients never appear, their codes only in --json. */
function inWords(thing: Thing): string {
  switch (thing.kind) {
    case 'measurement':
      return `${thing.record}  ${thing.code} = ${thing.text} ${thing.unit}  ${thing.time}${thing.loinc === null ? '  (code not known)' : ''}`;
    case 'report':
      return `${thing.record}  report of ${thing.service}  ${thing.time}`;
    case 'rejected':
      return `${thing.record ?? '?'}  REJECTED ${thing.code}: ${thing.reason}`;
    case 'skipped':
      return `${thing.record}  skipped ${thing.table}: ${thing.reason}`;
    case 'file':
      return `${thing.file}: ${thing.records} of ${thing.declared ?? '?'} records${thing.reason === undefined ? '' : ` (${thing.reason})`}`;
    default:
      return thing satisfies never;
  }
}

interface OpenedStore {
  readonly measurements: MeasurementStore;
  close(): Promise<void>;
}

async function openMeasurements(config: Config): Promise<OpenedStore> {
  const store = await openStoreOf(config);
  const { measurements } = await store.facility(LOCAL_FACILITY);
  return { measurements, close: () => store.close() };
}

interface Options {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly indicators?: string;
}

/** An option that names no table of codes is misuse. */
function indicatorsOf({ indicators }: Options, { indicatorsFile }: Config, command: Command): Indicators {
  if (indicators === undefined) return loadIndicators(indicatorsFile);
  try {
    return loadIndicators(resolveUserPath(indicators));
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    return command.error(`${error.code} ${indicators}: ${error.text.en}`);
  }
}

export function addImportCommands(program: Command): void {
  program
    .command('import')
    .description('bring data of other systems in')
    .command('xml130')
    .description('claim XML (QĐ 130, 4750, 3176, 4210): laboratory values, reports and diagnoses')
    .argument('<files...>', 'claim files')
    .option('--json', 'one JSON line per thing found')
    .option('--dry-run', 'read and report, store nothing')
    .option('--indicators <file>', 'JSON file {"MA_CHI_SO": "LOINC"} with codes of this site')
    .action(async (files: string[], options: Options, command: Command) => {
      const config = readConfig(process.env, userFolder());
      const indicators = indicatorsOf(options, config, command);
      const store = options.dryRun === true ? undefined : await openMeasurements(config);
      try {
        for (const file of files) {
          const things = readFile(file, indicators);
          for await (const thing of store === undefined
            ? onlyTold(things)
            : keeping(things, store.measurements, 'cli')) {
            process.stdout.write(`${options.json === true ? JSON.stringify(thing) : inWords(thing)}\n`);
            const short =
              thing.kind === 'file' && (thing.reason !== undefined || (thing.declared ?? 0) > thing.records);
            if (thing.kind === 'rejected' || short) process.exitCode = 1;
          }
        }
      } finally {
        await store?.close();
      }
    });
}
