// Shared needs of the routes for alerts, and the look-up of one alert by its id.
import { z } from 'zod';
import type { Alert, AlertFilter, AlertStatus } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { httpErrors } from '#http/errors.ts';
import type { AlertEvent } from './lifecycle.ts';

/** What these doors need of the store. */
export interface AlertDoorStore {
  readonly alerts: {
    get(id: string): Promise<Alert | undefined>;
    list(filter: AlertFilter): Promise<readonly Alert[]>;
    inbox(query: {
      readonly state: 'open' | 'all';
      readonly limit: number;
    }): Promise<{ readonly total: number; readonly items: readonly Alert[] }>;
    events(alertId: string): Promise<readonly AlertEvent[]>;
    record(
      event: AlertEvent,
      options: { readonly from: AlertStatus; readonly outbox: readonly OutgoingMessage[] },
    ): Promise<Alert>;
  };
}

export interface AlertDoorDeps {
  readonly clock: Clock;
  /** To other systems, written in the transaction of the event; `alert` is as it is after it. */
  messagesFor(alert: Alert, event: AlertEvent): readonly OutgoingMessage[];
  facility(id: string): Promise<AlertDoorStore>;
}

export const idParams = z.strictObject({ id: z.uuid() });

/** Throws `http.not-found`. */
export async function findAlert({ alerts }: AlertDoorStore, id: string): Promise<Alert> {
  const alert = await alerts.get(id);
  if (alert === undefined) throw httpErrors.error('not-found', { field: 'id', reason: 'no alert with this id' });
  return alert;
}
