// Any rewriting of a person leaves every equation's answer equal: order, another code of the same quantity, another unit, another name of the code
// system, the text of a number, the door's form (our own, FHIR, HL7); of diagnoses the system, status and coding order, of answers the language.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conditionsIn } from '#interop/fhir-model/conditions.ts';
import { readContent } from '#interop/hl7v2/in/read.ts';
import { openMessage } from '#interop/hl7v2/wire/header.ts';
import { readObservations } from '#interop/fhir-model/observations.ts';
import type { Coding } from '#kernel/coding.ts';
import type { Condition } from '#kernel/condition.ts';
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

function throughHl7(measurements: readonly Measurement[]): readonly Measurement[] {
  const text = [
    'MSH|^~\\&|LAB|H|CDS|H|20261130080000||ORU^R01|1|P|2.5.1|||||||UNICODE UTF-8',
    'PID|1||BN^^^H^MR||A^B',
    'OBR|1|1||X^X^L|||20261130080000',
    ...measurements.map(
      ({ code, system, value, unit = '' }, at) =>
        `OBX|${at + 1}|NM|1^local^L^${code}^^${system}|${at}|${value}|${unit}|||||F|||20261130080000`,
    ),
  ].join('\r');
  const { header, message } = openMessage(Buffer.from(text));
  if (header === undefined || message === undefined) throw new Error('the header is unreadable');
  return readContent({ header, message, indicators: new Map(), faults: [] }).measurements;
}

const THROUGH: Readonly<Record<string, (measurements: readonly Measurement[]) => readonly Measurement[]>> = {
  own: (measurements) => measurements,
  fhir: (measurements) => readObservations(measurements.map(asObservation)).measurements,
  hl7: throughHl7,
};

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
      fc.constantFrom(...Object.keys(THROUGH)),
      async (given, sex, age, door) => {
        const plain = given.map((fact): Measurement => {
          const { code, value, unit } = measured(fact);
          return { code, value, unit, time };
        });
        const other = given.map(rewritten).toReversed();
        const through = THROUGH[door]!(other);
        const [one, two] = [await answers(plain, sex, age), await answers(through, sex, age)];
        expect(two).toEqual(one.map(nearly));
      },
    ),
    { numRuns: Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 12) },
  );
}, 60_000);

/** One diagnosis in each system that has it. */
const DISEASES: readonly (readonly Coding[])[] = [
  [
    { system: 'http://hl7.org/fhir/sid/icd-10', code: 'E11.9' },
    { system: 'http://snomed.info/sct', code: '44054006' },
    { system: 'http://hl7.org/fhir/sid/icpc-2', code: 'T90' },
  ],
  [
    { system: 'I10', code: 'I63.9' },
    { system: 'SCT', code: '230690007' },
    { system: 'http://hl7.org/fhir/sid/icpc-2', code: 'K90' },
  ],
  [
    { system: 'urn:oid:2.16.840.1.113883.6.3', code: 'i48.9' },
    { system: 'http://snomed.info/sct', code: '49436004' },
    { system: 'IC2', code: 'K78' },
  ],
  [
    { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I50.9' },
    { system: 'http://snomed.info/sct/900000000000207008', code: '84114007' },
    { system: 'http://hl7.org/fhir/sid/icpc-2', code: 'K77' },
  ],
];

/** One answer as two systems, Vietnamese and English say it. */
const SMOKING = [
  ['449868002', 'LA18976-3', 'hút thuốc hằng ngày', 'Smokes tobacco daily (finding)'],
  ['8517006', 'LA15920-4', 'đã bỏ thuốc lá', 'Former smoker'],
  ['266919005', 'LA18978-9', 'chưa bao giờ hút thuốc', 'Never smoked tobacco'],
  ['266927001', 'LA18980-5', 'không rõ', 'Unknown if ever smoked'],
] as const;

const STRANGERS: readonly Coding[] = [
  { system: 'urn:gl:benh', code: 'I21' },
  { system: '', code: 'E10' },
];

const person = fc.record({
  sex: fc.constantFrom('male' as const, 'female' as const),
  ageYears: fc.integer({ min: 40, max: 79 }),
  diseases: fc.uniqueArray(fc.nat(DISEASES.length - 1), { maxLength: DISEASES.length }),
  smoking: fc.nat(SMOKING.length - 1),
});
const writing = fc.record({
  system: fc.nat(2),
  before: fc.nat(STRANGERS.length),
  clinical: fc.constantFrom<NonNullable<Condition['clinical']>>(
    'active',
    'resolved',
    'inactive',
    'remission',
    'relapse',
  ),
  door: fc.constantFrom('condition', 'fhir', 'result'),
  words: fc.nat(3),
  born: fc.boolean(),
});

const codingIn = (disease: number, system: number): Coding => DISEASES[disease]![system]!;

type Writing = typeof writing extends fc.Arbitrary<infer One> ? One : never;

function written(disease: number, { system, before, clinical, door }: Writing) {
  const codings = STRANGERS.toSpliced(before, 0, codingIn(disease, system));
  if (door === 'result') {
    const { code, system: named } = codingIn(disease, system);
    return { measurements: [{ code, system: named, codings, value: true }], conditions: [] };
  }
  if (door === 'condition') return { measurements: [], conditions: [{ codings, clinical }] };
  return {
    measurements: [],
    conditions: conditionsIn([
      { resourceType: 'Condition', code: { coding: codings }, clinicalStatus: { coding: [{ code: clinical }] } },
    ]).conditions,
  };
}

function answerIn(smoking: number, words: number): readonly Measurement[] {
  const text = SMOKING[smoking]![words]!;
  const system = ['http://snomed.info/sct', 'http://loinc.org'][words];
  const coding = system === undefined ? STRANGERS : [...STRANGERS, { system, code: text }];
  const valueCodeableConcept = system === undefined ? { text } : { coding };
  const code = { coding: [{ system: 'http://loinc.org', code: '72166-2' }] };
  return readObservations([{ resourceType: 'Observation', status: 'final', code, valueCodeableConcept }]).measurements;
}

test('diagnoses in any system, status and coding order, answers in any system and language, an age or a birth date: alike', async () => {
  const base: readonly Measurement[] = [
    { code: '2093-3', value: 6.8, unit: 'mmol/L', time },
    { code: '2085-9', value: 1.1, unit: 'mmol/L', time },
    { code: '8480-6', value: 170, unit: 'mm[Hg]', time },
    { code: '2160-0', value: 120, unit: 'umol/L', time },
  ];
  const numbers = async (question: Parameters<RiskRoom['assessPatient']>[0]) =>
    (await room.assessPatient(question)).results.map(({ equationId, applicability, outputs }) => ({
      equationId,
      applicability,
      numbers: outputs.map(({ value, interval }) => [value, interval]),
    }));
  await fc.assert(
    fc.asyncProperty(person, writing, async ({ sex, ageYears, diseases, smoking }, way) => {
      const common = { sex, explain: false, whatIf: [], asOf } as const;
      const plain = await numbers({
        ...common,
        ageYears,
        measurements: [...base, ...answerIn(smoking, 0)],
        conditions: diseases.map((disease) => ({ codings: [codingIn(disease, 0)] })),
      });
      const parts = diseases.map((disease) => written(disease, way));
      const other = await numbers({
        ...common,
        ...(way.born ? { birthDate: `${2026 - ageYears}-03-14` } : { ageYears }),
        measurements: [
          ...base,
          ...answerIn(smoking, way.words),
          ...parts.flatMap((part) => part.measurements),
        ].toReversed(),
        conditions: parts.flatMap((part) => part.conditions).toReversed(),
      });
      expect(other).toEqual(plain);
    }),
    { numRuns: Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 12) },
  );
}, 60_000);
