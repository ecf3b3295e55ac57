// An age from a birth date that may be a year or a month alone.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageOn, isPossibleBirthDate } from '#risk/person/age.ts';

/** 09:00 on 30 November 2026 in Viet Nam. */
const NOW = new Date('2026-11-30T02:00:00Z');

test.each([
  ['1966-11-30', 60, 60],
  ['1966-12-01', 59, 59],
  ['1966-12', 59, 59],
  ['1966-11', 60, 60],
  ['1966', 59, 60],
  ['2026', 0, 0],
  ['2026-11-30', 0, 0],
])('born %s: between %i and %i years', (birthDate, low, high) => {
  expect(ageOn(birthDate, NOW)).toEqual({ low, high });
});

test('the day turns in Viet Nam, not in Greenwich', () => {
  expect(ageOn('1966-12-01', new Date('2026-11-30T17:00:00Z'))).toEqual({ low: 60, high: 60 });
});

test('a part of a date never excludes the whole one', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1910-01-01'), max: new Date('2026-11-29'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10);
      const { low } = ageOn(day, NOW);
      for (const part of [day.slice(0, 7), day.slice(0, 4)]) {
        const range = ageOn(part, NOW);
        expect(range.low <= low && low <= range.high).toBe(true);
      }
    }),
  );
});

test.each([
  ['2026-12-01', false],
  ['2027', false],
  ['1906', true],
  ['1905', false],
  ['1966-03', true],
])('born %s is possible: %s', (birthDate, possible) => {
  expect(isPossibleBirthDate(birthDate, NOW)).toBe(possible);
});
