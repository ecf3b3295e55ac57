// One person through every door: the same facts give the same values, outcomes and words.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Doors, pause, send } from '../cases/his/doors.ts';
import { modelsFolder, openTestService, type TestService } from './service.ts';

let service: TestService;
let models: string;
let doors: Doors;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  models = modelsFolder();
  for (const name of readdirSync('models').filter((one) => one.startsWith('risk-')))
    cpSync(join('models', name), join(models, name), { recursive: true });
  const hl7Port = await freePort();
  const site = { cdsHooks: { deadlineMs: 10_000 }, hispro: { answerWithinMs: 5_000 } };
  service = await openTestService(undefined, site, {
    HAIDANG_HL7_PORT: String(hl7Port),
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
/** Sixty years and half a year ago. */
const born = new Date(now - (60 * 365.25 + 182) * DAY_MS).toISOString().slice(0, 10);
const taken = new Date(now - DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
/** Viet Nam's clock, as HL7 and claim files write it. */
const takenLocal = new Date(now - DAY_MS + 7 * 3_600_000).toISOString().replaceAll(/[-:T]/g, '').slice(0, 12);

const observation = (patient: string) => ({
  resourceType: 'Observation',
  id: `${patient}-creatinine`,
  status: 'final',
  category: [{ coding: [{ code: 'laboratory' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '2160-0' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: taken,
  valueQuantity: { value: 900, unit: 'umol/L', system: 'http://unitsofmeasure.org', code: 'umol/L' },
});
const person = (patient: string) => ({ resourceType: 'Patient', id: patient, gender: 'male', birthDate: born });
const resources = (patient: string) => [person(patient), observation(patient)];

const check = (patient: string) => ({
  patientID: patient,
  maYTe: patient,
  sex: 'Nam',
  dob: `${born}T00:00:00`,
  icd: null,
  prescriber: { id: 'bs.gialap', value: 'Bác Sĩ Giả Lập' },
});

/** Stored facts are judged behind a drug check: asked again until the line is there. */
async function checkDrugOf(patient: string): Promise<Answer> {
  for (let asked = 0; ; asked += 1) {
    const answer = await send({ door: 'checkdrug', info: check(patient), expect: {} }, patient, doors);
    if (answer.told.length > 0 || asked > 40) return answer;
    await pause(250);
  }
}

async function byHl7(patient: string): Promise<Answer> {
  const segments = [
    `PID|1||${patient}^^^HIS^MR||GIA LAP^NGUOI BENH||${born.replaceAll('-', '')}|M`,
    `OBR|1|${patient}-1||GL01^Xet nghiem^L|||${takenLocal}|||||||||||||||||F`,
    'OBX|1|NM|2160-0^^LN||900|umol/L|||||F',
  ];
  await send({ door: 'hl7', segments, expect: {} }, patient, doors);
  return checkDrugOf(patient);
}

const byApi = (patient: string): Promise<Answer> =>
  send(
    {
      door: 'risk',
      body: {
        patient: { code: patient, sex: 'male', birthDate: born },
        measurements: [{ code: '2160-0', value: 900, unit: 'umol/L', time: taken }],
        equations: ['ckd_epi_2021'],
      },
      expect: {},
    },
    patient,
    doors,
  );

const byHook = (patient: string): Promise<Answer> =>
  send({ door: 'hook', language: 'vi', resources: resources(patient), expect: {} }, patient, doors);

const byAssess = (patient: string): Promise<Answer> =>
  send({ door: 'assess', language: 'vi', resources: resources(patient), expect: {} }, patient, doors);

describe('a creatinine of 900 µmol/L of a man of sixty', () => {
  test.each([
    ['our own API', byApi],
    ['CDS Hooks', byHook],
    ['FHIR $assess', byAssess],
    ['HL7 v2, told by CheckDrug', byHl7],
  ])('is an eGFR of 5 by %s', async (name, through) => {
    const answer = await through(`ONE-${name.replaceAll(/[^A-Za-z0-9]/g, '')}`);
    const egfr = answer.told.filter(({ topic }) => topic === 'egfr');
    // CKD-EPI 2021: 142 × (10.18 / 0.9)^-1.2 × 0.9938^60 = 5.32
    expect(egfr.length).toBeGreaterThan(0);
    for (const { low, high } of egfr) {
      expect(low).toBeGreaterThan(5.2);
      expect(high).toBeLessThan(5.4);
    }
  });
});

test('the result stands in the same words on a card and in a line of HisPro', async () => {
  const [card, line] = [await byHook('ONE-WORDS-A'), await byHl7('ONE-WORDS-B')];
  const result = /\d+(?:,\d+)? ml\/phút\/1,73 m²|\d+(?:,\d+)? mL\/min\/1.73 m²/;
  const [inCard, inLine] = [card, line].map(({ texts }) => texts.join('\n').match(result)?.[0]);
  expect(inCard).toBeDefined();
  expect(inLine).toBe(inCard);
});
