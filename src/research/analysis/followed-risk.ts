// A risk of persons who were followed: does it rank them, is it as high as what came, and what is acting on it worth?
import { type Interval, REPLICATES, patientBootstraps } from '#research/statistics/bootstrap.ts';
import { censoredBrier } from '#research/statistics/censored-brier.ts';
import { harrellC, unoC } from '#research/statistics/concordance.ts';
import { type DecisionPoint, survivalDecisionCurve } from '#research/statistics/decision-curve.ts';
import { riskGroups } from '#research/statistics/hosmer-lemeshow.ts';
import { type Followed, survivalCurve } from '#research/statistics/kaplan-meier.ts';
import { survivalReclassification } from '#research/statistics/reclassification.ts';

export interface RiskDecile {
  readonly n: number;
  readonly predicted: number;
  /** By the horizon, of Kaplan and Meier. */
  readonly observed: number;
}

export interface FollowedRisk {
  readonly n: number;
  readonly events: number;
  readonly horizon: number;
  readonly harrell: Interval;
  readonly uno: Interval;
  readonly brier: Interval;
  readonly meanPredicted: number;
  readonly observed: number;
  readonly observedOverExpected: Interval;
  readonly deciles: readonly RiskDecile[];
  readonly decisionCurve: readonly DecisionPoint[];
}

const THRESHOLDS = Array.from({ length: 40 }, (_, at) => (at + 1) / 100);

const mean = (values: readonly number[], weights: Float64Array): number => {
  let [sum, total] = [0, 0];
  values.forEach((value, at) => {
    sum += value * weights[at]!;
    total += weights[at]!;
  });
  return sum / total;
};

export interface FollowedOptions {
  readonly horizon: number;
  /** Draws of the bootstrap. */
  readonly replicates?: number;
}

/** `risks` are probabilities of the event by `horizon`. */
export function followedRisk(
  { times, events }: Followed,
  risks: readonly number[],
  { horizon, replicates = REPLICATES }: FollowedOptions,
): FollowedRisk {
  const persons = risks.map((_, at) => String(at));
  const [harrell, uno, brier, observedOverExpected] = patientBootstraps(
    (weights) => {
      const drawn = { times, events, weights };
      return [
        harrellC(drawn, risks, weights),
        unoC(drawn, risks, { horizon: horizonBeyond(times, horizon), weights }),
        censoredBrier(drawn, risks, horizon),
        (1 - survivalCurve(drawn).at(horizon)) / mean(risks, weights),
      ];
    },
    { patients: persons, replicates },
  );
  const nothing = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  const ones = new Float64Array(risks.length).fill(1);
  return {
    n: risks.length,
    events: events.filter((event, at) => event && times[at]! <= horizon).length,
    horizon,
    harrell: harrell ?? nothing,
    uno: uno ?? nothing,
    brier: brier ?? nothing,
    meanPredicted: mean(risks, ones),
    observed: 1 - survivalCurve({ times, events }).at(horizon),
    observedOverExpected: observedOverExpected ?? nothing,
    deciles: riskGroups(risks, 10).map((members) => ({
      n: members.length,
      predicted: members.reduce((sum, at) => sum + risks[at]!, 0) / members.length,
      observed:
        1 -
        survivalCurve({ times: members.map((at) => times[at]!), events: members.map((at) => events[at] === true) }).at(
          horizon,
        ),
    })),
    decisionCurve: survivalDecisionCurve({ times, events }, risks, { horizon, thresholds: THRESHOLDS }),
  };
}

/** Events on the day of the horizon count; Uno's bound is the first that does not. */
const horizonBeyond = (times: readonly number[], horizon: number): number =>
  times.reduce((least, time) => (time > horizon && time < least ? time : least), Number.POSITIVE_INFINITY);

export interface RiskComparison {
  /** First less second. */
  readonly harrell: Interval;
  readonly brier: Interval;
  /** From the second to the first, without categories or with these. */
  readonly netReclassification: Interval;
  readonly cuts: readonly number[];
}

/** Both risks on the same draws of persons. */
export function compareRisks(
  { times, events }: Followed,
  [first, second]: readonly [readonly number[], readonly number[]],
  { horizon, replicates = REPLICATES, cuts = [] }: FollowedOptions & { readonly cuts?: readonly number[] },
): RiskComparison {
  const nothing = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  const [harrell = nothing, brier = nothing, netReclassification = nothing] = patientBootstraps(
    (weights) => {
      const drawn = { times, events, weights };
      return [
        harrellC(drawn, first, weights) - harrellC(drawn, second, weights),
        censoredBrier(drawn, first, horizon) - censoredBrier(drawn, second, horizon),
        survivalReclassification(drawn, { before: second, after: first }, { horizon, cuts }).total,
      ];
    },
    { patients: first.map((_, at) => String(at)), replicates },
  );
  return { harrell, brier, netReclassification, cuts };
}
