// `haidang datasets list|describe|verify|fetch|new`: data sets as data, so that a figure can be traced to films, labels and a licence.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { parquetRows } from '#cli/tables/parquet.ts';
import { loadModels } from '#models/load.ts';
import { faultSentence } from '#research/dataset/fault.ts';
import { fetchFile } from '#research/dataset/fetch.ts';
import { descriptorFor, shippedDataset, shippedDatasets } from '#research/dataset/library.ts';
import { newDataset } from '#research/dataset/new.ts';
import type { DatasetData } from '#research/dataset/schema.ts';
import { readTable } from '#research/dataset/table.ts';
import { verifyDataset } from '#research/dataset/verify.ts';
import { evaluationErrors } from '#research/errors.ts';

interface Json {
  readonly json?: boolean;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function list({ json }: Json): void {
  for (const data of shippedDatasets()) {
    const { id, title, access, licence } = data;
    if (json === true) print(JSON.stringify({ id, title, access: access.kind, licence }));
    else print(`${id.padEnd(24)} ${access.kind.padEnd(13)} ${title.en}`);
  }
}

function* inWords(data: DatasetData): Generator<string> {
  yield `${data.id}: ${data.title.en} (${data.title.vi})`;
  yield `source     ${data.source}`;
  for (const [name, value] of [
    ['homepage', data.homepage],
    ['licence', data.licence],
    ['citation', data.citation],
    ['DOI', data.doi],
  ])
    if (value !== undefined) yield `${name?.padEnd(10)} ${value}`;
  yield `access     ${data.access.kind}${data.access.how === undefined ? '' : `: ${data.access.how.en}`}`;
  for (const { path, bytes, sha256 } of data.files) yield `file       ${path} ${bytes ?? ''} ${sha256 ?? ''}`.trimEnd();
  for (const { column, heads, sources } of data.questions)
    yield `question   ${column} → ${Object.keys(heads).join(', ')}${sources === undefined ? '' : ` (${Object.keys(sources).join(', ')})`}`;
  for (const limit of data.limits) yield `limit      ${limit}`;
}

function describe(named: string, { json }: Json): void {
  const folder = resolveUserPath(named);
  const data = existsSync(folder) ? descriptorFor(folder) : shippedDataset(named);
  if (json === true) print(JSON.stringify(data));
  else for (const line of inWords(data)) print(line);
}

interface VerifyOptions extends Json {
  readonly split?: string;
  readonly describe?: string;
}

async function verify(folder: string, { json, split, describe: named }: VerifyOptions): Promise<void> {
  const result = await verifyDataset(resolveUserPath(folder), {
    readParquet: parquetRows,
    ...(split !== undefined && { split }),
    ...(named !== undefined && { describe: named }),
  });
  const { faults, ...counts } = result;
  if (json === true)
    print(JSON.stringify({ ...result, faults: faults.map((each) => ({ ...each, text: faultSentence(each, 'en') })) }));
  else {
    for (const each of faults) print(faultSentence(each, 'en'));
    const splits = Object.entries(counts.splits).map(([name, films]) => `${name} ${films}`);
    print(
      `${counts.id}: ${counts.films} films of ${counts.patients} patients (${splits.join(', ')}), split ${counts.splitSha256}`,
    );
    print(faults.length === 0 ? 'nothing is wrong' : `${faults.length} faults`);
  }
  if (faults.length > 0) process.exitCode = 1;
}

async function fetchAll(id: string, { to }: { readonly to: string }): Promise<void> {
  const data = existsSync(resolveUserPath(id)) ? descriptorFor(resolveUserPath(id)) : shippedDataset(id);
  const files = data.files.filter(({ url }) => url !== undefined);
  if (files.length === 0) {
    const how = data.access.how?.en ?? data.homepage ?? data.source;
    throw evaluationErrors.error('not-fetched', {
      field: id,
      reason: `a program cannot fetch it (${data.access.kind}). ${how}`,
    });
  }
  const folder = resolveUserPath(to);
  for (const file of files) {
    const bar = new SingleBar(
      { format: `${file.path} {bar} {value}/{total} bytes`, stream: process.stderr },
      Presets.shades_classic,
    );
    bar.start(file.bytes ?? 0, 0);
    try {
      const became = await fetchFile(folder, file, {
        onProgress: ({ done, total }) => {
          if (total !== undefined) bar.setTotal(total);
          bar.update(done);
        },
      });
      print(`${join(to, file.path)}: ${became === 'there' ? 'already there, unchanged' : 'fetched and checked'}`);
    } finally {
      bar.stop();
    }
  }
}

interface NewOptions {
  readonly table?: string;
  readonly id?: string;
  readonly column: readonly string[];
  readonly finding: readonly string[];
}

/** `a=b=c` → a, `b=c`. */
const pairs = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    texts.map((text) => {
      const [name = '', ...value] = text.split('=');
      return [name, value.join('=')];
    }),
  );

async function create(named: string, options: NewOptions): Promise<void> {
  const folder = resolveUserPath(named);
  const tables = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(csv|parquet)$/.test(name)) : [];
  const [only] = tables;
  const file = options.table ?? (tables.length === 1 ? only : undefined);
  if (file === undefined)
    throw evaluationErrors.error('dataset', {
      field: '--table',
      reason: `which table? ${folder} has ${tables.length === 0 ? 'none' : tables.join(', ')}`,
    });
  const { modelsDir } = readConfig(process.env, userFolder());
  const { models } = await loadModels(modelsDir);
  const table = await readTable(folder, { file }, parquetRows);
  const [fault] = table.faults;
  if (table.rows.length === 0 && fault !== undefined)
    throw evaluationErrors.error('dataset', { field: file, reason: faultSentence(fault, 'en') });
  const data = newDataset(table, {
    id:
      options.id ??
      (basename(folder)
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-')
        .replaceAll(/^-|-$/g, '') ||
        'own-films'),
    columns: pairs(options.column),
    findings: pairs(options.finding),
    knownHeads: [...new Set(models.flatMap(({ manifest }) => manifest.heads.map(({ code }) => code)))],
  });
  const target = join(folder, 'dataset.json');
  writeFileSync(target, `${JSON.stringify(data, null, 2)}\n`, { flag: 'wx' });
  for (const line of inWords(data)) print(line);
  print(`written to ${target}; look it over, then: haidang datasets verify ${named}`);
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function addDatasetsCommands(program: Command): void {
  const datasets = program.command('datasets').description('labelled films: what they are, whether they are whole');
  datasets
    .command('list')
    .description('the data sets that Haidang describes')
    .option('--json', 'one JSON line each')
    .action(list);
  datasets
    .command('describe')
    .description('source, licence, how to get it, labels and questions')
    .argument('<id|folder>')
    .option('--json', 'the descriptor')
    .action(describe);
  datasets
    .command('verify')
    .description('every row and file; each fault by file, row and column')
    .argument('<folder>')
    .option('--split <name>', 'only this part')
    .option('--describe <id|file>', 'a shipped descriptor, or a dataset.json elsewhere')
    .option('--json', 'one JSON object')
    .action(verify);
  datasets
    .command('fetch')
    .description('download an open data set; goes on where it stopped')
    .argument('<id|folder>')
    .requiredOption('--to <folder>', 'where the files go')
    .action(fetchAll);
  datasets
    .command('new')
    .description('write dataset.json for a folder of films with a table')
    .argument('<folder>')
    .option('--table <file>', 'CSV or Parquet in the folder; needed where there are several')
    .option('--id <id>', 'name of the data set')
    .option('--column <role=column>', 'file, patient, source, split, age, sex, view or device', collect, [])
    .option('--finding <head=column>', 'Effusion=pleural_fluid, or Effusion=pleural_fluid=yes', collect, [])
    .action(create);
}
