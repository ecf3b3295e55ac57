// The age beside the birth date: a filler is passed over, a contradiction is told, and a newborn stays one.
import { expect, test } from 'vitest';
import { ageOf } from '#dicom/read/age.ts';

const on = '2026-01-05';

test.each(['000Y', '000D', '999Y', '0Y', undefined, '', 'ABC'])(
  'Patient’s Age %s beside a birth date of 1971 is 54 years',
  (stated) => {
    expect(ageOf(stated, '1971-03-01', on)).toEqual({ years: 54 });
  },
);

test('a newborn is one, by age, by birth date and by both', () => {
  expect(ageOf('000Y', '2025-12-22', on).years).toBe(0);
  expect(ageOf('000Y', undefined, on).years).toBe(0);
  expect(ageOf(undefined, '2025-12-22', on).years).toBe(0);
  expect(ageOf('014D', '2025-12-22', on).years).toBeCloseTo(14 / 365.25, 10);
});

test('an age that no human reaches is not known where no birth date tells it', () => {
  expect(ageOf('999Y', undefined, on).years).toBeUndefined();
  expect(ageOf('045Y', '1800-01-01', on).years).toBe(45);
  expect(ageOf(undefined, '1800-01-01', on).years).toBeUndefined();
});

test('an age a year off is rounding, one further off is a contradiction', () => {
  expect(ageOf('055Y', '1971-03-01', on)).toEqual({ years: 55 });
  expect(ageOf('054M', '1971-03-01', on)).toEqual({ years: undefined, conflict: { stated: 4.5, byBirthDate: 54 } });
});
