// One sample printed in two units is one result; a contradiction stays one; and no rewriting of a value changes what is read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Measurement } from '#kernel/measurement.ts';
import { readMeasurements } from '#risk/measure/read.ts';
import { createRegistry } from '#risk/measure/registry.ts';
import { convertUnit } from '#terminology/units.ts';

const registry = createRegistry([]);
const asOf = new Date('2026-11-22T02:00:00Z');
const read = (...measurements: readonly Measurement[]) => readMeasurements(measurements, registry, { asOf });
const time = '2026-11-12';

const cholesterol = (value: number | string, unit: string): Measurement => ({ code: '2093-3', value, unit, time });

test('6.8 mmol/L and 262.9 mg/dL are one result: the finer of the two', () => {
  const { features, rejected } = read(cholesterol(6.8, 'mmol/L'), cholesterol(262.9, 'mg/dL'));
  expect(rejected).toEqual([]);
  expect(features.get('total_cholesterol')).toMatchObject({ value: 262.9, unit: 'mg/dL' });
});

test.each([
  [6.8, 'mmol/L', 3.4, 'mmol/L'],
  [6.8, 'mmol/L', 270, 'mg/dL'],
  [6.8, 'mmol/L', 6.9, 'mmol/L'],
])('%s %s and %s %s contradict each other: neither is used', (one, unit, other, otherUnit) => {
  const { features, rejected } = read(cholesterol(one, unit), cholesterol(other, otherUnit));
  expect(features.has('total_cholesterol')).toBe(false);
  expect(rejected.map(({ reason }) => reason.code)).toEqual(['risk.conflicting', 'risk.conflicting']);
});

test('of three at one moment each must agree with each', () => {
  const { rejected } = read(cholesterol(6.8, 'mmol/L'), cholesterol(262.9, 'mg/dL'), cholesterol(261, 'mg/dL'));
  expect(rejected).toHaveLength(3);
});

const PAIRS = [
  { code: '2093-3', unit: 'mmol/L', other: 'mg/dL', low: 3, high: 9 },
  { code: '2160-0', unit: 'umol/L', other: 'mg/dL', low: 50, high: 900 },
  { code: '1975-2', unit: 'umol/L', other: 'mg/dL', low: 5, high: 300 },
  { code: '8310-5', unit: 'Cel', other: '[degF]', low: 35, high: 41 },
  { code: '29463-7', unit: 'kg', other: '[lb_av]', low: 40, high: 120 },
  { code: '9318-7', unit: 'mg/g', other: 'mg/mmol', low: 5, high: 900 },
  { code: '1751-7', unit: 'g/L', other: 'g/dL', low: 20, high: 50 },
] as const;

const row = (code: string) => {
  const concept = registry.byCoding({ system: 'http://loinc.org', code });
  return concept?.kind === 'number' ? concept.row : undefined;
};

test('any value, rounded as two laboratories round it, agrees with itself', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PAIRS),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      (pair, share, digits, otherDigits) => {
        const value = pair.low + share * (pair.high - pair.low);
        const converted = convertUnit(value, { from: pair.unit, to: pair.other }, row(pair.code));
        const { rejected } = read(
          { code: pair.code, value: value.toFixed(digits), unit: pair.unit, time },
          { code: pair.code, value: converted!.toFixed(otherDigits), unit: pair.other, time },
        );
        expect(rejected).toEqual([]);
      },
    ),
  );
});

describe('any rewriting of a value leaves the reading equal', () => {
  const stranger = fc.record<{ system: string; code: string }>({
    system: fc.constantFrom('urn:gl', '', 'L'),
    code: fc.constantFrom('X', '2093-3', 'E11'),
  });
  const rewriting = fc.record({
    tenths: fc.integer({ min: 6, max: 40 }),
    unit: fc.constantFrom('mg/dL', 'mg/dl', 'MG/DL', 'mg/dL{x}', ' mg / dL', 'mg%'),
    isComma: fc.boolean(),
    strangers: fc.array(stranger),
    at: fc.nat(4),
  });
  const own = ({ features }: ReturnType<typeof read>): number | undefined => {
    const feature = features.get('creatinine');
    return feature?.kind === 'number' ? convertUnit(feature.value, { from: feature.unit, to: 'mg/dL' }) : undefined;
  };

  test('unit, decimal sign, coding order', () => {
    fc.assert(
      fc.property(rewriting, ({ tenths, unit, isComma, strangers, at }) => {
        const printed = `${tenths}.5`;
        const codings = strangers.toSpliced(at, 0, { system: 'http://loinc.org', code: '2160-0' });
        const value = isComma ? printed.replace('.', ',') : printed;
        const rewritten = read({ ...codings[0]!, codings, value, unit });
        const plain = read({ code: '2160-0', value: Number(printed), unit: 'mg/dL' });
        expect(own(rewritten)).toBe(own(plain));
        expect(rewritten.rejected.map(({ reason }) => reason)).toEqual(plain.rejected.map(({ reason }) => reason));
      }),
    );
  });
});

describe("a site's own table says what its codes mean", () => {
  const codes = new Map([
    ['GL-CREA', '2160-0'],
    ['urn:gl:one|X1', '2160-0'],
  ]);
  const withTable = createRegistry([], codes);
  const creatinine = (measurement: Pick<Measurement, 'code' | 'system' | 'codings'>) =>
    readMeasurements([{ ...measurement, value: 1.2, unit: 'mg/dL' }], withTable, { asOf }).features.has('creatinine');

  test('under any system that is not read here, and at our own door', () => {
    expect(creatinine({ code: 'GL-CREA', system: 'urn:gl' })).toBe(true);
    expect(creatinine({ code: 'GL-CREA' })).toBe(true);
    expect(
      creatinine({
        code: 'A',
        system: 'urn:gl',
        codings: [
          { system: 'urn:gl', code: 'A' },
          { system: 'L', code: 'GL-CREA' },
        ],
      }),
    ).toBe(true);
    expect(creatinine({ code: 'GL-CREA', system: 'http://loinc.org' })).toBe(false);
  });

  test('a key with its system speaks of that system alone', () => {
    expect(creatinine({ code: 'X1', system: 'urn:gl:one' })).toBe(true);
    expect(creatinine({ code: 'X1', system: 'urn:gl:two' })).toBe(false);
  });
});

describe('a code is only a code in its system', () => {
  const refusal = (measurement: Measurement) => read(measurement).rejected.map(({ reason }) => reason.code);

  test.each([
    ['a LOINC code elsewhere', { code: '2160-0', system: 'urn:gl', value: 900, unit: 'umol/L' }],
    ['the name of a quantity elsewhere', { code: 'creatinine', system: 'urn:gl', value: 2.5, unit: 'mmol/L' }],
    ['a LOINC code without a system', { code: '2160-0', system: '', value: 900, unit: 'umol/L' }],
    ['a bed that looks like a diagnosis', { code: 'E11', system: 'urn:gl:giuong', value: true }],
  ])('%s is kept aside and shown', (_, measurement) => {
    expect(refusal(measurement)).toEqual(['risk.unknown-system']);
  });

  test('a code that nothing here knows is no fault of its system', () => {
    expect(refusal({ code: 'O2', system: 'urn:gl', value: true })).toEqual(['risk.unknown-code']);
  });
});

describe('a diagnosis that a system sent', () => {
  const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
  const stated = (code: string, since: string) => read({ code, system: ICD10, value: true, time: since });

  test('that no equation asks for is no fault, as in a FHIR Condition', () => {
    const { features, rejected } = stated('J18.9', '2020-01-01');
    expect([[...features], rejected]).toEqual([[], []]);
  });

  test('of a stroke counts for ever, of a pregnancy as long as one lasts', () => {
    const namesOf = (code: string, since: string) => [...stated(code, since).features].map(([name]) => name);
    const years = (n: number): string => new Date(asOf.getTime() - n * 365 * 86_400_000).toISOString();
    expect(namesOf('I63.9', years(12)).length).toBeGreaterThan(0);
    expect(namesOf('O10', years(0)).length).toBeGreaterThan(namesOf('O10', years(3)).length);
  });
});
