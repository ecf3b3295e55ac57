// Repeatability of a head: the bound within which its logit stays for a given share of film pairs of one person with one label.
import { calibrationErrors } from './errors.ts';

export interface FilmPair {
  readonly patient: string;
  /** Of the logits, later minus earlier. */
  readonly difference: number;
}

export interface Bound {
  readonly logitDifference: number;
  readonly pairs: number;
  readonly patients: number;
}

/**
 * Split conformal prediction over persons: each person counts once, whatever the number of films, and a new person's pair stands at infinity.
 * Throws CareError `calibration.cannot-fit` with fewer persons than the coverage needs.
 */
export function repeatabilityBound(pairs: readonly FilmPair[], coverage: number): Bound {
  const counts = new Map<string, number>();
  for (const { patient } of pairs) counts.set(patient, (counts.get(patient) ?? 0) + 1);
  const wanted = coverage * (counts.size + 1);
  let weight = 0;
  for (const { patient, difference } of pairs.toSorted((a, b) => Math.abs(a.difference) - Math.abs(b.difference))) {
    weight += 1 / (counts.get(patient) ?? 1);
    // Sums of fractions such as thirds end a rounding error below a whole number.
    if (weight >= wanted - 1e-9)
      return { logitDifference: Math.abs(difference), pairs: pairs.length, patients: counts.size };
  }
  throw calibrationErrors.error('cannot-fit', {
    reason: `${counts.size} persons with two films of an unchanged label; a coverage of ${coverage} needs more`,
  });
}
