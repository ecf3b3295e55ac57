// Decides who is told next when an alert stays unanswered.
import type { Alert } from '#kernel/alert.ts';
import type { AlertEvent } from './lifecycle.ts';
import { isUnanswered } from './lifecycle.ts';
import { ruleOfKey } from '#alerts/decide/reader-load.ts';
import { ruleFor, type AlertPolicy, type Audience } from '#alerts/policy/policy.ts';

export interface DueEscalation {
  /** Position in the policy's list: each step is taken once. */
  readonly step: number;
  readonly to: Audience;
  readonly dueAt: Date;
}

const MINUTE_MS = 60_000;

const takenSteps = (events: readonly AlertEvent[]): ReadonlySet<unknown> =>
  new Set(events.filter(({ kind }) => kind === 'escalated').map(({ detail }) => detail?.['step']));

/** Steps whose time has come, in the order of their time. None for an answered or suppressed alert. */
export function dueEscalations(
  alert: Alert,
  events: readonly AlertEvent[],
  at: { readonly now: Date; readonly policy: AlertPolicy },
): readonly DueEscalation[] {
  if (!isUnanswered(alert.status) || alert.suppressedBecause !== undefined) return [];
  const taken = takenSteps(events);
  const createdMs = Date.parse(alert.createdAt);
  const steps = ruleFor(at.policy, ruleOfKey(alert.dedupKey)).escalation ?? at.policy.escalation;
  return steps
    .map(({ severity, afterMinutes, to }, step) => ({
      severity,
      due: { step, to, dueAt: new Date(createdMs + afterMinutes * MINUTE_MS) },
    }))
    .filter(({ severity, due }) => severity === alert.severity && due.dueAt <= at.now && !taken.has(due.step))
    .map(({ due }) => due)
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}
