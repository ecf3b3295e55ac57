// Work that may be done by a few at a time: the others wait in the order in which they came, and when too many wait the next is told so.
import { httpErrors } from './errors.ts';

export interface TurnstileOptions {
  readonly atOnce: number;
  readonly mostWaiting: number;
}

export interface Turnstile {
  /** Throws `http.busy` (503, Retry-After) when too many wait already. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

const RETRY_AFTER_SECONDS = 2;

export function createTurnstile({ atOnce, mostWaiting }: TurnstileOptions): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;

  async function enter(): Promise<void> {
    if (inside < atOnce) {
      inside += 1;
      return;
    }
    if (waiting.length >= mostWaiting) throw httpErrors.error('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }

  function leave(): void {
    const next = waiting.shift();
    // The place is handed on, not freed: nobody can slip in between.
    if (next === undefined) inside -= 1;
    else next();
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
