// Does a probability of 20 % come true in 20 of 100? Slope, intercept, observed over expected, and the smooth calibration curve.
import { fitLogistic } from './logistic.ts';
import { Z_95 } from './normal.ts';
import { quantile } from './bootstrap.ts';

export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const NONE: Estimate = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };

const logOdds = (probability: number): number => Math.log(probability / (1 - probability));

/** Wald's interval. */
const around = (value: number, variance: number): Estimate => ({
  value,
  lower: value - Z_95 * Math.sqrt(variance),
  upper: value + Z_95 * Math.sqrt(variance),
});

export interface Reliability {
  /** Logistic slope of the outcome on the log odds: below 1, probabilities are too extreme (Cox 1958). */
  readonly slope: Estimate;
  /** Intercept with the slope held at 1, "calibration in the large": above 0, probabilities are too low. */
  readonly intercept: Estimate;
  /** Observed events over the sum of probabilities, with the interval of its logarithm. */
  readonly observedOverExpected: Estimate;
}

/** NaN where a probability is exactly 0 or 1, or where the cases are separated: those fits do not exist. */
export function reliability(probabilities: readonly number[], outcomes: readonly boolean[]): Reliability {
  const odds = probabilities.map(logOdds);
  const events = outcomes.filter(Boolean).length;
  const expected = probabilities.reduce((sum, value) => sum + value, 0);
  const n = outcomes.length;
  const ratio = events / expected;
  const spread = Math.exp(Z_95 * Math.sqrt((1 - events / n) / events));
  const observedOverExpected = events === 0 ? NONE : { value: ratio, lower: ratio / spread, upper: ratio * spread };
  if (events === 0 || events === n || !odds.every(Number.isFinite))
    return { slope: NONE, intercept: NONE, observedOverExpected };
  const slope = fitLogistic(
    odds.map((value) => [1, value]),
    outcomes,
  );
  const intercept = fitLogistic(
    odds.map(() => [1]),
    outcomes,
    odds,
  );
  return {
    slope: slope.converged ? around(slope.coefficients[1]!, slope.covariance[1]![1]!) : NONE,
    intercept: intercept.converged ? around(intercept.coefficients[0]!, intercept.covariance[0]![0]!) : NONE,
    observedOverExpected,
  };
}

export interface CurvePoint {
  readonly predicted: number;
  readonly observed: number;
  readonly lower: number;
  readonly upper: number;
}

/** Harrell's natural cubic spline with knots at the 10th, 50th and 90th percentile: the linear term and one that bends. */
function splineRow(x: number, [first, middle, last]: readonly [number, number, number]): readonly number[] {
  const cube = (value: number): number => Math.max(0, value) ** 3;
  const bend =
    cube(x - first) -
    (cube(x - middle) * (last - first)) / (last - middle) +
    (cube(x - last) * (middle - first)) / (last - middle);
  return [1, x, bend / (last - first) ** 2];
}

/**
 * Observed risk as a smooth function of the predicted one, with a pointwise 95 % band, between the 1st and 99th percentile of the
 * predictions. Empty where the fit does not exist.
 */
export function smoothCurve(probabilities: readonly number[], outcomes: readonly boolean[], points = 41): CurvePoint[] {
  const odds = probabilities.map(logOdds);
  if (!odds.every(Number.isFinite)) return [];
  const sorted = odds.toSorted((a, b) => a - b);
  const knots = [quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9)] as const;
  if (!(knots[0] < knots[1] && knots[1] < knots[2])) return [];
  const fit = fitLogistic(
    odds.map((value) => splineRow(value, knots)),
    outcomes,
  );
  if (!fit.converged) return [];
  const [from, to] = [quantile(sorted, 0.01), quantile(sorted, 0.99)];
  const expit = (score: number): number => 1 / (1 + Math.exp(-score));
  return Array.from({ length: points }, (_, at) => {
    const x = from + ((to - from) * at) / (points - 1);
    const row = splineRow(x, knots);
    const score = row.reduce((sum, value, j) => sum + value * fit.coefficients[j]!, 0);
    const variance = row.reduce(
      (sum, left, j) => sum + row.reduce((inner, right, k) => inner + left * right * fit.covariance[j]![k]!, 0),
      0,
    );
    const error = Z_95 * Math.sqrt(variance);
    return { predicted: expit(x), observed: expit(score), lower: expit(score - error), upper: expit(score + error) };
  });
}
