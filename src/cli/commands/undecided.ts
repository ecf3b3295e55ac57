// `haidang undecided`: the share of answers that a model leaves to a person, against how often its answer holds the truth; what is reachable
// by other operating points alone, without other weights.
import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { callsOf, type Call, type HeadFilms, leastUndecided, mostCovered, pointsAt } from '#calibration/undecided.ts';
import { calibrationErrors } from '#calibration/errors.ts';
import { answeredBy } from '#cli/calibrate/head-report.ts';
import { evaluateModel, openDataset } from '#cli/evaluate/evaluate-model.ts';
import { resolveUserPath } from '#cli/paths.ts';
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';
import { FEWEST_CASES, type ScoredFilm } from '#research/analysis/figures.ts';
import { type Question, questionsOf } from '#research/dataset/question.ts';
import { readPredictions } from '#research/report/predictions.ts';
import { withInterval } from '#research/report/summary.ts';
import { svgPlot } from '#research/report/svg.ts';
import { alignedTable } from '#research/report/text.ts';
import { type Interval, patientShare } from '#research/statistics/bootstrap.ts';

interface Options {
  readonly model: string;
  readonly dataset: string;
  readonly describe?: string;
  readonly fitSplit: string;
  readonly split: string;
  readonly source: string;
  readonly positiveFloor: number;
  readonly predictions?: readonly [string, string];
  readonly rates: readonly number[];
  readonly svg?: string;
  readonly json?: boolean;
}

type Films = readonly ScoredFilm[];

async function filmsOf(options: Options, split: string, at: 0 | 1) {
  const { model, dataset, describe, predictions } = options;
  const choice = { dataset, split, ...(describe !== undefined && { describe }) };
  const opened = await openDataset(choice);
  const file = predictions?.[at];
  const films: Films =
    file === undefined
      ? (await evaluateModel(model, opened, { ...choice, scoresOnly: true })).scored
      : readPredictions(resolveUserPath(file), opened.films);
  return { films, questions: questionsOf(opened.data).questions };
}

const probabilitiesOf = (question: Question, films: Films) =>
  answeredBy(question, films).map(({ film, sample: { positive, patient } }) => ({
    probability: film.heads.get(question.finding)?.probability ?? Number.NaN,
    positive,
    patient,
  }));

interface Row {
  readonly name: string;
  readonly coverage: Interval;
  readonly undecided: Interval;
}

function rowOf(name: string, calls: readonly Call[]): Row {
  const patients = { patients: calls.map(({ patient }) => patient) };
  const everyone = calls.map(() => true);
  const of = (hits: readonly boolean[]): Interval => patientShare(hits, everyone, patients);
  return {
    name,
    coverage: of(calls.map(({ holds }) => holds)),
    undecided: of(calls.map(({ undecided }) => undecided)),
  };
}

const shareOf = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

/** Every half per cent: the same calls without intervals, to look for the best. */
const FINE = Array.from({ length: 100 }, (_, at) => (at + 1) / 200);

interface Curve {
  readonly now: Row;
  readonly atRates: readonly Row[];
  readonly sameCoverage: { readonly rate: number; readonly undecidedShare: number } | null;
  readonly halved: { readonly rate: number; readonly coverage: number } | null;
  readonly fine: readonly { readonly rate: number; readonly coverage: number; readonly undecidedShare: number }[];
}

function curveOf(heads: readonly HeadFilms[], now: readonly Call[], rates: readonly number[], floor: number): Curve {
  const callsAt = (rate: number): Call[] =>
    heads.flatMap(({ fit, check }) => callsOf(check, pointsAt(fit, rate, floor)));
  const fine = FINE.map((rate) => {
    const calls = callsAt(rate);
    return {
      rate,
      coverage: shareOf(calls.map(({ holds }) => holds)),
      undecidedShare: shareOf(calls.map(({ undecided }) => undecided)),
    };
  });
  const own = rowOf('as calibrated', now);
  const same = leastUndecided(fine, own.coverage.value);
  const half = mostCovered(fine, own.undecided.value / 2);
  return {
    now: own,
    atRates: rates.map((rate) => rowOf(`error rate ${rate}`, callsAt(rate))),
    sameCoverage: same === undefined ? null : { rate: same.rate, undecidedShare: same.undecidedShare },
    halved: half === undefined ? null : { rate: half.rate, coverage: half.coverage },
    fine,
  };
}

interface HeadCurve extends Curve {
  readonly finding: string;
  readonly n: number;
  readonly positives: number;
}

async function curves(options: Options): Promise<readonly HeadCurve[]> {
  const fit = await filmsOf(options, options.fitSplit, 0);
  const check = await filmsOf(options, options.split, 1);
  const heads = check.questions
    .filter(({ source }) => source === options.source)
    .map((question) => ({
      code: question.finding,
      fit: probabilitiesOf(question, fit.films),
      check: probabilitiesOf(question, check.films),
      now: answeredBy(question, check.films).flatMap(({ film, sample }): Call[] => {
        const decision = film.heads.get(question.finding)?.decision;
        if (decision === undefined) return [];
        const undecided = decision === 'indeterminate';
        const holds = undecided || (decision === 'positive') === sample.positive;
        return [{ patient: sample.patient, holds, undecided }];
      }),
    }))
    .filter((head) =>
      [head.fit, head.check].every((films) => {
        const positives = films.filter(({ positive }) => positive).length;
        return positives >= FEWEST_CASES && films.length - positives >= FEWEST_CASES;
      }),
    );
  if (heads.length === 0)
    throw calibrationErrors.error('cannot-fit', {
      field: '--source',
      reason: `no head of ${options.source} has ${FEWEST_CASES} films with and without its finding in both splits`,
    });
  const { rates, positiveFloor } = options;
  const all = { code: `all ${heads.length} heads`, fit: [], check: heads.flatMap((head) => head.check) };
  const ofAll = curveOf(
    heads,
    heads.flatMap(({ now }) => now),
    rates,
    positiveFloor,
  );
  const counted = ({ code, check: films }: Pick<HeadFilms, 'code' | 'check'>) => ({
    finding: code,
    n: films.length,
    positives: films.filter(({ positive }) => positive).length,
  });
  return [
    { ...counted(all), ...ofAll },
    ...heads.map((head) => ({ ...counted(head), ...curveOf([head], head.now, rates, positiveFloor) })),
  ];
}

const per = (value: number): string => value.toFixed(3);
const estimate = (row: Interval): Pick<IntervalEstimate, 'value' | 'lower' | 'upper'> => row;

function inWords([all, ...heads]: readonly HeadCurve[]): string {
  if (all === undefined) return '';
  const curve = alignedTable([
    ['operating points', 'coverage', 'undecided share'],
    ...[all.now, ...all.atRates].map(({ name, coverage, undecided }) => [
      name,
      withInterval(estimate(coverage)),
      withInterval(estimate(undecided)),
    ]),
  ]);
  const each = alignedTable([
    ['finding', 'pos./n', 'coverage', 'undecided', 'least at that coverage', 'half of it', 'coverage when halved'],
    ...[all, ...heads].map(({ finding, n, positives, now, sameCoverage, halved }) => [
      finding,
      `${positives}/${n}`,
      per(now.coverage.value),
      per(now.undecided.value),
      sameCoverage === null ? 'not reached' : per(sameCoverage.undecidedShare),
      per(now.undecided.value / 2),
      halved === null ? 'not reached' : per(halved.coverage),
    ]),
  ]);
  return `${curve}\n\n${each}\n`;
}

const COLOURS = ['#0072b2', '#777777'] as const;

function picture(all: HeadCurve, title: string): string {
  const points = all.fine.map(({ coverage, undecidedShare }) => [coverage, undecidedShare] as const);
  const { coverage, undecided } = all.now;
  const cross = [
    [coverage.lower, undecided.value],
    [coverage.upper, undecided.value],
  ] as const;
  const least = Math.min(...points.map(([x]) => x), coverage.lower);
  return svgPlot({
    title,
    xLabel: 'coverage: the answer holds the truth',
    yLabel: 'undecided share',
    x: [Math.floor(least * 20) / 20, 1],
    y: [0, 1],
    legend: 'top',
    lines: [
      { label: 'refitted', points, colour: COLOURS[0] },
      { label: 'as calibrated', points: cross, colour: COLOURS[1] },
    ],
  });
}

async function run(options: Options): Promise<void> {
  const found = await curves(options);
  const [all] = found;
  if (options.svg !== undefined && all !== undefined)
    writeFileSync(resolveUserPath(options.svg), `${picture(all, `${options.model}, ${options.source}`)}\n`);
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ model: options.model, heads: found })}\n` : inWords(found),
  );
}

function parseRates(text: string): readonly number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => value > 0 && value < 0.5)) return values;
  throw new InvalidArgumentError('error rates between 0 and 0.5, with commas');
}

function parseFloor(text: string): number {
  const value = Number(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('a chance of at least 0 and below 1');
}

function parseFiles(text: string): readonly [string, string] {
  const [fit, check, ...more] = text.split(',');
  if (fit !== undefined && check !== undefined && more.length === 0) return [fit, check];
  throw new InvalidArgumentError('two files with a comma between them, that of the fit first');
}

export function addUndecidedCommand(program: Command): void {
  program
    .command('undecided')
    .description('undecided share against coverage: what other operating points would reach with the same weights')
    .option('--model <id>', 'folder under models/', 'cxr-findings')
    .requiredOption('--dataset <folder>', 'laid out as its dataset.json says')
    .option('--describe <file>', 'dataset.json of another place, or the id of one under datasets/')
    .option('--fit-split <name>', 'films that the points are fitted to', 'val')
    .option('--split <name>', 'films that are counted', 'test')
    .option('--source <name>', 'whose questions', 'nih')
    .option(
      '--rates <list>',
      'error rates of positives and of negatives',
      parseRates,
      [0.02, 0.05, 0.1, 0.15, 0.2, 0.25],
    )
    .option('--positive-floor <p>', 'nothing is called positive below this chance', parseFloor, 0)
    .option('--predictions <fit.csv,check.csv>', 'answers of earlier runs instead', parseFiles)
    .option('--svg <file>', 'the curve of all heads')
    .option('--json', 'one JSON object')
    .action(run);
}
