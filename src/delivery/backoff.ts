// Waiting time before the next attempt of a delivery.
import { HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { createHash } from 'node:crypto';

export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** From the message's creation; then it is given to a person. */
  readonly giveUpAfterMs: number;
}

/** A hospital's server may be down for a weekend: three days, then dead. */
export const DEFAULT_BACKOFF: Backoff = Object.freeze({
  firstMs: 2_000,
  longestMs: 10 * MINUTE_MS,
  giveUpAfterMs: 72 * HOUR_MS,
});

/** Spread over ±20 % by the message's own id, so that what failed together does not come back together; the same every time. */
const spreadOf = (id: string): number => {
  const byte = createHash('sha256').update(id).digest()[0] ?? 0;
  return 0.8 + 0.4 * (byte / 255);
};

/** Doubles with every attempt up to the longest. `attempt` counts from 1. */
export function waitAfter(attempt: number, id: string, backoff: Backoff): number {
  // 2^30 steps are longer than any cap, and a larger exponent would overflow.
  const doubled = backoff.firstMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30);
  return Math.round(Math.min(doubled, backoff.longestMs) * spreadOf(id));
}
