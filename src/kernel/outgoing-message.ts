// A message to another system, written in the transaction of the result, alert or event that it tells of.
import type { Uuid } from './ids.ts';

export interface OutgoingMessage {
  /** Its identity at its receiver: a resend carries the same. */
  readonly id: Uuid;
  /** Configured receiver, for example `webhook:his` or `hl7:ris`. */
  readonly target: string;
  /** What it tells, for example `alert.raised`. */
  readonly topic: string;
  /** Messages of one key and target leave in order (the patient). */
  readonly orderKey: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Being sent. */
export interface ClaimedMessage extends OutgoingMessage {
  readonly facilityId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly createdAt: string;
  /** Proves the claim in `fail`. */
  readonly lease: string;
}

export const OUTBOX_STATES = ['waiting', 'sending', 'delivered', 'dead'] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** Where it stands. */
export interface OutboxEntry extends OutgoingMessage, Pick<ClaimedMessage, 'facilityId' | 'createdAt'> {
  readonly state: OutboxState;
  readonly attempts: number;
  readonly nextAt: string;
  readonly deliveredAt?: string;
  readonly lastError?: string;
}
