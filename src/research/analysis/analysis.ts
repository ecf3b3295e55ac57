// One question looked at from every side: outcomes, calibration, decision curve, ROC curve and subgroups, for the report and its plots.
import type { Question, Questions } from '#research/dataset/question.ts';
import { type DecisionPoint, decisionCurve } from '#research/statistics/decision-curve.ts';
import { type HosmerLemeshow, hosmerLemeshow } from '#research/statistics/hosmer-lemeshow.ts';
import { type CurvePoint, type Reliability, reliability, smoothCurve } from '#research/statistics/reliability.ts';
import { FEWEST_CASES, type ScoredFilm } from './figures.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';
import { type Subgroup, subgroupsOf } from './subgroups.ts';

export interface Analysis {
  readonly source: string;
  readonly finding: string;
  readonly n: number;
  readonly positives: number;
  readonly outcomes: Outcomes;
  readonly reliability: Reliability;
  readonly hosmerLemeshow: Pick<HosmerLemeshow, 'chiSquared' | 'degreesOfFreedom' | 'p'>;
  readonly calibrationCurve: readonly CurvePoint[];
  readonly decisionCurve: readonly DecisionPoint[];
  /** [1 - specificity, sensitivity], from (0, 0) to (1, 1). */
  readonly roc: readonly (readonly [number, number])[];
  readonly subgroups: readonly Subgroup[];
}

const THRESHOLDS = Array.from({ length: 50 }, (_, at) => (at + 1) / 100);

function rocPoints(probabilities: readonly number[], truths: readonly boolean[]): [number, number][] {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
  const positives = truths.filter(Boolean).length;
  const points: [number, number][] = [[0, 0]];
  let [hits, alarms] = [0, 0];
  order.forEach((index, at) => {
    if (truths[index] === true) hits += 1;
    else alarms += 1;
    // Films of one score are one step.
    if (probabilities[order[at + 1] ?? -1] !== probabilities[index])
      points.push([alarms / (truths.length - positives), hits / positives]);
  });
  // Inside a straight run a point says nothing.
  return points.filter((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    if (before === undefined || after === undefined) return true;
    const turn = (point[0] - before[0]) * (after[1] - before[1]) - (point[1] - before[1]) * (after[0] - before[0]);
    return Math.abs(turn) > 1e-12;
  });
}

function analyse(question: Question, films: readonly ScoredFilm[], prevalence?: number): Analysis | undefined {
  const rows = films.flatMap(({ film, heads }) => {
    const truth = question.truth(film);
    const head = heads.get(question.finding);
    return truth === undefined || head === undefined ? [] : [{ truth, probability: head.probability }];
  });
  const truths = rows.map(({ truth }) => truth);
  const probabilities = rows.map(({ probability }) => probability);
  const positives = truths.filter(Boolean).length;
  if (positives < FEWEST_CASES || truths.length - positives < FEWEST_CASES) return undefined;
  const { chiSquared, degreesOfFreedom, p } = hosmerLemeshow(probabilities, truths);
  return {
    source: question.source,
    finding: question.finding,
    n: truths.length,
    positives,
    outcomes: outcomesOf(films, question, prevalence),
    reliability: reliability(probabilities, truths),
    hosmerLemeshow: { chiSquared, degreesOfFreedom, p },
    calibrationCurve: smoothCurve(probabilities, truths),
    decisionCurve: decisionCurve(probabilities, truths, THRESHOLDS),
    roc: rocPoints(probabilities, truths),
    subgroups: subgroupsOf(films, question),
  };
}

/** Of every question that enough films answer; the others are only in the figures, with their note. */
export function analyses(films: readonly ScoredFilm[], { questions }: Questions, prevalence?: number): Analysis[] {
  return questions.flatMap((question) => analyse(question, films, prevalence) ?? []);
}
