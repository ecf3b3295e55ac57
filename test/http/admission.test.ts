import { describe, expect, test } from 'vitest';
import { createTurnstile } from '#http/admission.ts';

/** Work that ends when it is told to. */
function task() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, work: () => ended };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a turnstile', () => {
  test('lets so many in, the next in the order in which they came, and refuses past the queue', async () => {
    const turnstile = createTurnstile({ atOnce: 2, mostWaiting: 2, longestWaitMs: 1e6 });
    const entered: number[] = [];
    const tasks = [0, 1, 2, 3].map((number) => ({ number, ...task() }));
    const runs = tasks.map(({ number, work }) =>
      turnstile.run(async () => {
        entered.push(number);
        await work();
      }),
    );
    await settle();
    expect(entered).toEqual([0, 1]);
    await expect(turnstile.run(async () => 'late')).rejects.toMatchObject({ code: 'http.busy', retryAfterSeconds: 2 });
    tasks[1]?.end();
    await settle();
    expect(entered).toEqual([0, 1, 2]);
    for (const { end } of tasks) end();
    await Promise.all(runs);
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  test('work that fails gives its place back', async () => {
    const turnstile = createTurnstile({ atOnce: 1, mostWaiting: 0, longestWaitMs: 1e6 });
    await expect(turnstile.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turnstile.run(async () => 'next')).toBe('next');
  });

  test('refuses who would wait too long by the pace of the last ones, and says when the queue is short enough', async () => {
    let at = 0;
    const turnstile = createTurnstile({ atOnce: 2, mostWaiting: 100, longestWaitMs: 6_000, clock: () => at });
    // One piece of work has taken four seconds: two at once make two seconds for each that waits.
    const first = task();
    const measured = turnstile.run(first.work);
    await settle();
    at += 4_000;
    first.end();
    await measured;
    const tasks = [0, 1, 2, 3, 4, 5].map(() => task());
    const runs = tasks.slice(0, 5).map(({ work }) => turnstile.run(work));
    await settle();
    // Two are inside and three wait: the fourth would wait for eight seconds, two more than allowed.
    await expect(turnstile.run(async () => 'late')).rejects.toMatchObject({ code: 'http.busy', retryAfterSeconds: 2 });
    for (const { end } of tasks) end();
    await Promise.all(runs);
    expect(await turnstile.run(async () => 'next')).toBe('next');
  });

  test('refuses while the oldest has waited longer than allowed, though nothing has ended by which to judge', async () => {
    let at = 0;
    const turnstile = createTurnstile({ atOnce: 1, mostWaiting: 100, longestWaitMs: 6_000, clock: () => at });
    const tasks = [task(), task()];
    const runs = tasks.map(({ work }) => turnstile.run(work));
    await settle();
    at += 6_001;
    await expect(turnstile.run(async () => 'late')).rejects.toMatchObject({ code: 'http.busy', retryAfterSeconds: 2 });
    tasks[0]?.end();
    await settle();
    tasks[1]?.end();
    await Promise.all(runs);
    expect(await turnstile.run(async () => 'next')).toBe('next');
  });
});
