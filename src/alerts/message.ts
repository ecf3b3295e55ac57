// A message to another system, written in the transaction of the alert or event that it tells of.
import type { Uuid } from '#kernel/ids.ts';

export interface AlertMessage {
  readonly id: Uuid;
  readonly target: string;
  readonly topic: string;
  /** Messages of one key leave in order (the patient). */
  readonly orderKey: string;
  readonly body: Readonly<Record<string, unknown>>;
}
