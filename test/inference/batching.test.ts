// Whatever comes together in a batch, each caller gets the answer to its own request, an error of its own, or its deadline.
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '#kernel/frame.ts';
import { CareError } from '#kernel/errors.ts';
import { createBatcher } from '#inference/batching/batcher.ts';
import { URGENCIES } from '#inference/engine/engine.ts';

/** Each item of the input is a number; the answer to it is that number and its square. */
const square = (batch: Tensor) => ({
  outputs: {
    same: { shape: batch.shape, data: Float32Array.from(batch.data) },
    square: { shape: batch.shape, data: batch.data.map((value) => value * value) },
  },
});
const numbers = (values: readonly number[]): Tensor => ({ shape: [values.length, 1], data: Float32Array.from(values) });
const codeOf = (error: unknown): unknown => (error instanceof CareError ? error.code : String(error));

const request = fc.record({
  items: fc.integer({ min: 1, max: 5 }),
  afterMs: fc.integer({ min: 0, max: 6 }),
  urgency: fc.constantFrom(...URGENCIES),
  fate: fc.constantFrom('patient', 'patient', 'patient', 'hurried', 'gone'),
});
const batches = fc.record({
  tookMs: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 5 }),
  fails: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  maximumItems: fc.integer({ min: 1, max: 8 }),
  maximumDelayMs: fc.integer({ min: 0, max: 4 }),
  atOnce: fc.integer({ min: 1, max: 3 }),
});

test('no answer reaches another request, and every request ends exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), batches, async (requests, how) => {
      let sent = 0;
      const batcher = createBatcher(how, async (batch) => {
        const turn = sent;
        sent += 1;
        await wait(how.tookMs[turn % how.tookMs.length]);
        if (how.fails[turn % how.fails.length] === true && how.fails.includes(false)) throw new Error('batch failed');
        return square(batch);
      });
      let next = 1;
      const outcomes = await Promise.all(
        requests.map(async ({ items, afterMs, urgency, fate }) => {
          const values = Array.from({ length: items }, () => (next += 1));
          await wait(afterMs);
          const control = new AbortController();
          if (fate === 'gone') setTimeout(() => control.abort('gone'), 2);
          const deadlineMs = fate === 'hurried' ? 3 : 5_000;
          return batcher.submit(numbers(values), { deadlineMs, urgency, signal: control.signal }).then(
            ({ outputs }) => {
              expect([...outputs.same.data]).toEqual(values);
              expect([...outputs.square.data]).toEqual(values.map((value) => value * value));
              expect(outputs.same.shape).toEqual([items, 1]);
              return 'answered';
            },
            (error: unknown) => codeOf(error),
          );
        }),
      );
      for (const [index, outcome] of outcomes.entries()) {
        const allowed = { patient: [], hurried: ['inference.deadline'], gone: ['gone'] }[
          requests[index]?.fate ?? 'patient'
        ];
        expect(['answered', 'Error: batch failed', ...allowed]).toContain(outcome);
      }
      expect(batcher.stats().waiting).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('the most urgent goes first, requests of one shape are joined, and a late one is dropped before it costs a run', async () => {
  const sent: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const batcher = createBatcher({ maximumItems: 2, maximumDelayMs: 0, atOnce: 1 }, async (batch) => {
    sent.push([...batch.data]);
    if (sent.length === 1) await gate.promise;
    return square(batch);
  });
  const ask = (value: number, urgency: (typeof URGENCIES)[number], deadlineMs = 5_000) =>
    batcher.submit(numbers([value]), { deadlineMs, urgency }).catch(codeOf);
  const wide = batcher.submit({ shape: [1, 2], data: Float32Array.of(7, 8) }, { deadlineMs: 5_000, urgency: 'later' });
  const all = [ask(1, 'now'), ask(2, 'later'), ask(3, 'now', 5), ask(4, 'now'), ask(5, 'stat')];
  expect(await all[2]).toBe('inference.deadline');
  gate.resolve();
  await Promise.all([...all, wide]);
  expect(sent).toEqual([
    [7, 8],
    [5, 1],
    [4, 2],
  ]);
  expect(batcher.stats()).toEqual({ waiting: 0, batches: 3, items: 5, expired: 1 });
});

test('an answer with another batch than the question is given to nobody', async () => {
  const batcher = createBatcher({ maximumItems: 4, maximumDelayMs: 5, atOnce: 1 }, async () => square(numbers([1])));
  const asked = [2, 3].map((value) => batcher.submit(numbers([value]), { deadlineMs: 5_000 }).catch(codeOf));
  expect(await Promise.all(asked)).toEqual(['inference.failed', 'inference.failed']);
});
