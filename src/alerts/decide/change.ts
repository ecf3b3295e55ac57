// Is it news? Compares a candidate with an alert that the same patient already has.
import type { Alert } from '#kernel/alert.ts';
import type { AlertCandidate } from './candidate.ts';
import { rankOf, ruleFor, type AlertPolicy } from '#alerts/policy/policy.ts';

/** A higher severity, a finding that was not there, or a probability higher by the policy's step. Getting better is no news. */
export function isMaterialChange(before: Alert, candidate: AlertCandidate, policy: AlertPolicy): boolean {
  if (rankOf(candidate.severity) > rankOf(before.severity)) return true;
  const told = new Map(before.evidence.map(({ code, value }) => [code, value]));
  const step = ruleFor(policy, candidate.ruleId).materialProbabilityStep ?? policy.materialProbabilityStep;
  return candidate.evidence.slice(0, candidate.facts).some(({ code, value }, index) => {
    if (!told.has(code)) return true;
    const was = told.get(code);
    if (index > 0 || value === undefined || was === undefined) return false;
    return value - was >= step;
  });
}
