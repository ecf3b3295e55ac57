// A site's rules for repeating deliveries: waiting times and the last attempt.
import { HOUR_MS } from '#kernel/clock.ts';
import { z } from 'zod';
import { type Backoff, DEFAULT_BACKOFF } from './backoff.ts';
import { DEFAULT_CIRCUIT, type CircuitRules } from './circuit.ts';

const ms = z.number().int().min(10);

export const deliverySettings = z
  .strictObject({
    /** After the first failure; it doubles with every further one. */
    firstRetryMs: ms.max(HOUR_MS).default(DEFAULT_BACKOFF.firstMs),
    longestRetryMs: ms.max(24 * HOUR_MS).default(DEFAULT_BACKOFF.longestMs),
    /** From the message's creation; then a person must look. */
    giveUpAfterHours: z
      .number()
      .positive()
      .max(24 * 30)
      .default(DEFAULT_BACKOFF.giveUpAfterMs / HOUR_MS),
    /** A receiver that failed five times in a row is left alone for so long; it doubles with every attempt that fails. */
    firstPauseMs: ms.max(HOUR_MS).default(DEFAULT_CIRCUIT.firstPauseMs),
    longestPauseMs: ms.max(24 * HOUR_MS).default(DEFAULT_CIRCUIT.longestPauseMs),
  })
  .refine(({ firstRetryMs, longestRetryMs }) => firstRetryMs <= longestRetryMs, {
    path: ['longestRetryMs'],
    error: 'must not be shorter than firstRetryMs',
  })
  .refine(({ firstPauseMs, longestPauseMs }) => firstPauseMs <= longestPauseMs, {
    path: ['longestPauseMs'],
    error: 'must not be shorter than firstPauseMs',
  });
export type DeliverySettings = z.infer<typeof deliverySettings>;

export const deliveryRules = (settings: DeliverySettings): { backoff: Backoff; circuit: CircuitRules } => ({
  backoff: {
    firstMs: settings.firstRetryMs,
    longestMs: settings.longestRetryMs,
    giveUpAfterMs: settings.giveUpAfterHours * HOUR_MS,
  },
  circuit: { ...DEFAULT_CIRCUIT, firstPauseMs: settings.firstPauseMs, longestPauseMs: settings.longestPauseMs },
});
