// The time within which a share has had the event, by hand.
import { expect, test } from 'vitest';
import { timeWithin } from '#research/statistics/kaplan-meier.ts';

const all = (times: readonly number[]) => ({ times, events: times.map(() => true) });

test('where all have had it, it is the plain quantile: of 10, 20, 30, 40 half within 20, nine of ten within 40', () => {
  expect(timeWithin(all([30, 10, 40, 20]), 0.5)).toBe(20);
  expect(timeWithin(all([30, 10, 40, 20]), 0.9)).toBe(40);
});

test('one that still waits counts with its time: 10, 20, 30+, 40, 50+ → half within 40, not 20', () => {
  // Without it after 10: 4/5; after 20: 4/5 · 3/4 = 0.6; at 30 one leaves without it; after 40: 0.6 · 1/2 = 0.3.
  const followed = { times: [10, 20, 30, 40, 50], events: [true, true, false, true, false] };
  expect(timeWithin(followed, 0.4)).toBe(20);
  expect(timeWithin(followed, 0.5)).toBe(40);
  expect(timeWithin(followed, 0.7)).toBe(40);
  expect(timeWithin(followed, 0.9)).toBeNull();
});

test('nothing followed, nothing happened: no time', () => {
  expect(timeWithin(all([]), 0.5)).toBeNull();
  expect(timeWithin({ times: [60], events: [false] }, 0.5)).toBeNull();
});
