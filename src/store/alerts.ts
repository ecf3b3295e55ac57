// Alerts at rest: one row each, changed only by an event, and every event kept.
import type { Alert, AlertStatus, Severity } from '#kernel/alert.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutboxMessage } from './outbox.ts';

/** Something that somebody did to an alert; append-only. */
export interface AlertEvent {
  /** Its sender's identity for it: the same id is the same event, once. */
  readonly id: Uuid;
  readonly alertId: Uuid;
  readonly at: string;
  /** A login name, or `system`. */
  readonly actor: string;
  /** Through which door, for example `web`, `cds-hooks`, `hispro`. */
  readonly channel: string;
  /** What was done, for example `seen`, `acknowledged`, `overridden`, `escalated`, `note`. */
  readonly kind: string;
  /** Absent when the status stays. */
  readonly to?: AlertStatus;
  readonly reasonCode?: string;
  readonly comment?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface AlertFilter {
  readonly statuses?: readonly AlertStatus[];
  readonly severity?: Severity;
  readonly patientCode?: string;
  readonly treatmentCode?: string;
  readonly accessionNumber?: string;
  readonly studyUid?: string;
  readonly sourceId?: Uuid;
  readonly dedupKey?: string;
  readonly since?: string;
  /** Absent: the suppressed and the superseded are left out. */
  readonly include?: readonly ('suppressed' | 'superseded')[];
  readonly limit?: number;
}

/** What the alert room decided about a result. */
export type Told =
  | { readonly kind: 'alert'; readonly alert: Alert; readonly supersedes?: Uuid }
  | { readonly kind: 'silence'; readonly sourceId: Uuid; readonly reason: Reason };

export interface Silence {
  readonly sourceId: Uuid;
  readonly reason: Reason;
  readonly at: string;
}

export interface Alerts {
  /** Idempotent on the dedup key: where a current alert has it, that one is returned and nothing is written. */
  raise(
    told: Told & { kind: 'alert' },
    outbox?: readonly OutboxMessage[],
  ): Promise<{ status: 'raised' | 'known'; alert: Alert }>;
  get(id: Uuid): Promise<Alert | undefined>;
  /** Newest first. */
  list(filter?: AlertFilter): Promise<readonly Alert[]>;
  /** The current alert with this key, and what came before it, newest first. */
  history(dedupKey: string): Promise<readonly Alert[]>;
  events(alertId: Uuid): Promise<readonly AlertEvent[]>;
  /**
   * Appends the event, sets the status when `to` is given, and queues the messages, in one transaction. A known event id changes nothing.
   * Throws CareError `store.alert-changed` when the alert is no longer in `from`, `store.not-found`.
   */
  record(event: AlertEvent, options: { from: AlertStatus; outbox?: readonly OutboxMessage[] }): Promise<Alert>;
  /** Open alerts whose time has run out, for the alert room to expire. */
  due(at: Date, limit?: number): Promise<readonly Alert[]>;
  silences(filter?: { sourceId?: Uuid; since?: string; limit?: number }): Promise<readonly Silence[]>;
}
