// One person through every door: the same facts give the same values, outcomes and words.
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Doors, pause, send } from '../cases/his/doors.ts';
import { modelsFolder, openTestService, type TestService } from './service.ts';
import { freePort } from '../fixtures/free-port.ts';
import type { Language, Sentence } from '#kernel/errors.ts';

/** This hospital's own codes in claim files. */
const INDICATORS = { 'GL.CRE': '2160-0', 'GL.CHO': '2093-3', 'GL.HA': '8480-6' };
const LOINC = 'http://loinc.org';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const UCUM = 'http://unitsofmeasure.org';

let service: TestService;
let models: string;
let doors: Doors;

beforeAll(async () => {
  models = modelsFolder();
  for (const name of readdirSync('models').filter((one) => one.startsWith('risk-')))
    cpSync(join('models', name), join(models, name), { recursive: true });
  const hl7Port = await freePort();
  const indicators = join(models, 'indicators.json');
  writeFileSync(indicators, JSON.stringify(INDICATORS));
  const site = { cdsHooks: { deadlineMs: 10_000 }, hispro: { answerWithinMs: 5_000 } };
  service = await openTestService(undefined, site, {
    HAIDANG_HL7_PORT: String(hl7Port),
    HAIDANG_INDICATORS: indicators,
    HAIDANG_MODELS_DIR: models,
  });
  doors = { address: service.address, hl7Port };
}, 180_000);
afterAll(async () => {
  await service.close();
  rmSync(models, { recursive: true, force: true });
});

const DAY_MS = 86_400_000;
const now = Date.now();
/** The month in which somebody was born who is so old today, for half a year already. */
const bornMonth = (ageYears: number): string =>
  new Date(now - (ageYears * 365.25 + 182) * DAY_MS).toISOString().slice(0, 7);
const taken = new Date(now - DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
/** Viet Nam's clock, as HL7 and claim files write it. */
const takenLocal = new Date(now - DAY_MS + 7 * 3_600_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 12);

interface Measured {
  readonly code: keyof typeof OWN_CODES;
  readonly value: number;
  readonly unit: string;
}
const OWN_CODES = { '2160-0': 'GL.CRE', '2093-3': 'GL.CHO', '8480-6': 'GL.HA' } as const;

interface Person {
  readonly sex: 'male' | 'female';
  /** YYYY-MM: the day is not known. */
  readonly born: string;
  readonly measured: readonly Measured[];
  /** ICD-10, with the month of its onset. */
  readonly disease?: { readonly code: string; readonly onset: string };
}

/** How a FHIR server may write the same facts. */
interface Writing {
  readonly localCodeFirst?: boolean;
  readonly unitOf?: (measured: Measured) => Measured;
}

const asSent = (measured: Measured): Measured => measured;

function resourcesOf(patient: string, person: Person, { localCodeFirst = false, unitOf = asSent }: Writing = {}) {
  const subject = { reference: `Patient/${patient}` };
  const { disease } = person;
  return [
    { resourceType: 'Patient', id: patient, gender: person.sex, birthDate: person.born },
    ...person.measured.map((measured) => {
      const { code, value, unit } = unitOf(measured);
      const codings = [
        { system: LOINC, code },
        { system: 'urn:benh-vien-gia-lap:xet-nghiem', code: OWN_CODES[code] },
      ];
      return {
        resourceType: 'Observation',
        id: `${patient}-${code}`,
        status: 'final',
        category: [{ coding: [{ code: code === '8480-6' ? 'vital-signs' : 'laboratory' }] }],
        code: { coding: localCodeFirst ? codings.toReversed() : codings },
        subject,
        effectiveDateTime: taken,
        valueQuantity: { value, unit, system: UCUM, code: unit },
      };
    }),
    ...(disease === undefined
      ? []
      : [
          {
            resourceType: 'Condition',
            id: `${patient}-disease`,
            subject,
            clinicalStatus: { coding: [{ code: 'active' }] },
            category: [{ coding: [{ code: 'problem-list-item' }] }],
            code: { coding: [{ system: ICD10, code: disease.code }] },
            onsetDateTime: disease.onset,
          },
        ]),
  ];
}

/** The prescription names no disease: what is told of one comes from what another door has stored. */
const check = (patient: string, { sex, born }: Person) => ({
  patientID: patient,
  maYTe: patient,
  sex: sex === 'male' ? 'Nam' : 'Nữ',
  // HisPro knows only whole days.
  dob: `${born}-01T00:00:00`,
  icd: null,
  prescriber: { id: 'bs.gialap', value: 'Bác Sĩ Giả Lập' },
});

/** Stored facts are judged behind a drug check: asked again until the line is there. */
async function checkDrugOf(patient: string, person: Person): Promise<Answer> {
  for (let asked = 0; ; asked += 1) {
    const answer = await send({ door: 'checkdrug', info: check(patient, person), expect: {} }, patient, doors);
    if (answer.told.length > 0 || asked > 40) return answer;
    await pause(250);
  }
}

async function byHl7(patient: string, person: Person): Promise<Answer> {
  const pid = `PID|1||${patient}^^^HIS^MR||GIA LAP^NGUOI BENH||${person.born.replace('-', '')}|${person.sex === 'male' ? 'M' : 'F'}`;
  const { disease } = person;
  if (disease !== undefined) {
    const diagnosis = `DG1|1||${disease.code}^Chan doan^I10||${disease.onset.replace('-', '')}|F`;
    const visit = ['EVN|A08|20261130080000', pid, `PV1|1|O|||||||||||||||||${patient}`, diagnosis];
    await send({ door: 'hl7', messageType: 'ADT^A08^ADT_A01', segments: visit, expect: {} }, patient, doors);
  }
  const segments = [
    pid,
    `OBR|1|${patient}-1||GL01^Xet nghiem^L|||${takenLocal}|||||||||||||||||F`,
    ...person.measured.map(({ code, value, unit }, at) => `OBX|${at + 1}|NM|${code}^^LN||${value}|${unit}|||||F`),
  ];
  await send({ door: 'hl7', segments, expect: {} }, patient, doors);
  return checkDrugOf(patient, person);
}

const elements = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');

async function byClaim(patient: string, person: Person): Promise<Answer> {
  const rows = person.measured.map(({ code, value, unit }) => {
    const row = {
      MA_LK: patient,
      MA_DICH_VU: 'GL01',
      MA_CHI_SO: OWN_CODES[code],
      GIA_TRI: String(value).replace('.', ','),
      DON_VI_DO: unit,
      NGAY_KQ: takenLocal,
    };
    return `<CHI_TIET_CLS>${elements(row)}</CHI_TIET_CLS>`;
  });
  const { disease } = person;
  const summary = {
    MA_LK: patient,
    MA_BN: patient,
    ...(disease !== undefined && {
      MA_BENH_CHINH: 'Z00.0',
      MA_BENH_KT: `J06.9;${disease.code}`,
      NGAY_VAO: `${disease.onset.replace('-', '')}120800`,
    }),
  };
  const tables = {
    XML1: `<TONG_HOP>${elements(summary)}</TONG_HOP>`,
    XML4: `<DSACH_CHI_TIET_CLS>${rows.join('')}</DSACH_CHI_TIET_CLS>`,
  };
  const { lines = [] } = await send({ door: 'xml', tables, expect: {} }, patient, doors);
  expect(lines.filter(({ kind }) => kind === 'measurement')).toHaveLength(person.measured.length);
  return checkDrugOf(patient, person);
}

const byApi = (patient: string, { sex, born, measured, disease }: Person): Promise<Answer> =>
  send(
    {
      door: 'risk',
      body: {
        patient: { code: patient, sex, birthDate: born },
        measurements: [
          ...measured.map((one) => ({ ...one, time: taken })),
          ...(disease === undefined
            ? []
            : [{ code: disease.code, system: ICD10, value: true, time: `${disease.onset}-01` }]),
        ],
      },
      expect: {},
    },
    patient,
    doors,
  );

interface Asked extends Writing {
  readonly language: Language;
}

const byHook = (patient: string, person: Person, { language, ...writing }: Asked): Promise<Answer> =>
  send({ door: 'hook', language, resources: resourcesOf(patient, person, writing), expect: {} }, patient, doors);

const byAssess = (patient: string, person: Person, { language, ...writing }: Asked): Promise<Answer> =>
  send({ door: 'assess', language, resources: resourcesOf(patient, person, writing), expect: {} }, patient, doors);

/** What our own API says of one equation, which every other door is held to. */
interface Said {
  readonly outcome: string;
  /** The result in words; absent where there is none. */
  readonly words: Sentence | undefined;
  readonly reasons: readonly Sentence[];
}

interface ApiResult {
  readonly equationId: string;
  readonly outcome: string;
  readonly headline: string | null;
  readonly outputs: readonly { readonly name: string; readonly text: Sentence }[];
  readonly reasons: readonly { readonly text: Sentence }[];
}

const saidByApi = ({ texts }: Answer): ReadonlyMap<string, Said> =>
  new Map(
    texts.map((text) => {
      const { equationId, outcome, headline, outputs, reasons }: ApiResult = JSON.parse(text);
      const words = outputs.find(({ name }) => name === headline)?.text;
      return [equationId, { outcome, words, reasons: reasons.map((reason) => reason.text) }];
    }),
  );

interface FhirResult {
  readonly resourceType: string;
  readonly method?: { readonly coding: readonly { readonly code: string }[] };
  readonly prediction?: readonly { readonly rationale: string }[];
  readonly note?: readonly { readonly text: string }[];
}

const saidByFhir = ({ texts }: Answer): ReadonlyMap<string, FhirResult> =>
  new Map(
    texts
      .map((text): FhirResult => JSON.parse(text))
      .filter(({ resourceType }) => resourceType === 'RiskAssessment')
      .map((one) => [(one.method?.coding[0]?.code ?? '').replace(/^risk-/, ''), one]),
  );

const EGFR = 'ckd_epi_2021';
const WHO_LAB = 'who_cvd_2019_lab_sea';
const WORST_KIDNEY = { code: '2160-0', value: 900, unit: 'umol/L' } as const;
const LANGUAGES = ['vi', 'en'] as const;

/** Every door tells of the kidney at once with the heart: where it speaks of the one and not of the other, it is silent about it. */
const PERSONS: readonly (readonly [string, Person, 'told' | 'refused' | 'silent'])[] = [
  [
    'a man of sixty with diabetes since a March',
    {
      sex: 'male',
      born: bornMonth(60),
      measured: [
        WORST_KIDNEY,
        { code: '2093-3', value: 6.2, unit: 'mmol/L' },
        { code: '8480-6', value: 158, unit: 'mm[Hg]' },
      ],
      disease: { code: 'E11.9', onset: '2019-03' },
    },
    'told',
  ],
  [
    'a woman after a stroke: no first event can be foretold',
    {
      sex: 'female',
      born: bornMonth(66),
      measured: [
        WORST_KIDNEY,
        { code: '2093-3', value: 5.4, unit: 'mmol/L' },
        { code: '8480-6', value: 171, unit: 'mm[Hg]' },
      ],
      disease: { code: 'I63.9', onset: '2020-11' },
    },
    'silent',
  ],
  [
    'a man of 85: too old for the chart, which would give a high risk',
    {
      sex: 'male',
      born: bornMonth(85),
      measured: [
        WORST_KIDNEY,
        { code: '2093-3', value: 7.6, unit: 'mmol/L' },
        { code: '8480-6', value: 185, unit: 'mm[Hg]' },
      ],
      disease: { code: 'E11.9', onset: '2008-01' },
    },
    'refused',
  ],
];

const tellsOfHeart = ({ told }: Answer): boolean => told.some(({ topic }) => topic === 'cvd');

describe.each(PERSONS)('%s', (name, person, heart) => {
  const id = `ONE-${PERSONS.findIndex(([one]) => one === name)}`;
  let api: ReadonlyMap<string, Said>;
  const said = (equation: string): Said => {
    const found = api.get(equation);
    if (found === undefined) throw new Error(`the API says nothing of ${equation}`);
    return found;
  };
  beforeAll(async () => {
    api = saidByApi(await byApi(`${id}-API`, person));
  });

  /** `texts`: of cards, lines or alerts. */
  function sameWords(texts: readonly string[], language: Language): void {
    const whole = texts.join('\n');
    const told = [said(EGFR), ...(heart === 'told' ? [said(WHO_LAB)] : [])].map(({ words }) => words?.[language]);
    expect(told.map((words) => words !== undefined && whole.includes(words))).toEqual(told.map(() => true));
  }

  test('our own API assesses the kidney, and the heart or says why not', () => {
    expect(said(EGFR).outcome).toBe('assessed');
    const { outcome, words, reasons } = said(WHO_LAB);
    expect([outcome, words === undefined, reasons.length > 0]).toEqual(
      heart === 'told' ? ['assessed', false, false] : ['not-assessed', true, true],
    );
  });

  test.each(LANGUAGES)(
    'FHIR $assess gives every outcome, result and reason of the API in the same words (%s)',
    async (language) => {
      const fhir = saidByFhir(await byAssess(`${id}-ASSESS-${language}`, person, { language }));
      const heard = [...fhir].map(([equation, { prediction = [], note = [] }]) => {
        const notes = note.map(({ text }) => text);
        const { reasons } = said(equation);
        return [
          equation,
          prediction.length > 0 ? 'assessed' : 'not-assessed',
          prediction[0]?.rationale.split('\n')[0],
          reasons.filter((reason) => notes.includes(reason[language])),
        ];
      });
      const asked = [...fhir.keys()].map((equation) => {
        const { outcome, words, reasons } = said(equation);
        return [equation, outcome, words?.[language], reasons];
      });
      expect(heard).toEqual(asked);
      expect([EGFR, WHO_LAB].every((equation) => fhir.has(equation))).toBe(true);
    },
  );

  test.each(LANGUAGES)('CDS Hooks tells the same in the same words (%s)', async (language) => {
    const answer = await byHook(`${id}-HOOK-${language}`, person, { language });
    sameWords(answer.texts, language);
    expect(tellsOfHeart(answer)).toBe(heart === 'told');
    // A refusal that hides a high risk is said aloud, with the API's own reason.
    const refusal = answer.texts.find((text) =>
      said(WHO_LAB).reasons.some((reason) => text.includes(reason[language])),
    );
    expect(refusal !== undefined).toBe(heart === 'refused');
  });

  test.each([
    ['HL7 v2', byHl7],
    ['claim XML', byClaim],
  ])(
    '%s, told by CheckDrug, tells the same in the same words, and its alerts in both languages',
    async (door, through) => {
      const patient = `${id}-${door.replaceAll(/[^A-Za-z0-9]/g, '')}`;
      const answer = await through(patient, person);
      sameWords(answer.texts, 'vi');
      expect(tellsOfHeart(answer)).toBe(heart === 'told');
      const found = await (await fetch(`${doors.address}/v1/alerts?patientCode=${patient}`)).text();
      const alerts: { summary: Sentence }[] = JSON.parse(found);
      for (const language of LANGUAGES)
        sameWords(
          alerts.map(({ summary }) => summary[language]),
          language,
        );
    },
  );
});

test('a creatinine of 900 µmol/L of a man of sixty is an eGFR of 5', async () => {
  const person: Person = { sex: 'male', born: bornMonth(60), measured: [WORST_KIDNEY] };
  const egfr = (await byApi('ONE-EGFR', person)).told.find(({ topic }) => topic === 'egfr');
  // CKD-EPI 2021: 142 × (10.18 / 0.9)^-1.2 × 0.9938^60 = 5.32
  expect(egfr?.low).toBeCloseTo(5.32, 1);
});

/** Between two bands of the WHO chart, so that the rounding of a conversion moves nobody from one into the other. */
const CHOLESTEROLS_MMOL_L = [3.5, 4.5, 5.5, 6.5, 7.5];
const PRESSURES_MMHG = [112, 130, 150, 170, 188];
const MG_DL: Readonly<Record<string, number>> = { '2160-0': 1 / 88.42, '2093-3': 38.665 };

/** In the other usual unit. */
function inOtherUnit({ code, value, unit }: Measured): Measured {
  const factor = MG_DL[code];
  if (factor === undefined) return { code, value: Number((value * 0.133322).toFixed(4)), unit: 'kPa' };
  return unit === 'mg/dL' ? { code, value, unit } : { code, value: Number((value * factor).toFixed(4)), unit: 'mg/dL' };
}

/** One person in many writings: unit, order of the codings, language and door change, the facts do not. */
test('the writing of a person changes no result', async () => {
  const writings = fc.record({
    creatinineUmolL: fc.integer({ min: 40, max: 1000 }),
    cholesterol: fc.constantFrom(...CHOLESTEROLS_MMOL_L),
    pressure: fc.constantFrom(...PRESSURES_MMHG),
    sex: fc.constantFrom('male', 'female'),
    ageYears: fc.integer({ min: 20, max: 90 }),
    disease: fc.constantFrom(undefined, 'E11.9', 'I63.9', 'I21.9'),
    language: fc.constantFrom(...LANGUAGES),
    localCodeFirst: fc.boolean(),
    otherUnits: fc.boolean(),
  });
  let persons = 0;
  await fc.assert(
    fc.asyncProperty(writings, async ({ language, localCodeFirst, otherUnits, ...facts }) => {
      persons += 1;
      const person: Person = {
        sex: facts.sex,
        born: bornMonth(facts.ageYears),
        measured: [
          { code: '2160-0', value: facts.creatinineUmolL, unit: 'umol/L' },
          { code: '2093-3', value: facts.cholesterol, unit: 'mmol/L' },
          { code: '8480-6', value: facts.pressure, unit: 'mm[Hg]' },
        ],
        ...(facts.disease !== undefined && { disease: { code: facts.disease, onset: '2019-03' } }),
      };
      const plain = await byApi(`SP-API-${persons}`, person);
      const api = saidByApi(plain);
      const asked: Asked = { language, localCodeFirst, ...(otherUnits && { unitOf: inOtherUnit }) };
      const fhir = saidByFhir(await byAssess(`SP-assess-${persons}`, person, asked));
      const outcomes = [...fhir].map(([equation, { prediction = [] }]) => [equation, prediction.length > 0]);
      expect(outcomes).toEqual(
        [...fhir.keys()].map((equation) => [equation, api.get(equation)?.outcome === 'assessed']),
      );
      // The chart of the WHO gives whole percents: the same words, whatever the unit.
      expect(fhir.get(WHO_LAB)?.prediction?.[0]?.rationale.split('\n')[0]).toBe(api.get(WHO_LAB)?.words?.[language]);
      const { texts, told } = await byHook(`SP-hook-${persons}`, person, asked);
      // A hook is silent about a heart and a kidney that are well; where it speaks, it says the same.
      const words = api.get(WHO_LAB)?.words?.[language];
      const tellsOfRisk = told.some(({ topic }) => topic === 'cvd');
      expect(tellsOfRisk).toBe(tellsOfRisk && words !== undefined && texts.join('\n').includes(words));
      const [kidney, expected] = [told, plain.told].map((all) => all.find(({ topic }) => topic === 'egfr')?.low);
      // The factor between the units is itself rounded (0.03 %), and the card's number too (0.5 %).
      expect(Math.abs((kidney ?? expected ?? Number.NaN) / (expected ?? Number.NaN) - 1)).toBeLessThan(0.006);
    }),
    { numRuns: 25 },
  );
});
