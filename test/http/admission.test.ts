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
    const turnstile = createTurnstile({ atOnce: 2, mostWaiting: 2 });
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
    const turnstile = createTurnstile({ atOnce: 1, mostWaiting: 0 });
    await expect(turnstile.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turnstile.run(async () => 'next')).toBe('next');
  });
});
