// The CDS Hooks door with the real equations behind it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { answer } from '#interop/cds-hooks/answer/answer.ts';
import { cardFaults } from '#interop/cds-hooks/answer/card.ts';
import { PATIENT_CODE_SYSTEMS } from '#interop/fhir-model/person.ts';
import { readHookRequest } from '#interop/cds-hooks/request/request.ts';
import { createRiskItems } from '#risk/person/items.ts';
import { createTeller } from '#risk/person/tell.ts';
import { openRiskLibrary, type RiskLibrary } from '#risk/equation/library.ts';
import { testClock } from '../../store/hosts.ts';
import { bundle, observation, patientResource, patientView } from './requests.ts';

let library: RiskLibrary;
let assessRisk: ReturnType<typeof createRiskItems>;
beforeAll(async () => {
  library = await openRiskLibrary('models');
  assessRisk = createRiskItems(library);
});
afterAll(() => library.close());

/** Nothing is stored yet, and nothing is kept. */
const tell = createTeller({
  clock: testClock('2026-11-22T02:00:00.000Z'),
  messages: { raised: () => [], restated: () => [], changed: () => [] },
  facility: async () => ({
    assessments: { append: async () => ({ alertIds: [] }), get: async () => undefined },
    alerts: {
      currentOf: async () => [],
      record: () => Promise.reject(new Error('there is no alert')),
      load: async () => ({ raisedLastHour: {}, interruptiveByRole: {}, patients: 0 }),
      turn: (decide) => decide(),
    },
    riskSubjects: { keep: async () => undefined },
    persons: { survivor: async (code) => code },
  }),
});

const ask = (prefetch: Record<string, unknown>) =>
  answer(
    readHookRequest(patientView({ prefetch })),
    { facilityId: 'local', language: 'en' },
    {
      ports: {
        picture: async () => ({ alerts: [], studies: [] }),
        assessRisk,
        tell,
        alert: async () => undefined,
        record: async () => undefined,
        keepFeedback: async () => undefined,
      },
      settings: {
        clock: testClock('2026-11-22T02:00:00.000Z'),
        policy: async () => defaultPolicy,
        publicUrl: 'https://cds.example.vn',
        defaultLanguage: 'vi',
        fhirServers: [],
        patientCodeSystems: PATIENT_CODE_SYSTEMS,
        deadlineMs: 60_000,
        corsOrigins: [],
      },
    },
  );

const cardiovascular = async (prefetch: Record<string, unknown>) =>
  (await ask(prefetch)).find(({ summary }) => summary.startsWith('10-year cardiovascular risk'));

const labs = bundle([observation('2093-3', 6.9, 'mmol/L')]);

describe('a risk from the prefetch', () => {
  test('without the blood pressure lies between two ends, and each end is one number', async () => {
    const card = await cardiovascular({ patient: patientResource, labs, vitals: bundle([]), conditions: null });
    expect(card?.summary).toMatch(
      /^10-year cardiovascular risk: between [\d.]+ and [\d.]+ %, open because data are missing$/,
    );
    expect(card?.detail).toContain('Systolic blood pressure');
    expect(card?.indicator).toBe('info');
  });

  test('with everything that the WHO chart asks is a flag that names what drives it', async () => {
    const smoker = {
      ...observation('72166-2', 0, ''),
      valueQuantity: undefined,
      valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '449868002' }] },
    };
    const prefetch = {
      patient: { ...patientResource, birthDate: '1958-05-02' },
      labs,
      vitals: bundle([observation('8480-6', 185, 'mm[Hg]')]),
      social: bundle([smoker]),
      conditions: bundle([
        {
          resourceType: 'Condition',
          code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'E11' }] },
          clinicalStatus: { coding: [{ code: 'active' }] },
        },
      ]),
    };
    const card = await cardiovascular(prefetch);
    expect(card).toMatchObject({
      indicator: 'warning',
      source: { label: expect.stringContaining('who_cvd_2019_lab_sea') },
    });
    expect(card?.summary).toMatch(/^10-year cardiovascular risk: \d+(\.\d)? % \(.+\)$/);
    expect(card?.overrideReasons?.length).toBeGreaterThan(4);
  });

  test('says which result could not be used, and why', async () => {
    const wrong = bundle([observation('2093-3', 6.9, 'furlong')]);
    const vitals = bundle([observation('8480-6', 168, 'mm[Hg]')]);
    const card = await cardiovascular({ patient: patientResource, labs: wrong, vitals, conditions: null });
    expect(card?.detail).toContain('A result could not be used, 2093-3: The unit is not one that is known.');
  });

  test('breaks no invariant of the specification, whatever is known', async () => {
    for (const prefetch of [
      { patient: patientResource },
      { labs },
      { patient: patientResource, labs, conditions: null },
    ]) {
      expect((await ask(prefetch)).flatMap(cardFaults)).toEqual([]);
    }
  });
});
