// `haidang calibrate`: fits a model's probabilities and operating points to films of a site, and says how they do on patients that the fit
// did not see. The model's own file is only replaced with --write.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { FIT_METHODS } from '#calibration/fit-head.ts';
import { type FitOptions, type HeadReport, reportOf } from '#cli/calibrate/head-report.ts';
import { calibrationErrors } from '#calibration/errors.ts';
import { type ScoredFilmsChoice, scoredFilmsOf } from '#cli/evaluate/scored-films.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { loadModel } from '#models/load.ts';
import { type Calibration, calibrationSchema } from '#models/schema.ts';
import { digits, withInterval } from '#research/report/summary.ts';
import { alignedTable } from '#research/report/text.ts';
import { addDatasetOptions } from './evaluate.ts';

interface Options extends ScoredFilmsChoice, Omit<FitOptions, 'split'> {
  readonly out?: string;
  readonly write?: boolean;
  readonly json?: boolean;
}

function inWords(reports: readonly HeadReport[]): string {
  const rows = reports.map(({ code, source, fitted, reason, check }) =>
    fitted === null
      ? [code, source ?? '', `kept: ${reason}`]
      : [
          code,
          source ?? '',
          `${fitted.fittedOn.positives}/${fitted.fittedOn.n}`,
          digits(fitted.slope),
          digits(fitted.intercept),
          digits(fitted.negativeTo),
          digits(fitted.positiveFrom),
          digits(fitted.prevalence.value),
          digits(check?.ece),
          withInterval(check?.view?.sensitivity),
          withInterval(check?.view?.specificity),
          withInterval(check?.view?.ppv),
        ],
  );
  const headings = [
    'finding',
    'source',
    'pos./n',
    'slope',
    'interc.',
    'neg. to',
    'pos. from',
    'prevalence',
    'ECE',
    'sensitivity',
    'specificity',
    'PPV',
  ];
  const full = alignedTable([headings, ...rows.filter((cells) => cells.length > 3)]);
  return [full, ...rows.filter((cells) => cells.length === 3).map((cells) => cells.join('  '))].join('\n');
}

async function run(options: Options): Promise<void> {
  const { folder, model, dataset, films } = await scoredFilmsOf(options);
  const codes = model.manifest.heads.map(({ code }) => code);
  const stranger = Object.keys(options.prevalence).find((code) => !codes.includes(code));
  if (stranger !== undefined)
    throw calibrationErrors.error('unknown-head', {
      field: stranger,
      reason: `${options.model} has ${codes.join(', ')}`,
    });
  const reports = codes.map((code) => reportOf(code, { films, dataset, options }));
  if (reports.every(({ fitted }) => fitted === null))
    throw calibrationErrors.error('cannot-fit', {
      reason: reports.map(({ code, reason }) => `${code}: ${reason}`).join('; '),
    });
  const heads = model.calibration.heads.map((head) => reports.find(({ code }) => code === head.code)?.fitted ?? head);
  const calibration: Calibration = calibrationSchema.parse({
    ...model.calibration,
    version: `${dataset.data.id}-${sha256Hex(JSON.stringify(heads)).slice(0, 8)}`,
    method: options.method,
    errorRate: Math.max(options.errorRate, 1 - (options.sensitivity ?? 1), 1 - (options.specificity ?? 1)),
    heads,
  });
  const text = `${JSON.stringify(calibration, null, 2)}\n`;
  const target =
    options.write === true
      ? join(folder, 'calibration.json')
      : resolveUserPath(options.out ?? `${options.model}.calibration.json`);
  const before = options.write === true ? readFileSync(target) : undefined;
  writeFileSync(target, text);
  if (before !== undefined) {
    try {
      await loadModel(folder);
    } catch (error) {
      writeFileSync(target, before);
      throw error;
    }
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ model: options.model, version: calibration.version, file: target, heads: reports })}\n`
      : `${inWords(reports)}\nwritten to ${target}; sensitivity, specificity, PPV and ECE are of patients that the fit did not see\n`,
  );
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('a share between 0 and 1');
  return value;
}

function prevalences(text: string, before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, code, value] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  if (code === undefined || value === undefined) throw new InvalidArgumentError('for example Effusion=0.08');
  return { ...before, [code]: share(value) };
}

export function addCalibrateCommand(program: Command): void {
  addDatasetOptions(
    program
      .command('calibrate')
      .description('fit a model’s probabilities and operating points to films of this site')
      .option('--model <id>', 'folder under models/', 'cxr-findings'),
  )
    .option('--predictions <file.csv>', 'answers of an earlier evaluate instead of a run')
    .addOption(
      new Option('--method <name>', 'platt: slope and intercept; temperature: slope alone; isotonic: any rising curve')
        .choices(FIT_METHODS)
        .default('platt'),
    )
    .option('--error-rate <share>', 'of positives called negative, and of negatives called positive', share, 0.1)
    .option('--sensitivity <share>', 'wanted among positives, instead of --error-rate', share)
    .option('--specificity <share>', 'wanted among negatives, instead of --error-rate', share)
    .option('--prevalence <head=share>', 'where the probabilities shall hold', prevalences, {})
    .option('--source <name>', 'films of this source only')
    .option('--out <file>', 'instead of MODEL.calibration.json here')
    .option('--write', 'replace the calibration of the model')
    .option('--json', 'one JSON object')
    .action(run);
}
