// Two operating points whose error rates are promised for new cases like those of the fit.
import { calibrationErrors } from './errors.ts';

export interface LabelledProbability {
  readonly probability: number;
  readonly positive: boolean;
}

export interface OperatingPoints {
  /** At or above: positive. */
  readonly positiveFrom: number;
  /** At or below: negative. Between the two: indeterminate. */
  readonly negativeTo: number;
}

/** The promised bounds, each 0 to 1. */
export interface ErrorRates {
  /** Share of positives that may be called negative. */
  readonly missed: number;
  /** Share of negatives that may be called positive. */
  readonly falseAlarms: number;
}

const ascending = (cases: readonly LabelledProbability[], positive: boolean): number[] =>
  cases
    .filter((each) => each.positive === positive)
    .map((each) => each.probability)
    .sort((a, b) => a - b);

/** The next number of float64 on either side, for probabilities (not negative). */
function neighbour(value: number, direction: 1 | -1): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(direction));
  return view.getFloat64(0);
}

/**
 * Split conformal prediction, separately within positives and negatives (Vovk, "Conditional validity of inductive conformal
 * predictors", 2012): for a new case exchangeable with these, a positive is called negative with a chance of at most
 * `missed`, and a negative positive of at most `falseAlarms`. With too few cases for the rate, that call is never made.
 *
 * Where the classes separate so well that the points would cross, any point between keeps both promises: one in the middle is
 * taken for both, and nothing is indeterminate. Throws CareError `calibration.cannot-fit` without cases of both kinds.
 */
export function conformalPoints(
  cases: readonly LabelledProbability[],
  { missed, falseAlarms }: ErrorRates,
): OperatingPoints {
  const positives = ascending(cases, true);
  const negatives = ascending(cases, false);
  if (positives.length === 0 || negatives.length === 0)
    throw calibrationErrors.error('cannot-fit', {
      reason: `${positives.length} positive and ${negatives.length} negative cases`,
    });
  // A new value lies below the k-th smallest of n with a chance of at most k / (n + 1).
  const below = Math.floor(missed * (positives.length + 1));
  const above = Math.floor(falseAlarms * (negatives.length + 1));
  const lowest = positives[below - 1];
  const highest = negatives[negatives.length - above];
  const negativeTo = lowest === undefined || lowest <= 0 ? 0 : neighbour(lowest, -1);
  const positiveFrom = highest === undefined ? 1 : Math.min(1, neighbour(highest, 1));
  if (negativeTo <= positiveFrom) return { negativeTo, positiveFrom };
  const middle = (negativeTo + positiveFrom) / 2;
  return { negativeTo: neighbour(middle, -1), positiveFrom: middle };
}
