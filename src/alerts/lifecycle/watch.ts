// Moves unanswered alerts on: each escalates and expires at its time.
import { type Rounds, startRounds } from '#kernel/rounds.ts';
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import { CareError } from '#kernel/errors.ts';
import { derivedUuid, type Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { dueEscalations, UNANSWERED } from './escalation.ts';
import { act, hasExpired, type AlertAction, type AlertEvent } from './lifecycle.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';

/** What the watch needs of one facility's store. */
export interface WatchStore {
  readonly alerts: {
    due(at: Date, limit: number): Promise<readonly Alert[]>;
    list(filter: { readonly statuses: readonly AlertStatus[]; readonly limit: number }): Promise<readonly Alert[]>;
    eventsOf(alertIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, readonly AlertEvent[]>>;
    record(event: AlertEvent, options: { from: AlertStatus; outbox: readonly OutgoingMessage[] }): Promise<Alert>;
  };
}

export interface WatchDeps {
  readonly now: Date;
  readonly policy: AlertPolicy;
  /** False: an unanswered critical alert stays open whatever the clock says; people are told of it all the same. */
  readonly mayExpire?: boolean;
  readonly messagesFor: (alert: Alert, event: AlertEvent) => readonly OutgoingMessage[];
}

/** More open alerts than this in one facility are no alerts any more. */
const AT_ONCE = 1_000;

/** Somebody acted in between: then there is nothing to do. The event's id makes a second watcher harmless. */
async function record(store: WatchStore, alert: Alert, action: AlertAction, deps: WatchDeps): Promise<boolean> {
  const step = action.kind === 'escalated' ? String(action.step) : '';
  const eventId = derivedUuid('watch', alert.id, action.kind, step);
  const { alert: after, event } = act(alert, action, { eventId, at: deps.now, actor: 'system', channel: 'alerts' });
  try {
    await store.alerts.record(event, { from: alert.status, outbox: deps.messagesFor(after, event) });
    return true;
  } catch (error) {
    if (error instanceof CareError && error.code === 'store.alert-changed') return false;
    throw error;
  }
}

export interface Watched {
  readonly expired: number;
  readonly escalated: number;
}

/** One pass over a facility. An expired alert is not escalated. */
export async function watchAlerts(store: WatchStore, deps: WatchDeps): Promise<Watched> {
  const { mayExpire = true } = deps;
  let expired = 0;
  for (const alert of await store.alerts.due(deps.now, AT_ONCE)) {
    if (!mayExpire && alert.severity === 'critical') continue;
    if (hasExpired(alert, deps.now) && (await record(store, alert, { kind: 'expired' }, deps))) expired += 1;
  }
  let escalated = 0;
  const open = await store.alerts.list({ statuses: UNANSWERED, limit: AT_ONCE });
  const at = { now: deps.now, policy: deps.policy };
  // Most alerts have no step due yet: their history is read only where one is.
  const due = open.filter(
    (one) => (!mayExpire || !hasExpired(one, deps.now)) && dueEscalations(one, [], at).length > 0,
  );
  const events = due.length === 0 ? new Map() : await store.alerts.eventsOf(due.map(({ id }) => id));
  for (const alert of due) {
    for (const { step, to } of dueEscalations(alert, events.get(alert.id) ?? [], at)) {
      if (await record(store, alert, { kind: 'escalated', step, to }, deps)) escalated += 1;
    }
  }
  return { expired, escalated };
}

/** Passes now and every `everyMs`; a pass that fails is reported and the next one comes. */
export function startAlertWatch(
  pass: () => Promise<unknown>,
  everyMs: number,
  fault: (thrown: unknown) => void,
): Rounds {
  return startRounds(async () => {
    await pass().catch(fault);
    return everyMs;
  });
}
