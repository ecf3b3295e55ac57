// Delivery's words: a message that is due, a door to its receiver, and what became of the attempt.
import type { ClaimedMessage } from '#kernel/outgoing-message.ts';

export type Delivery =
  | { readonly kind: 'delivered' }
  /** Try again later: the receiver is down, slow or busy. `reason` is a fixed word or code, never an answer's text. */
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs?: number }
  /** What is to be sent is not ready here: no fault of the receiver, so it does not count against it. */
  | { readonly kind: 'not-yet'; readonly reason: string; readonly retryAfterMs: number }
  /** Trying again cannot help: a person must look. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Sender {
  /** The outbox's target that it serves, for example `webhook:his`. */
  readonly target: string;
  /** Must end soon after `signal` aborts. An error that it throws counts as `later`. */
  send(message: ClaimedMessage, signal: AbortSignal): Promise<Delivery>;
}

/** The store's outbox, as far as delivery needs it. */
export interface DeliveryQueue<Message extends ClaimedMessage> {
  claim(options: { target: string; leaseMs: number; limit: number }): Promise<readonly Message[]>;
  ack(message: Message): Promise<void>;
  fail(message: Message, error: string, nextAt: Date): Promise<void>;
  dead(message: Message, error: string): Promise<void>;
  onWake(listener: () => void): () => void;
  nextDueAt(target: string): Promise<Date | undefined>;
}
