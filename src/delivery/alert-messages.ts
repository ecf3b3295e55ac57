// An alert, or something that happened to one, becomes the messages for the receivers that want it; written with it, in its transaction.
import type { Alert, Severity } from '#kernel/alert.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { rankOf } from '#alerts/policy/policy.ts';

export const TOPICS = ['alert.raised', 'alert.changed', 'alert.escalated'] as const;
export type Topic = (typeof TOPICS)[number];

/** Which receiver wants what. */
export interface DeliveryRoute {
  readonly target: string;
  readonly topics: readonly Topic[];
  /** Below it this receiver is not told. */
  readonly from: Severity;
  /** Told that there is an alert, and nothing of what it says or of whom; one queue for all patients. */
  readonly anonymous?: true;
}

/** Plain JSON: what a database gives back is what was put in. */
const plain = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value));

interface About {
  readonly topic: Topic;
  /** Makes the identity: the same alert, or the same event, gives the same message again. */
  readonly identity: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const messagesOf = (alert: Alert, about: About, routes: readonly DeliveryRoute[]): readonly OutgoingMessage[] =>
  // A suppressed alert is counted and never pushed, and so is everything that happens to it.
  alert.suppressedBecause !== undefined
    ? []
    : routes
        .filter(({ topics, from }) => topics.includes(about.topic) && rankOf(alert.severity) >= rankOf(from))
        .map(({ target, anonymous }) => ({
          id: derivedUuid('message', target, about.topic, about.identity),
          target,
          topic: about.topic,
          ...(anonymous === true
            ? { orderKey: 'alerts', body: { alertId: alert.id, severity: alert.severity } }
            : { orderKey: alert.subject.patientCode, body: about.body }),
        }));

export const messagesForAlert = (alert: Alert, routes: readonly DeliveryRoute[]): readonly OutgoingMessage[] =>
  messagesOf(alert, { topic: 'alert.raised', identity: alert.id, body: { alert: plain(alert) } }, routes);

/** `alert` as it is after the event. */
export function messagesForEvent(
  alert: Alert,
  event: AlertEvent,
  routes: readonly DeliveryRoute[],
): readonly OutgoingMessage[] {
  const topic = event.kind === 'escalated' ? 'alert.escalated' : 'alert.changed';
  if (topic === 'alert.changed' && event.to === undefined) return [];
  return messagesOf(alert, { topic, identity: event.id, body: { alert: plain(alert), event: plain(event) } }, routes);
}

/** The routes of a site as two functions, for those who raise alerts and for those who change them. */
export interface AlertMessages {
  readonly raised: (alert: Alert) => readonly OutgoingMessage[];
  /** In place of one that says another number: for those who follow every change. */
  readonly restated: (alert: Alert) => readonly OutgoingMessage[];
  readonly changed: (alert: Alert, event: AlertEvent) => readonly OutgoingMessage[];
}

export const alertMessages = (routes: readonly DeliveryRoute[]): AlertMessages => ({
  raised: (alert) => messagesForAlert(alert, routes),
  restated: (alert) =>
    messagesForAlert(
      alert,
      routes.filter(({ topics }) => topics.includes('alert.changed')),
    ),
  changed: (alert, event) => messagesForEvent(alert, event, routes),
});
