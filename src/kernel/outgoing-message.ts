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
