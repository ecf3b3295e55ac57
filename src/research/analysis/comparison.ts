// Two models on the same films: the difference of each figure with its interval and p-value, and whether one is not worse by a margin.
import type { Question, Questions } from '#research/dataset/question.ts';
import { eachResample, quantile } from '#research/statistics/bootstrap.ts';
import { compareAreas } from '#research/statistics/delong.ts';
import {
  type Metric,
  auprc,
  brier,
  expectedCalibrationError,
  scored,
  share,
} from '#research/statistics/discrimination.ts';
import { type NetReclassification, netReclassification } from '#research/statistics/reclassification.ts';
import { FEWEST_CASES, type HeadScore, type ScoredFilm } from './figures.ts';

export interface ComparedFigure {
  readonly source: string;
  readonly finding: string;
  readonly metric: string;
  readonly a: number | null;
  readonly b: number | null;
  /** a - b. */
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly p: number | null;
  readonly n: number;
  readonly note?: string;
}

export interface Reclassification extends NetReclassification {
  readonly source: string;
  readonly finding: string;
}

interface Pair {
  readonly patient: string;
  readonly truth: boolean;
  readonly a: HeadScore;
  readonly b: HeadScore;
}

/** Films that both models answered. */
function pairsOf(question: Question, left: readonly ScoredFilm[], right: readonly ScoredFilm[]): Pair[] {
  const others = new Map(right.map((film) => [film.film.file, film]));
  return left.flatMap(({ film, heads }): Pair[] => {
    const truth = question.truth(film);
    const a = heads.get(question.finding);
    const b = others.get(film.file)?.heads.get(question.finding);
    return truth === undefined || a === undefined || b === undefined ? [] : [{ patient: film.patientId, truth, a, b }];
  });
}

type Statistic = (weights: Float64Array) => number;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * Both models on the same draws of patients. p: twice the smaller share of draws on either side of no difference, one draw added so that
 * it is never 0.
 */
function bootstrapped(a: Statistic, b: Statistic, patients: readonly string[]) {
  const ones = new Float64Array(patients.length).fill(1);
  const [ofA, ofB] = [a(ones), b(ones)];
  const differences: number[] = [];
  eachResample({ patients }, (weights) => {
    const difference = a(weights) - b(weights);
    if (Number.isFinite(difference)) differences.push(difference);
  });
  differences.sort((left, right) => left - right);
  const below = differences.filter((each) => each <= 0).length;
  const above = differences.filter((each) => each >= 0).length;
  return {
    a: finite(ofA),
    b: finite(ofB),
    difference: finite(ofA - ofB),
    lower: finite(quantile(differences, 0.025)),
    upper: finite(quantile(differences, 0.975)),
    p: differences.length === 0 ? null : Math.min(1, (2 * (Math.min(below, above) + 1)) / (differences.length + 1)),
  };
}

const THRESHOLD_FREE: readonly (readonly [string, Metric])[] = [
  ['auprc', auprc],
  ['ece', expectedCalibrationError],
  ['brier', brier],
];

function compareQuestion(question: Question, pairs: readonly Pair[]): ComparedFigure[] {
  const { source, finding } = question;
  const truths = pairs.map(({ truth }) => truth);
  const patients = pairs.map(({ patient }) => patient);
  const positives = truths.filter(Boolean).length;
  const base = { source, finding, n: pairs.length };
  if (positives < FEWEST_CASES || pairs.length - positives < FEWEST_CASES) {
    const nothing = { a: null, b: null, difference: null, lower: null, upper: null, p: null };
    const note = `too few: fewer than ${FEWEST_CASES} films with or without the finding`;
    return [{ ...base, metric: 'auroc', ...nothing, note }];
  }
  const probabilities = (of: 'a' | 'b') => pairs.map((pair) => pair[of].probability);
  const areas = compareAreas({ a: probabilities('a'), b: probabilities('b'), labels: truths, patients });
  const ranked = { a: scored(probabilities('a'), truths), b: scored(probabilities('b'), truths) };
  const row = (metric: string, statistic: (of: 'a' | 'b') => Statistic): ComparedFigure => ({
    ...base,
    metric,
    ...bootstrapped(statistic('a'), statistic('b'), patients),
  });
  const called = (of: 'a' | 'b', decision: HeadScore['decision']) =>
    pairs.map((pair) => pair[of].decision === decision);
  const decided = (of: 'a' | 'b', truth: boolean) =>
    pairs.map((pair) => pair.truth === truth && pair[of].decision !== 'indeterminate');
  const { a, b, difference, lower, upper, p } = areas;
  return [
    { ...base, metric: 'auroc', a, b, difference, lower, upper, p },
    ...THRESHOLD_FREE.map(([metric, of]) => row(metric, (which) => (weights) => of(ranked[which], weights))),
    row('sensitivity', (of) => share(called(of, 'positive'), decided(of, true))),
    row('specificity', (of) => share(called(of, 'negative'), decided(of, false))),
    row('indeterminate-share', (of) =>
      share(
        called(of, 'indeterminate'),
        pairs.map(() => true),
      ),
    ),
  ];
}

export interface Comparison {
  readonly figures: readonly ComparedFigure[];
  /** From b to a, without categories. */
  readonly reclassification: readonly Reclassification[];
}

export function compare(
  { questions }: Questions,
  left: readonly ScoredFilm[],
  right: readonly ScoredFilm[],
): Comparison {
  const compared = questions
    .map((question) => ({ question, pairs: pairsOf(question, left, right) }))
    .filter(({ pairs }) => pairs.length > 0);
  return {
    figures: compared.flatMap(({ question, pairs }) => compareQuestion(question, pairs)),
    reclassification: compared
      .filter(({ pairs }) => pairs.some(({ truth }) => truth) && pairs.some(({ truth }) => !truth))
      .map(({ question: { source, finding }, pairs }) => ({
        source,
        finding,
        ...netReclassification({
          before: pairs.map(({ b }) => b.probability),
          after: pairs.map(({ a }) => a.probability),
          outcomes: pairs.map(({ truth }) => truth),
        }),
      })),
  };
}

/** Of these, less is better. */
const ERRORS: readonly string[] = ['ece', 'brier', 'indeterminate-share'];

/** True where the whole interval says that a is worse than b by less than the margin; null where there is no interval. */
export function notInferior({ metric, lower, upper }: ComparedFigure, margin: number): boolean | null {
  if (lower === null || upper === null) return null;
  return ERRORS.includes(metric) ? upper < margin : lower > -margin;
}
