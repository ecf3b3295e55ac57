// Admission: a few pieces of work at a time, the others wait in the order in which they came. A request that would wait too long is refused at once
// and told when to come again: a queue without a bound answers every request too late.
import type { CareError } from '#kernel/errors.ts';
import { httpErrors } from './errors.ts';

export interface TurnstileOptions {
  readonly atOnce: number;
  readonly mostWaiting: number;
  /** Refused where the wait would be longer, judged by how long the last pieces of work took, and where the oldest has waited longer already. */
  readonly longestWaitMs: number;
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

export interface Turnstile {
  /** Throws `http.busy` (503, Retry-After) when too many wait already, or the wait would be too long. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Throws as `run` would, before anything is read. */
  admit(): void;
  /** As `run`, for who was admitted: waits as long as it takes. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
}

const LEAST_RETRY_SECONDS = 2;
/** Of the last piece of work in the smoothed duration: about the last ten count. */
const SMOOTHING = 0.1;

export function createTurnstile(options: TurnstileOptions): Turnstile {
  const { atOnce, mostWaiting, longestWaitMs, clock = () => performance.now() } = options;
  const waiting: { readonly since: number; readonly enter: () => void }[] = [];
  let inside = 0;
  /** Zero until the first piece of work has ended: nothing is refused by a guess. */
  let typicalMs = 0;

  const waitMs = (): number => ((waiting.length + 1) * typicalMs) / atOnce;

  function refusal(): CareError {
    const retryAfterSeconds = Math.max(LEAST_RETRY_SECONDS, Math.ceil((waitMs() - longestWaitMs) / 1000));
    return httpErrors.error('busy', { retryAfterSeconds });
  }

  function admit(): void {
    const [oldest] = waiting;
    const age = oldest === undefined ? 0 : clock() - oldest.since;
    if (inside >= atOnce && (waiting.length >= mostWaiting || waitMs() > longestWaitMs || age > longestWaitMs))
      throw refusal();
  }

  async function enter(): Promise<void> {
    if (inside < atOnce) {
      inside += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      waiting.push({ since: clock(), enter: resolve });
    });
  }

  function leave(): void {
    const next = waiting.shift();
    // The place goes straight to the next waiting request, so that a new one cannot take it.
    if (next === undefined) inside -= 1;
    else next.enter();
  }

  async function pass<Result>(work: () => Promise<Result>): Promise<Result> {
    await enter();
    const started = clock();
    try {
      return await work();
    } finally {
      const tookMs = clock() - started;
      typicalMs = typicalMs === 0 ? tookMs : typicalMs + (tookMs - typicalMs) * SMOOTHING;
      leave();
    }
  }

  return {
    admit,
    pass,
    async run(work) {
      admit();
      return pass(work);
    },
  };
}
