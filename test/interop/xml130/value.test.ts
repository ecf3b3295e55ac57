import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTime, readValue } from '#interop/xml130/read/value.ts';

test.each([
  ['11.8', 11.8, null],
  ['5,6', 5.6, null],
  ['<0,01', 0.01, '<'],
  ['≤ 5', 5, '<='],
  ['>=1000', 1000, '>='],
  ['-2.5', -2.5, null],
  ['007', 7, null],
])('%s is plainly one number', (text, value, comparator) => {
  expect(readValue(text)).toEqual({ value, comparator });
});

test.each([
  '',
  'Âm tính',
  '1+',
  '+5',
  '3-5',
  '1.234,5',
  '1 234',
  '5.6 mmol/L',
  '1/80',
  '10^9',
  '1e5',
  '5.',
  '.5',
  '~5',
  '12345678901234567',
])('"%s" is not plainly one number', (text) => {
  expect(readValue(text)).toEqual({ value: null, comparator: null });
});

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

test('a number written with a decimal comma reads as with a point', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 999 }), (whole, fraction) => {
      expect(readValue(`${whole},${fraction}`)).toEqual(readValue(`${whole}.${fraction}`));
      expect(readValue(`${whole},${fraction}`).value).toBe(Number(`${whole}.${fraction}`));
    }),
  );
});
