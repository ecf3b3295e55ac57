import { identifyOpenly } from '#access/identity.ts';
import type { RiskQuestion, RiskItem } from '#risk/person/risk-item.ts';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultPolicy } from '#alerts/policy/policy.ts';
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { cardFaults, type Card } from '#interop/cds-hooks/answer/card.ts';
import { portsFromStore } from '#interop/cds-hooks/answer/from-store.ts';
import { createTeller } from '#risk/person/tell.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { PATIENT_CODE_SYSTEMS } from '#interop/fhir-model/person.ts';
import type { CdsHooksSettings } from '#interop/cds-hooks/ports.ts';
import { cdsHooksRoutes } from '#interop/cds-hooks/routes.ts';
import type { Alert } from '#kernel/alert.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { openTestStore, type TestStore } from '../../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleProvenance, sampleReading } from '../../store/samples.ts';
import { bundle, context, HOOK_INSTANCE, observation, patientResource, patientView } from './requests.ts';

const both = (text: string) => ({ vi: text, en: text });

const flagOf = (question: RiskQuestion, risk: number, category: string): RiskFlag => ({
  facilityId: question.facilityId,
  sourceId: derivedUuid(
    'assessment',
    question.facilityId,
    question.patientCode,
    JSON.stringify(question.measurements),
    String(risk),
  ),
  equationId: 'who-cvd-2019-lab-sea',
  title: { vi: 'Nguy cơ tim mạch 10 năm', en: '10-year cardiovascular risk' },
  result: both(`${Math.round(risk * 100)} %`),
  risk,
  category: { code: category, title: both(category) },
  contributions: [],
  limitations: [],
  provenance: sampleProvenance({ modelId: 'risk-who' }),
});

/** A risk room of two lines: systolic pressure decides, and without it the risk lies between 2 and 30 %. */
async function assessRisk(question: RiskQuestion): Promise<readonly RiskItem[]> {
  if (question.measurements.length === 0) return [];
  const pressure = question.measurements.find(({ code }) => code === '8480-6');
  if (pressure === undefined) {
    const settledBy = { title: { vi: 'Huyết áp tâm thu', en: 'Systolic blood pressure' }, loinc: '8480-6' };
    const [lower, upper] = [flagOf(question, 0.02, 'low'), flagOf(question, 0.3, 'critical')];
    const range = { vi: 'từ 2 đến 30 %', en: 'between 2 and 30 %' };
    return [{ kind: 'interval', range, lower, upper, missing: [settledBy.title], settledBy }];
  }
  return [{ kind: 'assessed', flag: flagOf(question, 0.22, 'very high') }];
}

const messages = alertMessages([{ target: 'webhook:his', topics: ['alert.raised', 'alert.changed'], from: 'info' }]);

let at: TestStore;
let app: Server;
let risk: (question: RiskQuestion) => Promise<readonly RiskItem[]>;

const settings = (changes: Partial<CdsHooksSettings> = {}): CdsHooksSettings => ({
  clock: at.clock,
  policy: async () => defaultPolicy,
  publicUrl: 'https://cds.example.vn',
  defaultLanguage: 'vi',
  fhirServers: [],
  patientCodeSystems: PATIENT_CODE_SYSTEMS,
  deadlineMs: 30_000,
  corsOrigins: ['https://his.example.vn'],
  explanationLink: ({ id }) => `https://cds.example.vn/view?alert=${id}`,
  ...changes,
});

async function build(changes: Partial<CdsHooksSettings> = {}): Promise<Server> {
  const server = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  const ports = {
    ...portsFromStore((id) => at.store.facility(id), messages),
    tell: createTeller({ clock: at.clock, messages, facility: (id) => at.store.facility(id) }),
    assessRisk: (question: RiskQuestion) => risk(question),
  };
  await server.register(cdsHooksRoutes, { ports, settings: settings(changes) });
  return server;
}

interface Answered {
  readonly status: number;
  readonly cards: Card[];
  readonly body: Record<string, unknown>;
}

async function call(body: object, headers: Record<string, string> = {}, server = app): Promise<Answered> {
  const reply = await server.inject({ method: 'POST', url: '/cds-services/patient-alerts', payload: body, headers });
  const parsed: Record<string, unknown> = reply.body === '' ? {} : reply.json();
  return { status: reply.statusCode, body: parsed, cards: (parsed['cards'] ?? []) as Card[] };
}

const feedback = (entries: object[], id = 'patient-alerts') =>
  app.inject({ method: 'POST', url: `/cds-services/${id}/feedback`, payload: { feedback: entries } });

async function raiseFor(patientCode: string, changes: Partial<Alert> = {}): Promise<Alert> {
  const reading = sampleReading(sampleInstance());
  const alert = sampleAlert(reading, {
    id: randomUUID(),
    subject: { patientCode, studyUid: reading.studyUid },
    ...changes,
  });
  await at.local.alerts.raise({ kind: 'alert', alert });
  return alert;
}

/** A patient of one's own, so that tests do not see each other's alerts. */
function person(): {
  patientCode: string;
  request: (changes?: Record<string, unknown>) => object;
  prefetch: Record<string, unknown>;
} {
  const patientCode = randomUUID().slice(0, 10);
  const patient = {
    ...patientResource,
    id: patientCode,
    identifier: [{ system: 'http://fhir.ehealth.gov.vn/core/sid/patient-internal-id', value: patientCode }],
  };
  const prefetch = { ...patientView().prefetch, patient };
  return {
    patientCode,
    prefetch,
    request: (changes = {}) => patientView({ context: { ...context, patientId: patientCode }, prefetch, ...changes }),
  };
}

beforeAll(async () => {
  at = await openTestStore('embedded');
  app = await build();
});
beforeEach(() => {
  risk = assessRisk;
});
afterAll(async () => {
  await app.close();
  await at.close();
});

describe('discovery', () => {
  test('lists the four hooks under one id, with what they want prefetched, in the language asked for', async () => {
    const reply = await app.inject({ url: '/cds-services', headers: { 'accept-language': 'en-GB,en;q=0.9' } });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-language']).toBe('en');
    const { services } = reply.json();
    expect(services.map((one: { hook: string }) => one.hook)).toEqual([
      'patient-view',
      'order-select',
      'order-sign',
      'encounter-start',
    ]);
    for (const one of services) {
      expect(one).toMatchObject({ id: 'patient-alerts', title: expect.any(String), description: expect.any(String) });
      for (const query of Object.values(one.prefetch))
        expect(query).toMatch(/^(Patient\/|[A-Z]\w+\?patient=)\{\{context\.patientId\}\}/);
    }
    expect((await app.inject({ url: '/cds-services/', headers: { 'accept-language': 'en' } })).json()).toEqual({
      services,
    });
  });
});

describe('cards', () => {
  test('show stored alerts and a risk computed from the prefetch together, the most severe first', async () => {
    const { patientCode, prefetch, request } = person();
    const alert = await raiseFor(patientCode, { severity: 'critical' });
    const vitals = bundle([observation('8480-6', 168, 'mm[Hg]')]);
    const { status, cards } = await call(request({ prefetch: { ...prefetch, vitals } }), { 'accept-language': 'en' });
    expect(status).toBe(200);
    expect(cards.map(({ summary }) => summary)).toEqual([
      'Suspected pleural effusion',
      '10-year cardiovascular risk: 22 % (very high)',
    ]);
    expect(cards[0]).toMatchObject({
      uuid: alert.id,
      indicator: 'critical',
      source: { label: 'Haidang – cxr-findings version 1' },
      links: [{ type: 'absolute', url: `https://cds.example.vn/view?alert=${alert.id}` }],
      selectionBehavior: 'any',
    });
    expect(cards.flatMap(cardFaults)).toEqual([]);
    // The risk that was told is stored before it is shown.
    expect(await at.local.alerts.get(cards[1]?.uuid ?? '')).toMatchObject({ severity: 'warning' });
    expect((await at.local.outbox.list()).filter(({ orderKey }) => orderKey === patientCode)).toMatchObject([
      { topic: 'alert.raised' },
    ]);
  });

  test('the same question gets the same cards again, in either language', async () => {
    const { prefetch, request } = person();
    const vitals = bundle([observation('8480-6', 168, 'mm[Hg]')]);
    const question = request({ prefetch: { ...prefetch, vitals } });
    const first = await call(question);
    const second = await call(question, { 'accept-language': 'en' });
    expect(first.cards).toHaveLength(1);
    expect(first.cards.map(({ uuid }) => uuid)).toEqual(second.cards.map(({ uuid }) => uuid));
    expect(first.cards[0]?.summary).toBe('Nguy cơ tim mạch 10 năm: 22 % (very high)');
    const open = person().request();
    expect((await call(open)).cards).toEqual((await call(open)).cards);
  });

  test('an input that is missing leaves the risk open and is offered as an order', async () => {
    const { cards } = await call(person().request(), { 'accept-language': 'en' });
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({
      indicator: 'info',
      summary: '10-year cardiovascular risk: between 2 and 30 %, open because data are missing',
      suggestions: [{ label: 'Order systolic blood pressure', isRecommended: true, actions: [{ type: 'create' }] }],
    });
    expect(cards[0]?.detail).toContain('Not sent by the hospital system: social history');
    expect(cards.flatMap(cardFaults)).toEqual([]);
  });

  test('a film that is being read and one that was not assessed are said aloud', async () => {
    const { patientCode, request } = person();
    const waiting = sampleInstance({ patient: { id: patientCode } });
    await at.local.intake.accept(waiting, { actor: 'test' });
    const refused = sampleInstance({ patient: { id: patientCode } });
    await at.local.intake.accept(refused, { actor: 'test' });
    const reasons = [{ code: 'preread.lateral', text: { vi: 'Phim nghiêng', en: 'Lateral film' } }];
    await at.local.readings.commit({
      reading: sampleReading(refused, { outcome: 'not-assessed', reasons, findings: [] }),
      heatmaps: [],
      told: [],
      outbox: [],
      audit: [],
    });
    const { cards } = await call(request({ prefetch: { labs: null } }), { 'accept-language': 'en' });
    expect(cards.map(({ summary }) => summary).sort()).toEqual([
      'A film could not be assessed by the model; this is not a negative result',
      'Still computing, no result yet',
      'The risk could not be assessed because the patient’s data could not be had',
    ]);
    expect(cards.find(({ summary }) => summary.startsWith('A film'))?.detail).toContain('Lateral film');
  });

  test('what takes too long is said to be computing, and is there the next time', async () => {
    const slow = await build({ deadlineMs: 50 });
    const { promise, resolve } = Promise.withResolvers<void>();
    risk = async (question) => {
      await promise;
      return assessRisk(question);
    };
    const question = person().request();
    const first = await call(question, { 'accept-language': 'en' }, slow);
    expect(first.cards.map(({ summary }) => summary)).toEqual(['Still computing, no result yet']);
    resolve();
    // However slow this machine is, the answer is remembered, so a later question finds it ready.
    await expect
      .poll(async () => (await call(question, { 'accept-language': 'en' }, slow)).cards.map(({ summary }) => summary), {
        timeout: 50_000,
      })
      .toEqual(['10-year cardiovascular risk: between 2 and 30 %, open because data are missing']);
    await slow.close();
  });

  test('suppressed and decided alerts stay away, an acknowledged one no longer interrupts', async () => {
    const { patientCode, request } = person();
    await raiseFor(patientCode, { suppressedBecause: { code: 'alerts.budget', text: both('x') } });
    const overridden = await raiseFor(patientCode);
    const taken = await raiseFor(patientCode, { severity: 'critical' });
    await feedback([
      {
        card: overridden.id,
        outcome: 'overridden',
        overrideReason: { reason: { code: 'disagree' } },
        outcomeTimestamp: '2026-03-01T00:00:00Z',
      },
      {
        card: taken.id,
        outcome: 'accepted',
        acceptedSuggestions: [{ id: 'x' }],
        outcomeTimestamp: '2026-03-01T00:00:00Z',
      },
    ]);
    const { cards } = await call(request({ prefetch: undefined }), { 'accept-language': 'en' });
    expect(cards).toMatchObject([{ uuid: taken.id, indicator: 'info' }]);
    expect(cards[0]?.detail).toContain('A clinician has acknowledged this alert.');
  });

  test('nobody’s data at all is a 412 and never an empty answer', async () => {
    const { status, body } = await call({
      ...patientView(),
      context: { ...context, patientId: 'nobody' },
      prefetch: undefined,
    });
    expect(status).toBe(412);
    expect(body).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ code: 'required', expression: ['prefetch'] }],
    });
  });

  test('data came and there is nothing to say: no card', async () => {
    const { prefetch, request } = person();
    const nothing = { patient: prefetch['patient'], labs: null, vitals: null, social: null, conditions: null };
    expect(await call(request({ prefetch: nothing }))).toMatchObject({ status: 200, body: { cards: [] } });
  });

  test.each([
    ['no patient at all', { patient: null }],
    ['another resource in the patient’s place', { patient: observation('2093-3', 5, 'mmol/L') }],
    ['another patient', { patient: { ...patientResource, id: 'somebody-else' } }],
    ['a patient without sex', { patient: { ...patientResource, id: undefined, gender: 'other' } }],
  ])('%s is never silence, and has one name in both languages', async (_what, changes) => {
    risk = async () => [];
    const { request } = person();
    const question = request({ prefetch: { labs: null, vitals: null, social: null, conditions: null, ...changes } });
    const [vi, en] = [await call(question), await call(question, { 'accept-language': 'en' })];
    expect(en.cards.map(({ summary }) => summary)).toEqual([
      'The risk could not be assessed because the patient’s data could not be had',
    ]);
    expect(vi.cards.map(({ uuid }) => uuid)).toEqual(en.cards.map(({ uuid }) => uuid));
    expect(vi.cards[0]?.summary).not.toBe(en.cards[0]?.summary);
  });

  test('another patient’s record opens none of that patient’s alerts', async () => {
    const other = person();
    const alert = await raiseFor(other.patientCode);
    const { cards } = await call(person().request({ prefetch: { ...other.prefetch } }));
    expect(cards.map(({ uuid }) => uuid)).not.toContain(alert.id);
    expect((await call(other.request())).cards.map(({ uuid }) => uuid)).toContain(alert.id);
  });

  test('a stored risk lacks nothing of a request that it was not computed from', async () => {
    const { prefetch, request } = person();
    const vitals = bundle([observation('8480-6', 168, 'mm[Hg]')]);
    await call(request({ prefetch: { ...prefetch, vitals } }));
    const { cards } = await call(request({ prefetch: undefined }), { 'accept-language': 'en' });
    expect(cards).toHaveLength(1);
    expect(cards[0]?.detail).not.toContain('Missing data');
  });

  test('an error of the hospital’s server is said beside what is stored', async () => {
    const { patientCode, request } = person();
    const alert = await raiseFor(patientCode);
    const { cards } = await call(request({ prefetch: { labs: { resourceType: 'OperationOutcome' } } }));
    expect(cards.map(({ uuid, indicator }) => [uuid === alert.id, indicator])).toEqual([
      [true, 'warning'],
      [false, 'info'],
    ]);
  });

  test('a birth date that cannot be takes nothing away from what is stored', async () => {
    const { patientCode, prefetch, request } = person();
    const alert = await raiseFor(patientCode);
    const patient = { ...patientResource, id: patientCode, birthDate: '2060-01-01' };
    const { status, cards } = await call(request({ prefetch: { ...prefetch, patient } }));
    expect([status, cards[0]?.uuid]).toEqual([200, alert.id]);
  });

  test('stand in the same order when they are raised and when they are stored', async () => {
    risk = async (question) =>
      ['a', 'b', 'c'].map((equationId, place) => ({
        kind: 'assessed' as const,
        flag: { ...flagOf(question, 0.22 + place / 100, 'very high'), equationId },
        record: { inputs: {}, result: {} },
      }));
    const { request } = person();
    const [first, second] = [await call(request()), await call(request())];
    expect(first.cards).toHaveLength(3);
    expect(first.cards.map(({ uuid }) => uuid)).toEqual(second.cards.map(({ uuid }) => uuid));
  });

  test('a risk that fell a little has a card that says what it is now, and what it said before is superseded', async () => {
    const { prefetch, request } = person();
    const giving = (share: number) => async (question: RiskQuestion) => [
      { kind: 'assessed' as const, flag: flagOf(question, share, 'very high'), record: { inputs: {}, result: {} } },
    ];
    risk = giving(0.32);
    const first = await call(request(), { 'accept-language': 'en' });
    expect(first.cards[0]?.detail).not.toContain('Computed again');
    risk = giving(0.25);
    const vitals = bundle([observation('8480-6', 150, 'mm[Hg]')]);
    const second = await call(request({ prefetch: { ...prefetch, vitals } }), { 'accept-language': 'en' });
    expect(second.cards).toHaveLength(1);
    expect(second.cards[0]?.uuid).not.toBe(first.cards[0]?.uuid);
    expect(second.cards[0]?.summary).toContain('25 %');
    const again = await call(request({ prefetch: { ...prefetch, vitals } }), { 'accept-language': 'en' });
    expect(again.cards.map(({ uuid }) => uuid)).toEqual(second.cards.map(({ uuid }) => uuid));
  });

  test('a range over two categories names both', async () => {
    risk = async (question) => {
      const [lower, upper] = [flagOf(question, 0.12, 'high'), flagOf(question, 0.54, 'very high')];
      const range = { vi: 'từ 12 đến 54 %', en: 'between 12 and 54 %' };
      return [{ kind: 'interval', range, lower, upper, missing: [] }];
    };
    const { cards } = await call(person().request(), { 'accept-language': 'en' });
    expect(cards.map(({ summary }) => summary)).toEqual([
      '10-year cardiovascular risk: between 12 and 54 % (between “high” and “very high”)',
    ]);
  });
});

describe('refusals', () => {
  test('are OperationOutcomes that name the key, in the language asked for', async () => {
    const { status, body } = await call({ ...patientView(), context: { userId: 'x' } }, { 'accept-language': 'en' });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'invalid', expression: ['context.patientId'] }],
    });
    const reply = await app.inject({ method: 'POST', url: '/cds-services/other', payload: {} });
    expect(reply.headers['content-language']).toBe('vi');
  });

  test.each([
    ['GET', '/cds-services/patient-alerts', 'POST, OPTIONS'],
    ['DELETE', '/cds-services/patient-alerts/feedback', 'POST, OPTIONS'],
    ['POST', '/cds-services', 'GET, HEAD, OPTIONS'],
  ] as const)('%s %s is a 405 that lists the methods', async (method, url, allow) => {
    const reply = await app.inject({ method, url });
    expect([reply.statusCode, reply.headers.allow, reply.json().resourceType]).toEqual([
      405,
      allow,
      'OperationOutcome',
    ]);
  });

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])('%s is a 415', async (type) => {
    const payload = JSON.stringify(patientView());
    const headers = { 'content-type': type };
    const reply = await app.inject({ method: 'POST', url: '/cds-services/patient-alerts', payload, headers });
    expect([reply.statusCode, reply.json().resourceType]).toEqual([415, 'OperationOutcome']);
  });

  test('a body that is no JSON, an unknown service and a broken feedback are told apart', async () => {
    const headers = { 'content-type': 'application/json' };
    const broken = await app.inject({
      method: 'POST',
      url: '/cds-services/patient-alerts',
      payload: '{"hook":',
      headers,
    });
    expect(broken.statusCode).toBe(400);
    expect(broken.json().resourceType).toBe('OperationOutcome');
    const unknown = await app.inject({ method: 'POST', url: '/cds-services/other', payload: patientView() });
    expect(unknown.statusCode).toBe(404);
    expect((await feedback([], 'other')).statusCode).toBe(404);
    const wrong = await feedback([{ card: 'x', outcome: 'overridden', outcomeTimestamp: 'now' }]);
    expect(wrong.json().issue[0].expression).toEqual(['feedback[0].outcomeTimestamp']);
  });

  test('a fault inside is a 500 that repeats nothing of what was thrown', async () => {
    risk = async () => {
      throw new Error('NGUYỄN VĂN A');
    };
    const { status, body } = await call(person().request());
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('NGUYỄN');
  });
});

describe('feedback', () => {
  const override = (card: string) => ({
    card,
    outcome: 'overridden',
    overrideReason: {
      reason: { system: 'https://cds.example.vn/CodeSystem/override-reason', code: 'already-treated' },
      userComment: 'đã đặt dẫn lưu',
    },
    outcomeTimestamp: '2026-03-01T00:10:00Z',
  });

  test('is kept once however often it is sent', async () => {
    const alert = await raiseFor('fb-1');
    const replies = [await feedback([override(alert.id)]), await feedback([override(alert.id), override(alert.id)])];
    expect(replies.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [200, ''],
      [200, ''],
    ]);
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'overridden' });
    // Other systems are told once as well.
    const told = await at.local.outbox.list({ target: 'webhook:his' });
    expect(told.filter(({ body }) => JSON.stringify(body).includes(alert.id))).toHaveLength(1);
    expect(await at.local.alerts.events(alert.id)).toMatchObject([
      {
        kind: 'overridden',
        reasonCode: 'already-treated',
        comment: 'đã đặt dẫn lưu',
        channel: 'cds-hooks',
        at: '2026-03-01T00:10:00.000Z',
      },
    ]);
  });

  test('that comes late is kept and changes nothing, for an unknown card it is kept apart', async () => {
    const alert = await raiseFor('fb-2');
    const seen = {
      id: randomUUID(),
      alertId: alert.id,
      at: '2026-03-02T00:00:00.000Z',
      actor: 'system',
      channel: 'alerts',
      kind: 'expired',
      to: 'expired' as const,
    };
    await at.local.alerts.record(seen, { from: 'new' });
    expect((await feedback([override(alert.id), override('no-uuid-at-all'), override(randomUUID())])).statusCode).toBe(
      200,
    );
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'expired' });
    expect(await at.local.alerts.events(alert.id)).toMatchObject([
      { kind: 'expired' },
      { kind: 'overridden', detail: { statusWas: 'expired' } },
    ]);
    expect((await at.local.records.list('cds-hooks-feedback')).map(({ value }) => value)).toContainEqual(
      expect.objectContaining({ card: 'no-uuid-at-all', reasonCode: 'already-treated' }),
    );
  });

  test('a reason of another code system, or none, is kept as "other" with its words', async () => {
    const [coded, bare] = [await raiseFor('fb-3'), await raiseFor('fb-3')];
    const outcomeTimestamp = '2026-03-01T00:10:00Z';
    await feedback([
      {
        card: coded.id,
        outcome: 'overridden',
        overrideReason: { reason: { code: 'X1', display: 'Đã hội chẩn' } },
        outcomeTimestamp,
      },
      { card: bare.id, outcome: 'overridden', outcomeTimestamp },
    ]);
    expect(await at.local.alerts.events(coded.id)).toMatchObject([{ reasonCode: 'other', comment: 'Đã hội chẩn' }]);
    expect(await at.local.alerts.events(bare.id)).toMatchObject([{ reasonCode: 'other', comment: 'no reason given' }]);
  });

  test('one wrong entry refuses the whole, and nothing of it is kept', async () => {
    const alert = await raiseFor('fb-4');
    expect((await feedback([override(alert.id), { card: alert.id }])).statusCode).toBe(400);
    expect(await at.local.alerts.events(alert.id)).toEqual([]);
  });
});

describe('browser clients', () => {
  const preflight = (origin: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/cds-services/patient-alerts',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test('of a listed origin may call, others get no permission', async () => {
    const good = await preflight('https://his.example.vn');
    expect(good.statusCode).toBe(204);
    expect(good.headers).toMatchObject({
      'access-control-allow-origin': 'https://his.example.vn',
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('authorization'),
    });
    expect((await preflight('https://evil.example')).headers).not.toHaveProperty('access-control-allow-origin');
    const reply = await app.inject({ url: '/cds-services', headers: { origin: 'https://his.example.vn' } });
    expect(reply.headers['access-control-allow-origin']).toBe('https://his.example.vn');
    expect(reply.headers.vary).toContain('Origin');
  });
});

describe('a FHIR server', () => {
  const calls: { path: string; authorization: string | undefined }[] = [];
  let fhir: HttpServer;
  let delay = 0;
  let base = '';
  const fhirAuthorization = {
    access_token: 'opaque',
    token_type: 'Bearer',
    expires_in: 300,
    scope: 's',
    subject: 'cds',
  };

  beforeAll(async () => {
    fhir = createHttpServer((request, response) => {
      const url = request.url ?? '';
      calls.push({ path: url, authorization: request.headers.authorization });
      const answer = url.startsWith('/fhir/Patient')
        ? { ...patientResource, id: url.slice('/fhir/Patient/'.length), identifier: [] }
        : url.includes('vital-signs')
          ? bundle([observation('8480-6', 168, 'mm[Hg]')])
          : bundle(
              [observation('2093-3', 6.9, 'mmol/L')],
              url.includes('page') ? 'http://evil.example/fhir?x' : `${base}?page=2`,
            );
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(answer));
      }, delay);
    });
    await new Promise<void>((resolve) => fhir.listen(0, '127.0.0.1', resolve));
    const address = fhir.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/fhir`;
  });
  beforeEach(() => {
    calls.length = 0;
  });
  afterAll(() => fhir.close());

  const asked = { prefetch: undefined, context: { ...context, patientId: 'fhir-1' } };

  test('on the list is asked for what was not prefetched, page by page, with the token, and never beyond its own base', async () => {
    const server = await build({ fhirServers: [base] });
    const { cards } = await call(
      patientView({ ...asked, fhirServer: `${base}/`, fhirAuthorization }),
      { 'accept-language': 'en' },
      server,
    );
    expect(cards.map(({ summary }) => summary)).toContain('10-year cardiovascular risk: 22 % (very high)');
    expect(calls.every(({ authorization }) => authorization === 'Bearer opaque')).toBe(true);
    expect(calls.map(({ path }) => path)).toContain('/fhir/Patient/fhir-1');
    expect(calls.filter(({ path }) => path === '/fhir?page=2')).not.toEqual([]);
    await server.close();
  });

  test('that is slow is not waited for: computing is said, and the next question finds the risk', async () => {
    const server = await build({ fhirServers: [base], deadlineMs: 50 });
    delay = 300;
    const question = patientView({ ...asked, context: { ...context, patientId: 'fhir-slow' }, fhirServer: base });
    const summaries = async () =>
      (await call(question, { 'accept-language': 'en' }, server)).cards.map(({ summary }) => summary);
    expect(await summaries()).toEqual(['Still computing, no result yet']);
    await expect
      .poll(summaries, { timeout: 50_000, interval: 200 })
      .toContain('10-year cardiovascular risk: 22 % (very high)');
    delay = 0;
    await server.close();
  });

  test('that is not on the list is never called', async () => {
    const server = await build({
      fhirServers: ['https://his.example.vn/fhir', `${base}-other`, base.replace('127.0.0.1', 'localhost')],
    });
    expect(
      (
        await call(
          patientView({ ...asked, context: { ...context, patientId: 'fhir-2' }, fhirServer: base, fhirAuthorization }),
          {},
          server,
        )
      ).status,
    ).toBe(412);
    expect(calls).toEqual([]);
    await server.close();
  });
});

describe.skipIf(!existsSync('../shared/samples/cds-hooks'))('the samples of the interface brief', () => {
  const sample = (name: string) => JSON.parse(readFileSync(`../shared/samples/cds-hooks/${name}.json`, 'utf8'));

  test('the request is answered with good cards, the response breaks no invariant, the feedback is taken', async () => {
    const { status, cards } = await call(sample('request.patient-view'));
    expect(status).toBe(200);
    expect(cards.length).toBeGreaterThan(0);
    expect([...cards, ...sample('response').cards].flatMap(cardFaults)).toEqual([]);
    const reply = await feedback(sample('feedback').feedback);
    expect(reply.statusCode).toBe(200);
  });
});

describe('the invariants of the specification', () => {
  const card: Card = { uuid: HOOK_INSTANCE, summary: 's', indicator: 'info', source: { label: 'l' } };
  const action = { type: 'create' as const, description: 'd' };
  const suggestion = { label: 'l', uuid: 'u', isRecommended: true, actions: [action] };

  test.each([
    ['resp-1', { selectionBehavior: 'at-most-one' as const, suggestions: [suggestion, suggestion] }],
    [
      'resp-2',
      {
        selectionBehavior: 'any' as const,
        suggestions: [{ ...suggestion, actions: [{ ...action, type: 'delete' as const }] }],
      },
    ],
    ['resp-3', { links: [{ label: 'l', url: 'u', type: 'absolute' as const, appContext: 'x' }] }],
    ['resp-4', { overrideReasons: [{ system: 's', code: 'c', display: '' }] }],
    [
      'resp-5',
      {
        selectionBehavior: 'any' as const,
        suggestions: [{ ...suggestion, actions: [{ ...action, description: '' }] }],
      },
    ],
    ['resp-6', { suggestions: [suggestion] }],
    ['summary', { summary: 'x'.repeat(140) }],
    ['source', { source: { label: '' } }],
  ])('%s is noticed when it is broken', (name, changes) => {
    expect(cardFaults({ ...card, ...changes })).toEqual([name]);
    expect(cardFaults(card)).toEqual([]);
  });
});
