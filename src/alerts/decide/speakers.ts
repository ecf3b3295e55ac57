// Chooses which positive findings of one examination the ward lets speak, the leading one first.
import type { Severity } from '#kernel/alert.ts';
import { rankOf, ruleFor, type AlertPolicy } from '#alerts/policy/policy.ts';

export interface Offered {
  readonly ruleId: string;
  /** As the finding brings it; the ward's rule may replace it. */
  readonly severity: Severity;
  /** 0 to 1. */
  readonly probability: number;
}

export const severityOf = ({ ruleId, severity }: Offered, policy: AlertPolicy): Severity =>
  ruleFor(policy, ruleId).severity ?? severity;

/**
 * Why the ward wants no alert of this finding at all, or null. A probability floor is there against weariness, so it holds back the lower
 * tiers only: a positive finding of a tier in `neverSilenced` passes however improbable (a pneumothorax at 17 % is still looked at first).
 */
export function withheldBecause(
  offered: Offered,
  policy: AlertPolicy,
): 'rule-off' | 'below-severity' | 'below-probability' | null {
  const rule = ruleFor(policy, offered.ruleId);
  const severity = severityOf(offered, policy);
  if (!rule.enabled) return 'rule-off';
  if (rankOf(severity) < rankOf(policy.raiseFrom)) return 'below-severity';
  if (policy.neverSilenced.includes(severity)) return null;
  return offered.probability < (rule.minimumProbability ?? 0) ? 'below-probability' : null;
}

/** Most urgent as the ward sees it, then as the finding brings it, then most probable, then by name: the same findings give the same words. */
const leading =
  (policy: AlertPolicy) =>
  (a: Offered, b: Offered): number =>
    rankOf(severityOf(b, policy)) - rankOf(severityOf(a, policy)) ||
    rankOf(b.severity) - rankOf(a.severity) ||
    b.probability - a.probability ||
    (a.ruleId < b.ruleId ? -1 : 1);

/**
 * Each is judged by its own rule before one of them leads: a rule that is off, a floor or an account's exclusion silences its own finding
 * and never another one. Where none may speak, the most urgent alone comes back, for `raise` to say why not. Empty only for none.
 */
export function speakersOf<One extends Offered>(
  positive: readonly One[],
  policy: AlertPolicy,
  orderedBy: string | undefined,
): readonly One[] {
  const all = positive.toSorted(leading(policy));
  const told = all.filter((one) => withheldBecause(one, policy) === null);
  const isExcluded = ({ ruleId }: One): boolean =>
    orderedBy !== undefined && ruleFor(policy, ruleId).excludedLogins.includes(orderedBy);
  const heard = told.filter((one) => !isExcluded(one));
  return [heard, told].find((some) => some.length > 0) ?? all.slice(0, 1);
}
