import { expect, test } from 'vitest';
import { readTime } from '#interop/xml130/read/time.ts';

test.each([
  ['20261122', '2026-11-22'],
  ['202611220925', '2026-11-22T09:25:00+07:00'],
  ['20261122092507', '2026-11-22T09:25:07+07:00'],
  ['20240229', '2024-02-29'],
])('%s is %s', (text, time) => {
  expect(readTime(text)).toBe(time);
});

test.each(['20260230', '20250229', '202611222400', '202611220960', '196500000000', '2026112', '22/11/2026', ''])(
  '"%s" is no time and is not moved to another day',
  (text) => {
    expect(readTime(text)).toBeUndefined();
  },
);
