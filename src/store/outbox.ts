// Messages to others: written with the result that they tell of, delivered until acknowledged, in order per patient.
import type { Uuid } from '#kernel/ids.ts';

export interface OutboxMessage {
  /** The message's identity at its receiver: a resend carries the same. */
  readonly id: Uuid;
  /** Configured receiver, for example `webhook:his` or `hl7:ris`. */
  readonly target: string;
  /** What it tells, for example `alert.created`. */
  readonly topic: string;
  /** Messages of one key and target leave in order (the patient). */
  readonly orderKey: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ClaimedMessage extends OutboxMessage {
  readonly facilityId: string;
  readonly attempt: number;
  readonly createdAt: string;
  /** Proves the claim in `fail`. */
  readonly lease: string;
}

export type OutboxState = 'waiting' | 'sending' | 'delivered' | 'dead';

export interface OutboxEntry extends OutboxMessage {
  readonly facilityId: string;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly nextAt: string;
  readonly createdAt: string;
  readonly deliveredAt?: string;
  readonly lastError?: string;
}

export interface Outbox {
  /** The heads of the queues (per target and order key) that are due. */
  claim(options: {
    target?: string;
    worker: string;
    leaseMs: number;
    limit: number;
  }): Promise<readonly ClaimedMessage[]>;
  ack(message: ClaimedMessage): Promise<void>;
  /** Tried again at `nextAt`; the ones behind it wait. A lease that was lost in between changes nothing. */
  fail(message: ClaimedMessage, error: string, nextAt: Date): Promise<void>;
  /** Gives up until a person resends it; the ones behind it go on. */
  dead(message: ClaimedMessage, error: string): Promise<void>;
  /** Called whenever a message may be due. */
  onWake(listener: () => void): () => void;
  /** When the next message of a target is due, if any waits. */
  nextDueAt(target?: string): Promise<Date | undefined>;
}

/** The same queue as one facility sees it. */
export interface FacilityOutbox {
  /** Idempotent on the message id. */
  enqueue(messages: readonly OutboxMessage[]): Promise<void>;
  list(filter?: { state?: OutboxState; target?: string; limit?: number }): Promise<readonly OutboxEntry[]>;
  /** A dead message waits again, with the same identity. Throws CareError `store.not-found`. */
  resend(id: Uuid, actor: string): Promise<void>;
}
