import { expect, test } from 'vitest';
import { createHeldBytes } from '#http/held-bytes.ts';

const settled = async (work: Promise<void>): Promise<boolean> => {
  const early = await Promise.race([work.then(() => true), new Promise((resolve) => setTimeout(resolve, 20, false))]);
  return early === true;
};

test('past the limit a later upload waits, the first goes on, and what is released lets the next one in', async () => {
  const held = createHeldBytes(100);
  const [first, second] = [held.share(), held.share()];
  await second.hold(80);
  await first.hold(90);
  const more = second.hold(30);
  expect(await settled(more)).toBe(false);
  first.end();
  expect(await settled(more)).toBe(true);
  // The second is the first now: it goes beyond rather than wait for itself.
  await second.hold(500);
  second.end();
  await held.share().hold(100);
});
