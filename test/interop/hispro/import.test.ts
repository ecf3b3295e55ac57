// Laboratory values and vital signs come from a HisPro, are kept once, and raise what the real equations find.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { createTeller } from '#risk/person/tell.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { openHisClient } from '#interop/hispro/client/his-client.ts';
import { hisproImportRoutes } from '#interop/hispro/client/import-routes.ts';
import { backgroundRefresh, type RefreshDeps } from '#interop/hispro/client/refresh.ts';
import { createRiskItems } from '#risk/person/items.ts';
import { openRiskLibrary, type RiskLibrary } from '#risk/equation/library.ts';
import { MOCK_ACCOUNT, type MockHispro, startMockHispro } from '../../fixtures/mock-hispro.ts';
import { openTestStore, type TestStore } from '../../store/hosts.ts';

let at: TestStore;
let his: MockHispro;
let library: RiskLibrary;
let app: Server;
let deps: RefreshDeps;

const build = async (refreshing: RefreshDeps): Promise<Server> => {
  const server = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  await server.register(hisproImportRoutes, { refreshing });
  return server;
};

beforeAll(async () => {
  at = await openTestStore('embedded');
  his = await startMockHispro();
  library = await openRiskLibrary('models');
  const facility = (id: string) => at.store.facility(id);
  deps = {
    facilityId: 'local',
    facility,
    policy: defaultPolicy,
    clock: at.clock,
    client: openHisClient({
      servers: { acs: his.url, mos: his.url, sda: his.url },
      account: MOCK_ACCOUNT,
      timeoutMs: 10_000,
    }),
    testCodes: new Map([
      ['CHOL', { loinc: '2093-3', unit: 'mmol/L' }],
      ['GLU', { loinc: '2345-7', unit: 'mmol/L' }],
    ]),
    genderIds: { female: 1, male: 2 },
    assessRisk: createRiskItems(library),
    tell: createTeller({ clock: at.clock, messages: alertMessages([]), facility }),
  };
  app = await build(deps);
  const vitals = {
    BREATH_RATE: 26,
    SPO2: 90,
    BLOOD_PRESSURE_MAX: 88,
    PULSE: 125,
    TEMPERATURE: 39.2,
    EXECUTE_TIME: 20260301063000,
  };
  his.setTreatment('T1', {
    laboratory: [
      { TestIndexCode: 'CHOL', Value: '6,9', ExecuteTime: '2026-02-28T08:00:00' },
      { TestIndexCode: 'LAKT', Value: '4' },
    ],
    emr: { Patient: { GENDER_ID: 2, DOB: 19600510000000 }, Dhst: vitals },
  });
});
afterAll(async () => {
  await app.close();
  await library.close();
  await his.close();
  await at.close();
});

const fetchOf = (body: object, server = app) =>
  server.inject({ method: 'POST', url: '/v1/import/hispro', headers: { host: '127.0.0.1' }, payload: body });

describe('a patient’s data in HisPro', () => {
  test('are fetched, kept once, and what is not known is said', async () => {
    const body = { patientCode: 'P1', treatmentCode: 'T1', treatmentId: 7 };
    const first = (await fetchOf(body)).json();
    expect(first).toMatchObject({ stored: 6, known: 0, rejected: [{ code: 'LAKT', reason: 'unknown-code' }] });
    expect((await fetchOf(body)).json()).toMatchObject({ stored: 0, known: 6 });
    const kept = await at.local.measurements.ofPatient('P1');
    expect(kept.map(({ code, value, unit }) => [code, value, unit])).toContainEqual(['2093-3', 6.9, 'mmol/L']);
    expect(await at.local.assessments.ofPatient('P1')).not.toEqual([]);
  });

  test('laboratory rows that a later answer has no more were deleted; what could not be had stays', async () => {
    const rows = [
      { TestIndexCode: 'CHOL', Value: '6,9', ExecuteTime: '2026-02-28T08:00:00' },
      { TestIndexCode: 'GLU', Value: '11', ExecuteTime: '2026-02-28T08:00:00' },
    ];
    const fetched = async (laboratory?: readonly object[]): Promise<readonly string[]> => {
      his.setTreatment('T9', laboratory === undefined ? {} : { laboratory });
      await fetchOf({ patientCode: 'P9', treatmentCode: 'T9' });
      return (await at.local.measurements.ofPatient('P9')).map(({ code }) => code).toSorted();
    };
    expect(await fetched(rows)).toEqual(['2093-3', '2345-7']);
    expect(await fetched(rows.slice(0, 1))).toEqual(['2093-3']);
    // Entered again it holds again.
    expect(await fetched(rows)).toEqual(['2093-3', '2345-7']);
    // Of a treatment that is not told of, nothing is known.
    expect(await fetched()).toEqual(['2093-3', '2345-7']);
    // Another treatment says nothing about this one.
    his.setTreatment('T10', { laboratory: [] });
    await fetchOf({ patientCode: 'P9', treatmentCode: 'T10' });
    expect(await at.local.measurements.ofPatient('P9')).toHaveLength(2);
    expect(await fetched([])).toEqual([]);
  });

  test('are refused with a reason where HisPro is not configured or does not answer', async () => {
    const { client: _client, ...without } = deps;
    const bare = await build(without);
    expect((await fetchOf({ patientCode: 'P1' }, bare)).json()).toMatchObject({
      status: 409,
      code: 'hispro.not-configured',
    });
    await bare.close();
    his.mood = 'refusing';
    expect((await fetchOf({ patientCode: 'P1', treatmentCode: 'T1' })).json()).toMatchObject({
      status: 502,
      code: 'hispro.refused',
    });
    his.mood = 'up';
    expect((await fetchOf({ patientCode: '', extra: 1 })).statusCode).toBe(400);
  });

  test('are fetched behind a drug check once in ten minutes, and again after a failure', async () => {
    const faults: unknown[] = [];
    const refresh = backgroundRefresh(deps, (thrown) => faults.push(thrown));
    const calls = () => his.calls.filter((path) => path.endsWith('GetClinicalDetailForEmr')).length;
    const check = {
      patientCode: 'P2',
      treatmentCode: 'T1',
      sex: 'male' as const,
      birthDate: '1960-05-10',
      diagnoses: [],
    };
    const before = calls();
    refresh(check);
    refresh(check);
    await expect.poll(async () => (await at.local.measurements.ofPatient('P2')).length, { timeout: 20_000 }).toBe(1);
    expect(calls()).toBe(before + 1);
    his.mood = 'empty';
    at.clock.advance(10 * 60_000);
    refresh(check);
    await expect.poll(() => faults.length, { timeout: 20_000 }).toBe(1);
    his.mood = 'up';
    refresh(check);
    await expect.poll(calls, { timeout: 20_000 }).toBe(before + 3);
  });
});
