// `haidang evaluate`: models on labelled films, through the service's own pipeline → every figure of a study, with intervals.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Language } from '#kernel/errors.ts';
import {
  type DatasetChoice,
  type EvaluateOptions,
  type Evaluated,
  evaluateModel,
  openDataset,
} from '#cli/evaluate/evaluate-model.ts';
import { readReportFile } from '#cli/evaluate/report-file.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { csvToParquet } from '#cli/tables/parquet.ts';
import { chaiCard } from '#research/report/chai-card.ts';
import { type CheckedReport, checkedReport, movedFigures } from '#research/report/check.ts';
import { checklistMarkdown } from '#research/report/checklists.ts';
import type { Evaluation } from '#research/report/evaluation.ts';
import { html } from '#research/report/html.ts';
import { predictionLines } from '#research/report/predictions.ts';
import { figuresCsv, latex, markdown } from '#research/report/tables.ts';
import { figureTable } from '#research/report/text.ts';

interface Options extends DatasetChoice, EvaluateOptions {
  readonly model: string;
  readonly out?: string;
  readonly predictions?: string;
  readonly check?: string;
  readonly lang: Language;
  readonly all?: boolean;
  readonly json?: boolean;
}

async function writePredictions(path: string, { scored }: Evaluated): Promise<void> {
  const parquet = path.endsWith('.parquet');
  const csv = parquet ? `${path}.csv` : path;
  writeFileSync(csv, `${[...predictionLines(scored)].join('\n')}\n`);
  if (!parquet) return;
  try {
    await csvToParquet(csv, path);
  } finally {
    rmSync(csv);
  }
}

async function writeReport(folder: string, evaluated: Evaluated, language: Language): Promise<void> {
  const { evaluation } = evaluated;
  const files = {
    'report.json': `${JSON.stringify(evaluation)}\n`,
    'report.html': html(evaluation, language),
    'report.md': markdown(evaluation, language),
    'report.tex': latex(evaluation, language),
    'figures.csv': figuresCsv(evaluation.figures),
    'chai-card.xml': chaiCard(evaluation),
    'claim-2024.md': checklistMarkdown('CLAIM 2024', evaluation),
    'tripod-ai.md': checklistMarkdown('TRIPOD+AI', evaluation),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  await writePredictions(join(folder, 'predictions.csv'), evaluated);
  process.stderr.write(`${join(folder, 'report.html')}\n`);
}

/** For CI: leaves 1 and names each number that is not what the file says. */
function check(before: CheckedReport, { figures }: Evaluation): void {
  const moved = movedFigures(before.figures, figures);
  for (const { source, finding, metric, field, was, is } of moved)
    process.stderr.write(`${source} ${finding} ${metric} ${field}: was ${was}, is ${is}\n`);
  process.stderr.write(moved.length === 0 ? 'no figure moved\n' : `${moved.length} numbers moved\n`);
  if (moved.length > 0) process.exitCode = 1;
}

/** What standard output shows: the figures and how they were made; the analyses are in the report's files. */
const shown = ({ model, dataset, split, figures, run }: Evaluation) => ({
  model,
  dataset,
  split,
  precision: run.precision,
  modelSha256: run.modelSha256,
  figures,
  run,
});

async function evaluate(options: Options): Promise<void> {
  const ids = options.model.split(',').map((id) => id.trim());
  // What cannot be read or written is told before the run and not after it.
  const before = options.check === undefined ? undefined : readReportFile(options.check, checkedReport);
  const dataset = await openDataset(options);
  const own = (path: string, id: string): string =>
    ids.length === 1 ? resolveUserPath(path) : resolveUserPath(path.replace(/(\.[^./]+)?$/, `-${id}$1`));
  for (const id of ids) {
    if (options.predictions !== undefined) mkdirSync(dirname(own(options.predictions, id)), { recursive: true });
    if (options.out !== undefined) mkdirSync(own(options.out, id), { recursive: true });
    const evaluated = await evaluateModel(id, dataset, {
      ...options,
      ...(options.resume !== undefined && { resume: own(options.resume, id) }),
    });
    const { evaluation } = evaluated;
    if (options.predictions !== undefined) await writePredictions(own(options.predictions, id), evaluated);
    if (options.out !== undefined) await writeReport(own(options.out, id), evaluated, options.lang);
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(shown(evaluation))}\n`
        : `${figureTable(evaluation.figures, options.all === true ? 'all' : 'main')}\n`,
    );
    if (before !== undefined) check(before, evaluation);
  }
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('a share between 0 and 1');
  return value;
}

export function addDatasetOptions(command: Command): Command {
  return command
    .requiredOption('--dataset <folder>', 'films and their table, described by dataset.json (haidang datasets new)')
    .option('--split <name>', 'only this part; without it every film')
    .option('--describe <id|file>', 'a shipped descriptor, or a dataset.json elsewhere');
}

export function addEvaluateCommand(program: Command): void {
  addDatasetOptions(
    program
      .command('evaluate')
      .description('figures with 95 % intervals over a labelled folder, through the same pipeline as the service')
      .option('--model <id>', 'folder under models/; several with commas', 'cxr-findings'),
  )
    .addOption(
      new Option('--precision <name>', 'without it the first that the model ships').choices(['fp32', 'fp16', 'int8']),
    )
    .option('--prevalence <share>', 'for PPV and NPV; without it that of the films', share)
    .option('--out <folder>', 'the report: HTML, JSON, CSV, Markdown, LaTeX, predictions')
    .option('--predictions <file>', 'every answer, .csv or .parquet')
    .option('--check <file>', 'leave 1 where a figure is not what this report says')
    .option('--resume <file>', 'write each answer down here, and go on where an earlier run stopped')
    .addOption(new Option('--lang <language>', 'of the report').choices(['vi', 'en']).default('en'))
    .option('--all', 'every figure in the text, not only the main ones')
    .option('--json', 'one JSON object per model')
    .action(evaluate);
}
