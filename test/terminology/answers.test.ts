// Coded answers: any known coding counts, each in its own system; a sender's own code is never taken for a word.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Coding } from '#kernel/coding.ts';
import { answerOf, answerSetOf, readFlag, statedBy } from '#terminology/answers.ts';
import { BREATHING } from '#terminology/value-sets/breathing.ts';
import { CONSCIOUSNESS } from '#terminology/value-sets/consciousness.ts';
import { SMOKING_STATUS } from '#terminology/value-sets/smoking-status.ts';

const SNOMED = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const states = (system: string, code: string) =>
  answerOf(SMOKING_STATUS, { value: 'words', answers: [{ system, code }] })?.states;

const SMOKES = { smoker: true, ever_smoker: true };
const SMOKED = { smoker: false, ever_smoker: true };
const NEVER = { smoker: false, ever_smoker: false };

describe('smoking status', () => {
  test.each([
    ['449868002', 'LA18976-3', SMOKES],
    ['428041000124106', 'LA18977-1', SMOKES],
    ['8517006', 'LA15920-4', SMOKED],
    ['266919005', 'LA18978-9', NEVER],
    ['77176002', 'LA18979-7', SMOKES],
    ['266927001', 'LA18980-5', {}],
    ['428071000124103', 'LA18981-3', SMOKES],
    ['428061000124105', 'LA18982-1', SMOKES],
  ])('US Core %s and LOINC %s state %j', (snomed, loinc, expected) => {
    expect(states(SNOMED, snomed)).toEqual(expected);
    expect(states(LOINC, loinc)).toEqual(expected);
    for (const value of [snomed, loinc]) expect(answerOf(SMOKING_STATUS, { value })?.states).toEqual(expected);
  });

  test.each([
    ['65568007', SMOKES],
    ['160603005', SMOKES],
    ['56771006', SMOKES],
    ['281018007', SMOKED],
    ['8392000', { smoker: false }],
  ])('SNOMED CT %s states %j', (code, expected) => {
    expect(states(SNOMED, code)).toEqual(expected);
  });

  test('the same code in another system is unknown', () => {
    expect(states('urn:gl', '449868002')).toBeUndefined();
    expect(states(LOINC, '449868002')).toBeUndefined();
    expect(answerOf(SMOKING_STATUS, { value: 'never', answers: [{ system: 'L', code: 'never' }] })).toBeUndefined();
  });

  test('any order of the codings gives the same answer', () => {
    const stranger = fc.record({
      system: fc.constantFrom('urn:gl', 'L', ''),
      code: fc.constantFrom('1', '8517006', 'HT1'),
    });
    fc.assert(
      fc.property(
        fc.array<{ system: string; code: string }>(stranger, { maxLength: 3 }),
        fc.nat(3),
        (strangers, at) => {
          const answers = strangers.toSpliced(at, 0, { system: 'SCT', code: '449868002' });
          expect(answerOf(SMOKING_STATUS, { value: 'Smokes tobacco daily', answers })?.states).toEqual(SMOKES);
        },
      ),
    );
  });
});

test.each([
  [SNOMED, '373066001', true],
  [SNOMED, '10828004', true],
  [SNOMED, '260385009', false],
  [LOINC, 'LA33-6', true],
  [LOINC, 'LA32-8', false],
  ['HL70136', 'Y', true],
  ['HL70136', 'N', false],
  ['urn:gl', 'Y', undefined],
  ['', '1', undefined],
])('%s %s as yes or no: %s', (system, code, expected) => {
  expect(readFlag({ value: code, answers: [{ system, code }] })).toBe(expected);
});

test('words of a coded answer count where no code is known', () => {
  expect(readFlag({ value: 'Dương tính', answers: [{ system: 'L', code: 'P' }] })).toBe(true);
});

describe('consciousness and oxygen', () => {
  const read = (set: typeof CONSCIOUSNESS, value: string | boolean, answers?: readonly Coding[], asked?: Coding) =>
    statedBy(set, { value, ...(answers === undefined ? {} : { answers }) }, asked === undefined ? [] : [asked]);

  test.each([
    ['A', 'LA9340-6', '248234008', 'Alert'],
    ['C', 'LA6560-2', '130987000', 'new confusion'],
    ['V', 'LA17108-4', '300202002', 'responds to voice'],
    ['P', 'LA17107-6', '450847001', 'Đáp ứng đau'],
    ['U', 'LA9343-0', '422768004', 'hôn mê'],
  ])('%s is LOINC %s, SNOMED CT %s and "%s"', (level, loinc, snomed, words) => {
    const expected = { consciousness: level };
    expect(read(CONSCIOUSNESS, 'x', [{ system: LOINC, code: loinc }])).toEqual(expected);
    expect(read(CONSCIOUSNESS, 'x', [{ system: SNOMED, code: snomed }])).toEqual(expected);
    expect(read(CONSCIOUSNESS, words)).toEqual(expected);
    expect(read(CONSCIOUSNESS, true, undefined, { system: SNOMED, code: snomed })).toEqual(expected);
    expect(read(CONSCIOUSNESS, false, undefined, { system: SNOMED, code: snomed })).toEqual({});
    expect(read(CONSCIOUSNESS, 'x', [{ system: SNOMED, code: loinc }])).toBeUndefined();
  });

  test('air and oxygen, as an answer, as a yes or no, and as a finding alone', () => {
    const question = { system: SNOMED, code: '371825009' };
    const air = { system: SNOMED, code: '722742002' };
    expect(read(BREATHING, 'x', [air], { system: LOINC, code: '57834-7' })).toEqual({ on_oxygen: false });
    expect(read(BREATHING, 'x', [{ system: SNOMED, code: '373067005' }], question)).toEqual({ on_oxygen: false });
    expect(read(BREATHING, 'x', [{ system: SNOMED, code: '373066001' }], question)).toEqual({ on_oxygen: true });
    expect(read(BREATHING, true, undefined, air)).toEqual({ on_oxygen: false });
    expect(read(BREATHING, 'thở oxy')).toEqual({ on_oxygen: true });
    expect(answerSetOf(air)?.name).toBe('on_oxygen');
    expect(answerSetOf({ system: 'urn:gl', code: '722742002' })).toBeUndefined();
  });
});
