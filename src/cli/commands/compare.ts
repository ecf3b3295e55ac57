// `haidang compare`: two models, or two tables of predictions, on the same films → differences with intervals and p-values.
import { type Command, InvalidArgumentError } from 'commander';
import { type DatasetChoice, evaluateModel, openDataset } from '#cli/evaluate/evaluate-model.ts';
import { resolveUserPath } from '#cli/paths.ts';
import { type ComparedFigure, type Comparison, compare, notInferior } from '#research/analysis/comparison.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { Dataset } from '#research/dataset/dataset.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { readPredictions } from '#research/report/predictions.ts';
import { digits, withInterval } from '#research/report/summary.ts';
import { alignedTable } from '#research/report/text.ts';
import { addDatasetOptions } from './evaluate.ts';

type Two = readonly [string, string];

interface Options extends DatasetChoice {
  readonly models?: Two;
  readonly predictions?: Two;
  readonly margin?: number;
  readonly metric?: string;
  readonly json?: boolean;
}

function two(text: string): Two {
  const [a, b, ...more] = text.split(',').map((name) => name.trim());
  if (a === undefined || b === undefined || a === '' || b === '' || more.length > 0)
    throw new InvalidArgumentError('two names with a comma between them');
  return [a, b];
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('a margin between 0 and 1, for example 0.02');
  return value;
}

async function answersOf(name: string, dataset: Dataset, options: Options): Promise<readonly ScoredFilm[]> {
  if (options.predictions !== undefined) return readPredictions(resolveUserPath(name), dataset.films);
  return (await evaluateModel(name, dataset, { ...options, scoresOnly: true })).scored;
}

function inWords({ figures, reclassification }: Comparison, [a, b]: Two, { margin, metric }: Options): string {
  const shown = figures.filter((row) => row.metric === (metric ?? 'auroc'));
  const verdict = (row: ComparedFigure): string[] => {
    if (margin === undefined) return [];
    const held = notInferior(row, margin);
    return [held === null ? '–' : held ? 'not inferior' : 'not shown'];
  };
  const rows = shown.map((row) => [
    row.source,
    row.finding,
    row.metric,
    digits(row.a),
    digits(row.b),
    withInterval({ value: row.difference, lower: row.lower, upper: row.upper }),
    digits(row.p),
    String(row.n),
    ...verdict(row),
  ]);
  const headings = [
    'source',
    'finding',
    'metric',
    a,
    b,
    'difference',
    'p',
    'n',
    ...(margin === undefined ? [] : [`margin ${margin}`]),
  ];
  const moved = reclassification.map(({ source, finding, total, events, nonEvents, p }) => [
    source,
    finding,
    digits(total),
    digits(events),
    digits(nonEvents),
    digits(p),
  ]);
  const net = ['source', 'finding', 'net reclassification from b to a', 'with', 'without', 'p'];
  return `a: ${a}\nb: ${b}\n${alignedTable([headings, ...rows])}\n\n${alignedTable([net, ...moved])}`;
}

async function run(options: Options, command: Command): Promise<void> {
  const names = options.predictions ?? options.models;
  if (names === undefined) command.error('error: name two models with --models, or two files with --predictions');
  const dataset = await openDataset(options);
  const left = await answersOf(names[0], dataset, options);
  const right = await answersOf(names[1], dataset, options);
  const compared = compare(questionsOf(dataset.data), left, right);
  const { margin } = options;
  if (options.json !== true) {
    process.stdout.write(`${inWords(compared, names, options)}\n`);
    return;
  }
  const verdicts =
    margin === undefined
      ? {}
      : {
          margin,
          nonInferiority: compared.figures.map((row) => ({
            source: row.source,
            finding: row.finding,
            metric: row.metric,
            notInferior: notInferior(row, margin),
          })),
        };
  process.stdout.write(`${JSON.stringify({ models: names, ...compared, ...verdicts })}\n`);
}

export function addCompareCommand(program: Command): void {
  addDatasetOptions(
    program
      .command('compare')
      .description(
        'two models on the same films: clustered DeLong for areas, paired bootstrap over patients for the rest',
      )
      .option('--models <a,b>', 'folders under models/', two)
      .option('--predictions <a.csv,b.csv>', 'answers of earlier runs instead', two),
  )
    .option('--margin <m>', 'is the first not worse than the second by this much?', positive)
    .option('--metric <name>', 'that the text shows (default: auroc)')
    .option('--json', 'one JSON object')
    .action(run);
}
