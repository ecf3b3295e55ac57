// One calendar for all doors: the same moment in each door's digits is one moment, and a day that no calendar has is none at any.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoFromHis } from '#interop/hispro/client/time.ts';
import { isoTime } from '#interop/hl7v2/wire/time.ts';
import { readTime } from '#interop/xml130/read/time.ts';
import { isCalendarDate, isoOf, momentOf } from '#terminology/moment.ts';

const digits = fc.record({
  year: fc.integer({ min: 1900, max: 2100 }).map(String),
  month: fc.integer({ min: 0, max: 13 }),
  day: fc.integer({ min: 0, max: 32 }),
  hour: fc.integer({ min: 0, max: 25 }),
  minute: fc.integer({ min: 0, max: 61 }),
});
const two = (n: number): string => String(n).padStart(2, '0');

test('HL7, claim file, HisPro and FHIR agree on every time, the impossible ones too', () => {
  fc.assert(
    fc.property(digits, ({ year, month, day, hour, minute }) => {
      const date = `${year}${two(month)}${two(day)}`;
      const time = `${date}${two(hour)}${two(minute)}30`;
      const claim = readTime(time);
      expect(isoTime(time)).toBe(claim);
      expect(isoFromHis(time) ?? undefined).toBe(claim);
      expect(isCalendarDate(`${year}-${two(month)}-${two(day)}`)).toBe(readTime(date) !== undefined);
      expect(Number.isNaN(momentOf(claim ?? ''))).toBe(claim === undefined);
    }),
    { numRuns: 500 },
  );
});

test('a day alone is its midnight in Viet Nam', () => {
  expect(momentOf('2026-11-22')).toBe(Date.parse('2026-11-21T17:00:00Z'));
  expect(momentOf('2026-11-22T09:00:00Z')).toBe(Date.parse('2026-11-22T09:00:00Z'));
  expect(momentOf('hôm qua')).toBeNaN();
});

test.each([
  [{ year: '1965' }, '1965'],
  [{ year: '1965', month: '02' }, '1965-02'],
  [{ year: '1965', month: '02', day: '28' }, '1965-02-28'],
  [{ year: '1965', month: '02', day: '29' }, undefined],
  [{ year: '0000' }, undefined],
])('%j is %s', (parts, text) => {
  expect(isoOf(parts)).toBe(text);
});
