// Any rewriting of a person leaves every equation's answer equal: order, another code of the same quantity, another unit, another name of the code
// system, the text of a number, and the door's form (our own, FHIR).
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readObservations } from '#interop/fhir-model/observations.ts';
import type { Measurement } from '#kernel/measurement.ts';
import { createRiskRoom, type RiskRoom } from '#risk/assess/assess-patient.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { QUANTITIES } from '#risk/measure/codes.ts';
import { convertUnit } from '#terminology/units.ts';

let room: RiskRoom;
beforeAll(async () => {
  room = createRiskRoom(await openRiskLibrary('models'));
});
afterAll(() => room.library.close());

const asOf = new Date('2026-11-30T02:00:00Z');
const time = '2026-11-30T08:00:00+07:00';

/** Units of one quantity that convert into each other. */
const OTHER_UNITS: Readonly<Record<string, string>> = {
  creatinine: 'umol/L',
  total_cholesterol: 'mg/dL',
  hdl: 'mg/dL',
  bilirubin: 'mg/dL',
  temperature: '[degF]',
  uacr: 'mg/mmol',
  albumin: 'g/dL',
  calcium: 'mmol/L',
  phosphate: 'mmol/L',
  platelets: '10*3/uL',
  weight: 'g',
  height: 'm',
};
const SYSTEMS = ['http://loinc.org', 'LN', 'urn:oid:2.16.840.1.113883.6.1', '2.16.840.1.113883.6.1'];

const coded = QUANTITIES.filter(
  ({ loinc, concept }) => loinc.length > 0 && !['age', 'gestational_age'].includes(concept),
);

interface Fact {
  readonly concept: string;
  readonly share: number;
  readonly code: number;
  readonly converted: boolean;
  readonly system: number;
  readonly asText: boolean;
}

const facts = fc.uniqueArray(
  fc.record({
    concept: fc.constantFrom(...coded.map(({ concept }) => concept)),
    share: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
    code: fc.nat(5),
    converted: fc.boolean(),
    system: fc.nat(SYSTEMS.length - 1),
    asText: fc.boolean(),
  }),
  { selector: ({ concept }) => concept, minLength: 4, maxLength: coded.length },
);

function measured({ concept, share }: Fact): {
  code: string;
  value: number;
  unit: string;
  row: (typeof coded)[number];
} {
  const row = coded.find((one) => one.concept === concept)!;
  const [low, high] = row.plausible;
  return { code: row.loinc[0]!, value: Number((low + share * (high - low)).toPrecision(4)), unit: row.unit, row };
}

function rewritten(fact: Fact): Measurement {
  const { value, unit, row } = measured(fact);
  const other = fact.converted ? OTHER_UNITS[fact.concept] : undefined;
  const moved = other === undefined ? undefined : convertUnit(value, { from: unit, to: other }, row);
  const sent = moved === undefined ? { value, unit } : { value: moved, unit: other! };
  const isShort =
    String(sent.value).replace(/\D/g, '').length <= 15 && !/,\d{3}$/.test(String(sent.value).replace('.', ','));
  return {
    code: row.loinc[fact.code % row.loinc.length]!,
    system: SYSTEMS[fact.system]!,
    value: fact.asText && isShort ? String(sent.value).replace('.', ',') : sent.value,
    unit: sent.unit,
    time,
  };
}

const asObservation = ({ code, system, value, unit }: Measurement) => ({
  resourceType: 'Observation',
  status: 'final',
  code: {
    coding: [
      { system: 'urn:gl:local', code: '1' },
      { system, code },
    ],
  },
  effectiveDateTime: time,
  valueQuantity: {
    value: Number(String(value).replace(',', '.')),
    unit,
    system: 'http://unitsofmeasure.org',
    code: unit,
  },
});

async function answers(measurements: readonly Measurement[], sex: 'male' | 'female', ageYears: number) {
  const question = { sex, ageYears, measurements, explain: false, whatIf: [], asOf } as const;
  const { results, rejected } = await room.assessPatient(question);
  expect(rejected).toEqual([]);
  return results.map(({ equationId, outcome, applicability, outputs }) => ({
    equationId,
    outcome,
    applicability,
    numbers: outputs.map(({ value, interval }) => [value, interval?.lower ?? null, interval?.upper ?? null]),
  }));
}

/** Conversions round in the twelfth digit. */
const nearly = ({ numbers, ...rest }: Awaited<ReturnType<typeof answers>>[number]) => ({
  ...rest,
  numbers: numbers.map((ends) => ends.map((end): unknown => (end === null ? null : expect.closeTo(end, 6)))),
});

test('every equation answers alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      facts,
      fc.constantFrom('male' as const, 'female' as const),
      fc.integer({ min: 18, max: 90 }),
      fc.boolean(),
      async (given, sex, age, fhir) => {
        const plain = given.map((fact): Measurement => {
          const { code, value, unit } = measured(fact);
          return { code, value, unit, time };
        });
        const other = given.map(rewritten).toReversed();
        const through = fhir ? readObservations(other.map(asObservation)).measurements : other;
        const [one, two] = [await answers(plain, sex, age), await answers(through, sex, age)];
        expect(two).toEqual(one.map(nearly));
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);
