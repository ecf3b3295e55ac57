// What results say of a pregnancy: its weeks, the expected day of delivery, a status; each ends, and the end outlasts an older "pregnant".
import { expect, test } from 'vitest';
import type { Measurement } from '#kernel/measurement.ts';
import { readMeasurements } from '#risk/measure/read.ts';
import { createRegistry } from '#risk/measure/registry.ts';

const registry = createRegistry([]);
const asOf = new Date('2026-11-30T02:00:00Z');
const LOINC = 'http://loinc.org';
const read = (measurements: readonly Measurement[], sex: 'male' | 'female' = 'female') =>
  readMeasurements(
    measurements.map((one) => ({ system: LOINC, ...one })),
    registry,
    { asOf, sex },
  );
const isPregnant = (...measurements: readonly Measurement[]): boolean | undefined => {
  const feature = read(measurements).features.get('pregnancy');
  return feature?.kind === 'flag' ? feature.value : undefined;
};
const PREGNANT: Measurement = { code: '82810-3', value: 'pregnant', time: '2026-05-14' };

test.each<[string, readonly Measurement[], boolean | undefined]>([
  ['20 weeks today', [{ code: '49051-6', value: 20, unit: 'wk', time: '2026-11-29' }], true],
  ['143 days', [{ code: '53691-2', value: 143, unit: 'd', time: '2026-11-29' }], true],
  // 42 weeks less 38 are 28 days.
  ['38 weeks, 27 days ago', [{ code: '18185-9', value: 38, unit: 'wk', time: '2026-11-03' }], true],
  ['38 weeks, 40 days ago', [{ code: '18185-9', value: 38, unit: 'wk', time: '2026-10-21' }], false],
  ['delivery expected in February', [{ code: '11778-8', value: '2027-02-10', time: '2026-11-01' }], true],
  ['delivery expected ten days ago', [{ code: '11778-8', value: '2026-11-20', time: '2026-05-01' }], true],
  ['delivery expected in September', [{ code: '11778-8', value: '2026-09-10', time: '2026-05-01' }], false],
  ['pregnant since May', [PREGNANT], true],
  ['pregnant, delivery was expected', [PREGNANT, { code: '11778-8', value: '2026-09-10', time: '2026-05-14' }], false],
  ['a yes', [{ code: '82810-3', value: true }], true],
  [
    'not known',
    [{ code: '82810-3', value: 'x', answers: [{ system: 'http://snomed.info/sct', code: '146799005' }] }],
    undefined,
  ],
])('%s → %s', (_, measurements, expected) => {
  expect(isPregnant(...measurements)).toBe(expected);
});

test('a day of delivery that no pregnancy of today can reach is shown, and states nothing', () => {
  const { features, rejected } = read([{ code: '11778-8', value: '2029-01-01' }]);
  expect(features.has('pregnancy')).toBe(false);
  expect(rejected.map(({ reason }) => reason.code)).toEqual(['risk.implausible']);
});

test.each<Measurement>([
  { code: '82810-3', value: true },
  { code: '49051-6', value: 20, unit: 'wk' },
  { code: 'O80', system: 'http://hl7.org/fhir/sid/icd-10', value: true },
])('of a man it is shown as not possible: $code', (measurement) => {
  const { features, rejected } = read([measurement], 'male');
  expect(features.has('pregnancy')).toBe(false);
  expect(rejected.map(({ reason }) => reason.code)).toEqual(['risk.other-sex']);
});

test('that a man is not pregnant is no fault', () => {
  expect(read([{ code: '82810-3', value: false }], 'male').rejected).toEqual([]);
});
