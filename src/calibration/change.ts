// Change of a finding between two films of one person, with its interval. Films of an unchanged finding differ too, by position, breath and
// exposure: only what exceeds that is a change.
import type { Calibration, Repeatability } from '#models/schema.ts';
import { sigmoid } from './calibrate.ts';

export interface StatedProbability {
  /** 0 to 1. */
  readonly probability: number;
  /** The share of the population at which the probability holds. */
  readonly prevalence?: number;
}

export const VERDICTS = ['increased', 'decreased', 'unchanged', 'cannot-tell'] as const;

/** Probabilities; the prior's is restated at the prevalence of the later film. */
export interface FindingChange {
  readonly difference: number;
  /** The interval holds the true difference in `coverage` of the pairs of films that the model was measured on. */
  readonly lower: number;
  readonly upper: number;
  readonly coverage: number;
  readonly verdict: (typeof VERDICTS)[number];
}

/** A difference within this is no change that a reader would act on. */
const NEGLIGIBLE_DIFFERENCE = 0.1;

const logOdds = (share: number): number => Math.log(share / (1 - share));

function verdictOf(lower: number, upper: number): FindingChange['verdict'] {
  if (lower > -NEGLIGIBLE_DIFFERENCE && upper < NEGLIGIBLE_DIFFERENCE) return 'unchanged';
  if (lower > 0) return 'increased';
  return upper < 0 ? 'decreased' : 'cannot-tell';
}

export interface Measured {
  readonly calibration: Calibration;
  readonly repeatability: Repeatability;
}

/**
 * The reference change value of laboratory medicine (Fraser, Harris 1989) in logits: a difference of two films says no more than the
 * difference of pairs whose finding stayed as it was. Both readings must be of this model and this fit of its calibration. Undefined where the head was
 * not measured, where its logits pass through a curve, or where a probability is exactly 0 or 1.
 */
export function findingChange(
  code: string,
  { before, now }: { readonly before: StatedProbability; readonly now: StatedProbability },
  { calibration, repeatability }: Measured,
): FindingChange | undefined {
  const { slope, curve } = calibration.heads.find((head) => head.code === code) ?? {};
  const measured = repeatability.heads.find((head) => head.code === code);
  if (slope === undefined || curve !== undefined || measured === undefined) return undefined;
  const restated = logOdds(now.prevalence ?? 0.5) - logOdds(before.prevalence ?? 0.5);
  const from = logOdds(before.probability) + restated;
  const to = logOdds(now.probability);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return undefined;
  const middle = (from + to) / 2;
  const margin = slope * measured.logitDifference;
  /** Of probabilities that lie `odds` apart around the same middle. */
  const apart = (odds: number): number => sigmoid(middle + odds / 2) - sigmoid(middle - odds / 2);
  const [lower, upper] = [apart(to - from - margin), apart(to - from + margin)];
  return {
    difference: apart(to - from),
    lower,
    upper,
    coverage: repeatability.coverage,
    verdict: verdictOf(lower, upper),
  };
}
