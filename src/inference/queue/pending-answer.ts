// An answer that a caller waits for. It is given once, by whichever comes first: the run, the deadline or the caller's own signal.
import { inferenceErrors } from '#inference/errors.ts';
import type { RunOptions } from '#inference/engine/engine.ts';

export type PendingOutcome<Given> = { readonly answer: Given } | { readonly error: unknown };

export interface PendingAnswer<Given> {
  readonly answer: Promise<Given>;
  isSettled(): boolean;
  /** True for the first outcome; later ones change nothing. The deadline still runs, for what works on the answer. */
  settle(outcome: PendingOutcome<Given>): boolean;
  /** Nothing works on the answer any more: the deadline has nothing left to stop. */
  end(): void;
  /** Resolves at `end`. */
  readonly ended: Promise<void>;
}

export interface PendingEvents {
  /** The deadline has passed, also when the answer is settled but not ended. The error is CareError `inference.deadline`. */
  late(error: unknown): void;
  /** The caller's signal was aborted before the answer was settled. */
  aborted(reason: unknown): void;
}

export function openPendingAnswer<Given>(
  { deadlineMs, signal }: RunOptions,
  events: PendingEvents,
): PendingAnswer<Given> {
  const { promise, resolve, reject } = Promise.withResolvers<Given>();
  const ended = Promise.withResolvers<void>();
  let settled = false;
  const aborted = (): void => events.aborted(signal?.reason);
  const timer = setTimeout(
    () =>
      events.late(
        inferenceErrors.error('deadline', { reason: `not done within ${Math.max(0, Math.ceil(deadlineMs))} ms` }),
      ),
    // Past already where an earlier try took all of it.
    Math.max(0, deadlineMs),
  );
  signal?.addEventListener('abort', aborted, { once: true });
  return {
    answer: promise,
    isSettled: () => settled,
    settle(outcome) {
      if (settled) return false;
      settled = true;
      signal?.removeEventListener('abort', aborted);
      if ('answer' in outcome) resolve(outcome.answer);
      else reject(outcome.error);
      return true;
    },
    end() {
      clearTimeout(timer);
      ended.resolve();
    },
    ended: ended.promise,
  };
}
