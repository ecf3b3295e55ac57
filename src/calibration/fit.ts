// Fits slope and intercept of a probability to logits with labels (Platt's scaling; with intercept 0, temperature).
import { sigmoid } from './calibrate.ts';
import { calibrationErrors } from './errors.ts';

export interface Labelled {
  readonly logit: number;
  readonly positive: boolean;
}

export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

export interface FitOptions {
  /** Keep the intercept at 0: temperature scaling, which moves no decision at one half. */
  readonly temperatureOnly?: boolean;
}

interface Slopes {
  readonly gradient: readonly [number, number];
  readonly hessian: readonly [number, number, number];
  readonly loss: number;
}

/** A slope that runs away on separable data is pulled back by this much, as if half a case contradicted. */
const RIDGE = 1e-6;

/**
 * Platt's targets: (positives + 1) / (positives + 2) and 1 / (negatives + 2), so that perfectly separated cases do not
 * drive the probabilities to 0 and 1 (Platt 1999, "Probabilistic outputs for support vector machines").
 */
function slopesAt(samples: readonly Labelled[], targets: readonly [number, number], at: Scaling): Slopes {
  let loss = (RIDGE / 2) * at.slope ** 2;
  let [forSlope, forIntercept] = [RIDGE * at.slope, 0];
  let [slopeSlope, slopeIntercept, interceptIntercept] = [RIDGE, 0, RIDGE];
  for (const { logit, positive } of samples) {
    const target = targets[positive ? 1 : 0];
    const score = at.slope * logit + at.intercept;
    const probability = sigmoid(score);
    // log(1 + e^score) - target × score, written so that it does not overflow.
    loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score;
    const error = probability - target;
    const weight = probability * (1 - probability);
    forSlope += error * logit;
    forIntercept += error;
    slopeSlope += weight * logit * logit;
    slopeIntercept += weight * logit;
    interceptIntercept += weight;
  }
  return { gradient: [forSlope, forIntercept], hessian: [slopeSlope, slopeIntercept, interceptIntercept], loss };
}

function newtonStep({ gradient, hessian }: Slopes, temperatureOnly: boolean): Scaling {
  const [a, b, c] = hessian;
  const [g, h] = gradient;
  if (temperatureOnly) return { slope: g / a, intercept: 0 };
  const determinant = a * c - b * b;
  return { slope: (c * g - b * h) / determinant, intercept: (a * h - b * g) / determinant };
}

/**
 * Newton's method with step halving on the log loss, which is convex. A head that ranks the wrong way round gets a slope that is
 * not positive: the caller must refuse it. Throws CareError `calibration.cannot-fit` without cases of both kinds.
 */
export function fitScaling(samples: readonly Labelled[], { temperatureOnly = false }: FitOptions = {}): Scaling {
  const positives = samples.filter((sample) => sample.positive).length;
  const negatives = samples.length - positives;
  if (positives === 0 || negatives === 0 || !samples.every(({ logit }) => Number.isFinite(logit)))
    throw calibrationErrors.error('cannot-fit', { reason: `${positives} positive and ${negatives} negative cases` });
  const targets = [1 / (negatives + 2), (positives + 1) / (positives + 2)] as const;
  let at: Scaling = { slope: 1, intercept: 0 };
  let here = slopesAt(samples, targets, at);
  for (let round = 0; round < 100; round += 1) {
    const step = newtonStep(here, temperatureOnly);
    let share = 1;
    let next = at;
    let there = here;
    do {
      next = { slope: at.slope - share * step.slope, intercept: at.intercept - share * step.intercept };
      there = slopesAt(samples, targets, next);
      share /= 2;
    } while (there.loss > here.loss && share > 1e-10);
    const gain = here.loss - there.loss;
    if (gain > 0) [at, here] = [next, there];
    if (gain < 1e-12 * samples.length) break;
  }
  return at;
}
