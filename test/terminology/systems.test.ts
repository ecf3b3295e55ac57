// A code is looked up only in its own system, whatever name the sender gives that system.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionsOf, isLasting } from '#terminology/conditions.ts';
import { codingOfBare, systemOf, SYSTEM_URIS } from '#terminology/systems.ts';

test.each([
  ['http://loinc.org', 'loinc'],
  ['https://loinc.org/', 'loinc'],
  ['urn:oid:2.16.840.1.113883.6.1', 'loinc'],
  ['LN', 'loinc'],
  ['http://snomed.info/sct', 'snomed'],
  ['http://snomed.info/sct/900000000000207008/version/20240101', 'snomed'],
  ['SCT', 'snomed'],
  ['http://hl7.org/fhir/sid/icd-10', 'icd-10'],
  ['http://hl7.org/fhir/sid/icd-10-cm', 'icd-10'],
  ['urn:oid:2.16.840.1.113883.6.90', 'icd-10'],
  ['I10', 'icd-10'],
  ['http://hl7.org/fhir/sid/icpc-2', 'icpc-2'],
])('%s is %s', (text, system) => {
  expect(systemOf(text)).toBe(system);
});

test.each(['', 'L', '99LAB', 'urn:gl:xet-nghiem', 'http://hl7.org/fhir/sid/icd-9-cm', 'http://example.vn/loinc.org'])(
  '%j is no system that is read here',
  (text) => {
    expect(systemOf(text)).toBeUndefined();
  },
);

test.each([
  ['2160-0', 'loinc'],
  ['LA18976-3', 'loinc'],
  ['449868002', 'snomed'],
  ['E11.9', 'icd-10'],
  ['I63', 'icd-10'],
])('at our own door %s is of %s by its form', (code, system) => {
  expect(systemOf(codingOfBare(code)?.system ?? '')).toBe(system);
});

test.each(['O2', 'creatinine', 'K', '12'])('at our own door %s is no code', (code) => {
  expect(codingOfBare(code)).toBeUndefined();
});

const CODES = ['E11', 'I21.9', 'K74', '22298006', '2160-0', 'O80', 'creatinine'] as const;

test('the same code under any other system states nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CODES), fc.oneof(fc.webUrl(), fc.string()), (code, system) => {
      fc.pre(systemOf(system) === undefined);
      expect(conditionsOf([{ system, code }])).toEqual([]);
    }),
  );
});

test('every coding of a list is looked at, in any order', () => {
  const known = { system: SYSTEM_URIS['icd-10'], code: 'E11.9' };
  const stranger = fc.record({ system: fc.constant<string>('urn:gl'), code: fc.constantFrom<string>(...CODES) });
  fc.assert(
    fc.property(fc.array(stranger, { maxLength: 4 }), fc.nat(4), (strangers, at) => {
      expect(conditionsOf(strangers.toSpliced(at, 0, known))).toEqual(conditionsOf([known]));
    }),
  );
});

test('ICD-10 is written with and without its point, with marks, in small letters', () => {
  for (const code of ['E11.9', 'E119', 'e11.9', ' E11.9 ', 'E11.9†', 'E11.9*'])
    expect(conditionsOf([{ system: SYSTEM_URIS['icd-10'], code }])).toEqual(['type2_diabetes', 'diabetes']);
});

test('an established disease lasts, a pregnancy does not', () => {
  expect(isLasting('prior_cvd')).toBe(true);
  expect(isLasting('pregnancy')).toBe(false);
});
