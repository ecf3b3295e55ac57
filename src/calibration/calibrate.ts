// Turns a logit into a probability at the declared prevalence, and into positive, negative or indeterminate.
import type { Decision } from '#kernel/finding.ts';
import type { Calibration } from '#models/schema.ts';
import { onCurve } from './curve.ts';
import { calibrationErrors } from './errors.ts';

type Head = Calibration['heads'][number];

export interface Calibrated {
  /** 0 to 1. */
  readonly probability: number;
  readonly decision: Decision;
  /** False where calibration saw no logit as small or as large. */
  readonly inRange: boolean;
  /** The share of the population at which the probability holds, 0 to 1. */
  readonly prevalence: number;
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

/** The head's curve, if it has one, then its line. */
export function probabilityOf(
  { slope, intercept, curve }: Pick<Head, 'slope' | 'intercept' | 'curve'>,
  logit: number,
): number {
  if (curve === undefined) return sigmoid(slope * logit + intercept);
  const probability = onCurve(curve, logit);
  return sigmoid(slope * Math.log(probability / (1 - probability)) + intercept);
}

/**
 * Nothing is clamped. Outside the range that calibration saw, a negative is not claimed (it becomes indeterminate), while a
 * positive stays one: a missed finding costs more than a second look.
 * Throws CareError `calibration.unknown-head`.
 */
export function calibrate(calibration: Calibration, code: string, logit: number): Calibrated {
  const head = calibration.heads.find((each) => each.code === code);
  if (head === undefined || !Number.isFinite(logit)) throw calibrationErrors.error('unknown-head', { field: code });
  const probability = probabilityOf(head, logit);
  const inRange = logit >= head.logitRange.minimum && logit <= head.logitRange.maximum;
  const stated = { probability, inRange, prevalence: head.prevalence.value };
  if (probability >= head.positiveFrom) return { ...stated, decision: 'positive' };
  if (probability <= head.negativeTo && inRange) return { ...stated, decision: 'negative' };
  return { ...stated, decision: 'indeterminate' };
}
