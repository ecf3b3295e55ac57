// `haidang evaluate`: models on labelled films, through the service's own pipeline → every figure of a study, with intervals.
import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { readConfig } from '#service/config.ts';
import { openJournal } from '#cli/evaluate/journal.ts';
import { runFilms } from '#cli/evaluate/run-films.ts';
import { resolveUserPath, userFolder } from '#cli/paths.ts';
import { parquetRows } from '#cli/tables/parquet.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { type Dataset, readDataset } from '#research/dataset/dataset.ts';
import { type Fault, faultSentence } from '#research/dataset/fault.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { evaluationErrors } from '#research/errors.ts';
import { figures } from '#research/figures.ts';
import { curveFigures, pointingFigures } from '#research/pointing.ts';
import { figureTable } from '#research/report/text.ts';

interface Options {
  readonly model: string;
  readonly dataset: string;
  readonly split?: string;
  readonly describe?: string;
  readonly precision?: Precision;
  readonly resume?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** More than these say the same again. */
const MOST_FAULTS_TOLD = 20;

/** Films and models that were refused leave 1; the figures of the rest are still given. */
function tellFaults(faults: readonly Fault[]): void {
  const told = faults.filter(({ code }) => code !== 'box-without-film');
  if (told.length === 0) return;
  process.exitCode = 1;
  for (const each of told.slice(0, MOST_FAULTS_TOLD)) process.stderr.write(`${faultSentence(each, 'en')}\n`);
  process.stderr.write(`${told.length} rows or files were refused; the figures are of the others.\n`);
}

/** A model none of whose heads is asked for would give an empty report. */
function checkHeads({ manifest }: Model, { data }: Dataset): void {
  const asked = [...new Set(data.questions.flatMap(({ heads }) => Object.keys(heads)))];
  const heads = manifest.heads.map(({ code }) => code);
  if (asked.some((code) => heads.includes(code))) return;
  throw evaluationErrors.error('dataset', {
    field: 'questions',
    reason: `${data.id} asks for ${asked.join(', ') || 'no head'}; ${manifest.id} has ${heads.join(', ')}`,
  });
}

async function evaluateOne(id: string, options: Options): Promise<void> {
  const { modelsDir, providers } = readConfig(process.env, userFolder());
  const model = await loadModel(join(modelsDir, id));
  const dataset = await readDataset(resolveUserPath(options.dataset), {
    readParquet: parquetRows,
    ...(options.split !== undefined && { split: options.split }),
    ...(options.describe !== undefined && { describe: options.describe }),
  });
  checkHeads(model, dataset);
  tellFaults(dataset.faults);
  const { precision, sha256 } = model.file(options.precision);
  await using engine = await startEngine({
    models: [model],
    ...(options.precision !== undefined && { precision: options.precision }),
    processes: 2,
    providers,
  });
  const state = engine.states().get(id);
  if (state?.state !== 'ready')
    throw evaluationErrors.error('model-refused', {
      field: id,
      reason: state?.state === 'refused' ? state.reason : 'the process that ran it died',
    });
  const identity = {
    model: id,
    modelSha256: sha256,
    calibration: model.calibration.version,
    dataset: dataset.data.id,
    splitSha256: dataset.splitSha256,
  };
  const journal = openJournal(
    options.resume === undefined ? undefined : resolveUserPath(options.resume),
    identity,
    dataset.films,
  );
  const progress = new SingleBar(
    { format: '{bar} {value}/{total} films, {eta_formatted} left', stream: process.stderr },
    Presets.shades_classic,
  );
  progress.start(dataset.films.length, 0);
  const answers = await runFilms({ model, engine, dataset }, journal, () => progress.increment());
  progress.stop();
  const scored = answers.map((answer) => answer.scored);
  const rows = [
    ...figures(scored, questionsOf(dataset.data)),
    ...pointingFigures(answers.flatMap(({ pointed }) => pointed)),
    ...curveFigures(answers.flatMap(({ curves }) => curves)),
  ];
  const result = {
    model: id,
    dataset: options.dataset,
    split: options.split ?? 'all',
    precision,
    modelSha256: sha256,
    figures: rows,
  };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(result)}\n`
      : `${figureTable(rows, options.all === true ? 'all' : 'main')}\n`,
  );
}

export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('figures with 95 % intervals over a labelled folder, through the same pipeline as the service')
    .requiredOption('--model <id>', 'folder under models/; several with commas', 'cxr-findings')
    .requiredOption('--dataset <folder>', 'films and their table, described by dataset.json (haidang datasets new)')
    .option('--split <name>', 'only this part; without it every film')
    .option('--describe <id|file>', 'a shipped descriptor, or a dataset.json elsewhere')
    .option('--precision <name>', 'fp32, fp16 or int8; without it the first that the model ships')
    .option('--resume <file>', 'write each answer down here, and go on where an earlier run stopped')
    .option('--all', 'every figure in the text, not only the main ones')
    .option('--json', 'one JSON object per model')
    .action(async (options: Options) => {
      for (const id of options.model.split(',')) await evaluateOne(id.trim(), options);
    });
}
