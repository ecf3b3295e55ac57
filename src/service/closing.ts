// Remembers how to close each thing that was opened, and closes all in the opposite order, also when a start fails half-way. A thing that does
// not close before the deadline is left: an endless stop would end in a SIGKILL, which closes nothing.
import { LATE, orLate } from '#http/deadline.ts';

type Close = () => Promise<unknown>;

/** For one thing: long enough for the studies in hand; all together must end within ten seconds. */
const EACH_MS = 4_000;
const ALL_MS = 8_000;

/** What was opened, closed in the opposite order; also when the start fails half-way, since children and threads keep a process alive. */
export function owner(told: (event: 'not closed in time' | 'not closed', thrown?: unknown) => void = () => undefined) {
  const closers: Close[] = [];
  return {
    async own<Resource>(opening: Resource | Promise<Resource>, close: (resource: Resource) => Promise<unknown>) {
      const resource = await opening;
      closers.push(() => close(resource));
      return resource;
    },
    /** Never throws, and never takes longer than `ALL_MS`. */
    async closeAll(): Promise<void> {
      const started = performance.now();
      for (const close of closers.splice(0).reverse()) {
        const left = Math.max(0, ALL_MS - (performance.now() - started));
        const closing = close();
        const ended = await orLate(closing, Math.min(EACH_MS, left)).catch((thrown: unknown) =>
          told('not closed', thrown),
        );
        if (ended !== LATE) continue;
        told('not closed in time');
        closing.catch((thrown: unknown) => told('not closed', thrown));
      }
    },
  };
}
export type Owner = ReturnType<typeof owner>;

/** As Promise.all, but waits for the others when one fails: what they opened must be known before it can be closed. */
export async function allOf<First, Second>(first: Promise<First>, second: Promise<Second>) {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
