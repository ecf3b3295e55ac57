// Decides who is told next when an alert stays unanswered.
import { MINUTE_MS } from '#kernel/clock.ts';
import { z } from 'zod';
import type { Alert, AlertStatus } from '#kernel/alert.ts';
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

const takenSteps = (events: readonly AlertEvent[]): ReadonlySet<unknown> =>
  new Set(events.filter(({ kind }) => kind === 'escalated').map(({ detail }) => detail?.['step']));

/** Steps that were not taken yet, in the order of their time. None for an answered or suppressed alert. */
function openSteps(alert: Alert, events: readonly AlertEvent[], policy: AlertPolicy): readonly DueEscalation[] {
  if (!isUnanswered(alert.status) || alert.suppressedBecause !== undefined) return [];
  const taken = takenSteps(events);
  const createdMs = Date.parse(alert.createdAt);
  const steps = ruleFor(policy, ruleOfKey(alert.dedupKey)).escalation ?? policy.escalation;
  return steps
    .map(({ severity, afterMinutes, to }, step) => ({
      severity,
      due: { step, to, dueAt: new Date(createdMs + afterMinutes * MINUTE_MS) },
    }))
    .filter(({ severity, due }) => severity === alert.severity && !taken.has(due.step))
    .map(({ due }) => due)
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}

/** Steps whose time has come, in the order of their time. */
export const dueEscalations = (
  alert: Alert,
  events: readonly AlertEvent[],
  at: { readonly now: Date; readonly policy: AlertPolicy },
): readonly DueEscalation[] => openSteps(alert, events, at.policy).filter(({ dueAt }) => dueAt <= at.now);

/** Statuses of an alert that nobody has answered. */
export const UNANSWERED: readonly AlertStatus[] = ['new', 'seen'];

interface ToldAt {
  readonly at: string;
  readonly to: Audience;
}

export interface Escalation {
  /** Steps that were taken, oldest first. */
  readonly told: readonly ToldAt[];
  /** The step that follows if nobody answers. */
  readonly next?: ToldAt;
}

const takenDetail = z.object({
  to: z.strictObject({
    loginNames: z.array(z.string()),
    departmentCodes: z.array(z.string()),
    roles: z.array(z.string()),
  }),
});

/** What the ward's policy has done about an unanswered alert, and what it does next. */
export function escalationOf(alert: Alert, events: readonly AlertEvent[], policy: AlertPolicy): Escalation {
  const told = events.flatMap(({ kind, at, detail }) => {
    const taken = kind === 'escalated' ? takenDetail.safeParse(detail) : undefined;
    return taken?.success === true ? [{ at, to: taken.data.to }] : [];
  });
  const [next] = openSteps(alert, events, policy);
  return { told, ...(next !== undefined && { next: { at: next.dueAt.toISOString(), to: next.to } }) };
}
