// The life of an alert: which action is allowed in which state, and the event that each action appends.
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import type { Uuid } from '#kernel/ids.ts';
import { alertErrors } from '#alerts/errors.ts';
import { isOverrideReason } from './override-reasons.ts';

export type AlertAction =
  | { readonly kind: 'seen' }
  | { readonly kind: 'acknowledged'; readonly comment?: string }
  | { readonly kind: 'overridden'; readonly reasonCode: string; readonly comment?: string }
  | { readonly kind: 'false-positive'; readonly reasonCode?: string; readonly comment?: string }
  | { readonly kind: 'resolved'; readonly reasonCode?: string; readonly comment?: string }
  | { readonly kind: 'expired' }
  /** The status stays: more people are told. */
  | { readonly kind: 'escalated'; readonly step: number; readonly to: Alert['audience'] }
  /** The status stays: something worth keeping, for example a decision that came after the end. */
  | { readonly kind: 'note'; readonly comment?: string; readonly detail?: Readonly<Record<string, unknown>> };

/** Who does it, when, through which door. */
export interface ActedBy {
  /** The sender's identity for this act; the same id is the same event, once. */
  readonly eventId: Uuid;
  readonly at: Date;
  /** A login name, or `system`. */
  readonly actor: string;
  readonly channel: string;
}

/** One line of an alert's history; append-only. `to` is absent where the status stays. */
export interface AlertEvent {
  readonly id: Uuid;
  readonly alertId: Uuid;
  readonly at: string;
  readonly actor: string;
  readonly channel: string;
  readonly kind: string;
  readonly to?: AlertStatus;
  readonly reasonCode?: string;
  readonly comment?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Acted {
  readonly alert: Alert;
  readonly event: AlertEvent;
}

/** Where an alert may go from each state. A person's decision is final: a change of mind is a note, and a new fact a new alert. */
const NEXT: Readonly<Record<AlertStatus, readonly AlertStatus[]>> = {
  new: ['seen', 'acknowledged', 'overridden', 'false-positive', 'resolved', 'expired'],
  seen: ['acknowledged', 'overridden', 'false-positive', 'resolved', 'expired'],
  // An acknowledged alert is being worked on: it may still turn out wrong, and it does not run out of time.
  acknowledged: ['overridden', 'false-positive', 'resolved'],
  overridden: [],
  'false-positive': [],
  resolved: [],
  expired: [],
};

export const mayBecome = (from: AlertStatus, to: AlertStatus): boolean => NEXT[from].includes(to);

export const isOpen = (status: AlertStatus): boolean => NEXT[status].length > 0;

/** Nobody has answered yet. */
export const isUnanswered = (status: AlertStatus): boolean => status === 'new' || status === 'seen';

const targetOf = (action: AlertAction): AlertStatus | undefined =>
  action.kind === 'escalated' || action.kind === 'note' ? undefined : action.kind;

function checkReason(action: AlertAction): void {
  if (action.kind !== 'overridden') return;
  const needsComment = action.reasonCode === 'other' && (action.comment ?? '').trim() === '';
  if (!isOverrideReason(action.reasonCode) || needsComment) {
    throw alertErrors.error('reason-required', { field: needsComment ? 'comment' : 'reasonCode' });
  }
}

function eventOf(alert: Alert, action: AlertAction, by: ActedBy): AlertEvent {
  const to = targetOf(action);
  return {
    id: by.eventId,
    alertId: alert.id,
    at: by.at.toISOString(),
    actor: by.actor,
    channel: by.channel,
    kind: action.kind,
    ...(to === undefined ? {} : { to }),
    ...('reasonCode' in action && action.reasonCode !== undefined ? { reasonCode: action.reasonCode } : {}),
    ...('comment' in action && action.comment !== undefined ? { comment: action.comment } : {}),
    ...('detail' in action && action.detail !== undefined ? { detail: action.detail } : {}),
    ...(action.kind === 'escalated' ? { detail: { step: action.step, to: action.to } } : {}),
  };
}

/**
 * Does it, strictly. Throws `alerts.transition` when the alert's state does not allow it,
 * `alerts.reason-required` for an override without a coded reason (or `other` without a comment).
 */
export function act(alert: Alert, action: AlertAction, by: ActedBy): Acted {
  checkReason(action);
  const event = eventOf(alert, action, by);
  if (event.to === undefined) return { alert, event };
  if (!mayBecome(alert.status, event.to)) {
    throw alertErrors.error('transition', { field: 'status', reason: `${alert.status} cannot become ${event.to}` });
  }
  return { alert: { ...alert, status: event.to }, event };
}

/**
 * For doors whose standard demands tolerance (late or repeated feedback): what the state no longer allows is kept as an event
 * that changes nothing. Throws only `alerts.reason-required`.
 */
export function actTolerantly(alert: Alert, action: AlertAction, by: ActedBy): Acted {
  const to = targetOf(action);
  if (to === undefined || mayBecome(alert.status, to)) return act(alert, action, by);
  checkReason(action);
  const { to: _to, ...event } = eventOf(alert, action, by);
  return { alert, event: { ...event, detail: { ...event.detail, tooLateFor: to, statusWas: alert.status } } };
}

/** The status after these events, oldest first; an event id that was seen counts once. */
export function replay(first: AlertStatus, events: readonly AlertEvent[]): AlertStatus {
  const seen = new Set<Uuid>();
  let status = first;
  for (const event of events) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    if (event.to !== undefined && mayBecome(status, event.to)) status = event.to;
  }
  return status;
}

/** Unanswered, and its time has run out. */
export const hasExpired = (alert: Alert, now: Date): boolean =>
  isUnanswered(alert.status) && Date.parse(alert.expiresAt) <= now.getTime();
