import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identifyOpenly } from '#access/identity.ts';
import { createMetrics } from '#http/metrics.ts';
import { createServer, type Server } from '#http/server.ts';
import { alertMessages } from '#delivery/alert-messages.ts';
import { readDrugCheck } from '#interop/hispro/check-drug/request.ts';
import type { CheckDrugReply } from '#interop/hispro/check-drug/reply.ts';
import { signedQuery } from '#access/signed-link.ts';
import type { HisproPorts, HisproSettings } from '#interop/hispro/ports.ts';
import { networkList } from '#http/networks.ts';
import { hisproRoutes } from '#interop/hispro/routes.ts';
import { alertLink } from '#interop/hispro/view/view.ts';
import type { Alert } from '#kernel/alert.ts';
import { openTestStore, type TestStore } from '../../store/hosts.ts';
import { sampleAlert, sampleInstance, sampleReading } from '../../store/samples.ts';

const RUNS = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 200);
const PAGE = '/InteractionCheck/InteractionCheckConfirmation';
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

let at: TestStore;
let app: Server;

const settings = (changes: Partial<HisproSettings> = {}): HisproSettings => ({
  clock: at.clock,
  publicUrl: 'https://cds.example.vn',
  defaultLanguage: 'vi',
  facilityId: 'local',
  linkKeys: [{ id: 'k1', secret: 'một bí mật để thử' }],
  linkMinutes: 60,
  viewerKey: 'khóa của bệnh viện',
  allowedNetworks: [],
  answerWithinMs: 30_000,
  ...changes,
});

async function build(changes: Partial<HisproSettings> = {}, ports: Partial<HisproPorts> = {}): Promise<Server> {
  const server = createServer({
    hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
    identify: identifyOpenly,
    logLevel: 'silent',
    metrics: createMetrics(),
  });
  await server.register(hisproRoutes, {
    settings: settings(changes),
    ports: { facility: (id) => at.store.facility(id), messages: alertMessages([]), picture: async () => PNG, ...ports },
  });
  return server;
}

beforeAll(async () => {
  at = await openTestStore('embedded');
  app = await build();
});
afterAll(async () => {
  await app.close();
  await at.close();
});

async function raiseFor(patientCode: string, changes: Partial<Alert> = {}): Promise<Alert> {
  const reading = sampleReading(sampleInstance());
  const alert = sampleAlert(reading, {
    id: randomUUID(),
    subject: { patientCode, studyUid: reading.studyUid },
    expiresAt: '2027-01-01T00:00:00.000Z',
    ...changes,
  });
  await at.local.alerts.raise({ kind: 'alert', alert });
  return alert;
}

const question = (
  patientCode: string,
  changes: Record<string, unknown> = {},
  drugs: readonly string[] = ['Thuốc mẫu 10mg'],
) => ({
  sessionID: 'b6b1b3e8-0b0f-4c84-9a4f-0d5a8f0f6a10',
  isTemporary: true,
  prescriptionInfo: {
    info: {
      patientID: patientCode,
      maYTe: '000000999001',
      prescriptionId: null,
      height: null,
      prescriber: { id: 'bs01', value: 'Bác sĩ Mẫu' },
      maKhoa: null,
    },
    drugList: drugs.map((medicationName) => ({ medicationId: null, medicationName, note: '' })),
  },
  ...changes,
});

async function check(
  body: unknown,
  url = '/api/HIS/CheckDrug',
  server = app,
): Promise<{ status: number; reply: CheckDrugReply }> {
  const answered = await server.inject({
    method: 'POST',
    url,
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: answered.statusCode, reply: answered.json() };
}

const openPage = (sessionId: string, lang = '') => app.inject({ url: `${PAGE}?sessionId=${sessionId}${lang}` });

const send = (fields: Record<string, string>) =>
  app.inject({
    method: 'POST',
    url: PAGE,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('CheckDrug', () => {
  test('without an open alert is quiet, with every key that the plug-in reads', async () => {
    const { status, reply } = await check(question('nothing'));
    expect(status).toBe(200);
    expect(reply).toEqual({
      prescriptionID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      needAlert: false,
      note: '',
      issueCategories: [],
      severity: 0,
      topIssue: 0,
      warning: null,
      needDoctorConfirmation: false,
      issueText: '',
    });
  });

  test('tells what is open in the category name, never harder than 2, and asks for the page', async () => {
    await raiseFor('cd-1', { severity: 'critical' });
    const { reply } = await check(question('cd-1'));
    expect(reply).toMatchObject({
      needAlert: true,
      severity: 2,
      topIssue: 0,
      needDoctorConfirmation: true,
      issueCategories: [{ Severity: 2, CategoryName: 'Nghi tràn dịch màng phổi' }],
    });
  });

  test('finds the patient by the treatment where HisPro leaves the patient out', async () => {
    const reading = sampleReading(sampleInstance());
    await raiseFor('cd-0', { subject: { patientCode: 'cd-0', treatmentCode: 'T-cd-0', studyUid: reading.studyUid } });
    await raiseFor('cd-0', { severity: 'critical' });
    const body = {
      isTemporary: true,
      prescriptionInfo: { info: { patientID: null, maYTe: 'T-cd-0' }, drugList: null },
    };
    expect((await check(body)).reply).toMatchObject({ severity: 2, issueCategories: [{}, {}] });
    expect((await check({ ...body, prescriptionInfo: { info: { maYTe: 'T-none' } } })).reply).toMatchObject({
      severity: 0,
      note: expect.stringContaining('mã người bệnh'),
    });
  });

  test('names three and counts the rest, so that the dialog keeps its buttons', async () => {
    for (let one = 0; one < 6; one += 1) await raiseFor('cd-many', { severity: one === 5 ? 'critical' : 'warning' });
    const { reply } = await check(question('cd-many'));
    expect(reply.issueCategories.map(({ Severity, CategoryName }) => [Severity, CategoryName])).toEqual([
      [2, 'Nghi tràn dịch màng phổi'],
      [1, 'Nghi tràn dịch màng phổi'],
      [1, 'Nghi tràn dịch màng phổi'],
      [1, 'và 3 cảnh báo khác'],
    ]);
    expect(reply.issueCategories[3]?.Issues).toHaveLength(3);
    expect((await openPage(reply.prescriptionID)).body.match(/class="card/g)).toHaveLength(6);
  });

  test('a text that holds JSON is read as JSON, a broken one is refused', async () => {
    const post = (payload: string) =>
      app.inject({
        method: 'POST',
        url: '/api/HIS/CheckDrug',
        payload,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    expect((await post(JSON.stringify(question('nothing')))).statusCode).toBe(200);
    expect((await post('{')).statusCode).toBe(400);
  });

  test.each([
    ['1965-01-01T00:00:00', '1965-01-01'],
    ['0001-01-01T00:00:00', null],
    ['1965-02-30T00:00:00', null],
    ['01/01/1965', null],
    ['1965', '1965'],
    ['1965-03', '1965-03'],
    [19650000000000, '1965'],
    ['19650300000000', '1965-03'],
    ['19650314000000', '1965-03-14'],
    ['', null],
  ])('a birth date %j is read as %j', (dob, birthDate) => {
    expect(readDrugCheck({ prescriptionInfo: { info: { dob } } })).toMatchObject({ birthDate });
  });

  test('one chart of two is asked about, and the other does not come forward when it is answered', async () => {
    const keyed = (equation: string) => ({ dedupKey: `risk/${equation}:patient:cd-charts:${equation}` });
    const lab = await raiseFor('cd-charts', keyed('who_cvd_2019_lab_sea'));
    await raiseFor('cd-charts', keyed('who_cvd_2019_nonlab_sea'));
    const { reply } = await check(question('cd-charts'));
    expect(reply.issueCategories).toHaveLength(1);
    await send({ sessionId: reply.prescriptionID, choice: 'proceed', [`answer-${lab.id}`]: 'acknowledged' });
    expect((await check(question('cd-charts'))).reply.severity).toBe(0);
  });

  test('leaves out information, what is answered, suppressed or expired', async () => {
    await raiseFor('cd-2', { severity: 'info' });
    await raiseFor('cd-2', { suppressedBecause: { code: 'alerts.budget', text: { vi: 'x', en: 'x' } } });
    await raiseFor('cd-2', { expiresAt: '2026-03-01T00:00:00.000Z' });
    expect((await check(question('cd-2'))).reply.severity).toBe(0);
  });

  test('is found under doubled slashes and takes nulls everywhere', async () => {
    expect((await check(question('nothing'), '//api/HIS/CheckDrug')).status).toBe(200);
    expect((await check(question('nothing'), '/api//HIS/CheckDrug')).status).toBe(200);
    for (const body of [
      {},
      { sessionID: null, isTemporary: null, prescriptionInfo: null },
      { prescriptionInfo: { info: null, drugList: [null] } },
    ]) {
      expect(await check(body)).toMatchObject({
        status: 200,
        reply: { severity: 0, note: expect.stringContaining('mã người bệnh') },
      });
    }
  });

  test('refuses a wrong type with the key named', async () => {
    const { status, reply } = await check({ prescriptionInfo: { drugList: 'aspirin' } });
    expect(status).toBe(400);
    expect(reply).toMatchObject({ code: 'hispro.bad-request', field: 'prescriptionInfo.drugList' });
  });

  test('a saved prescription is recorded with what was open', async () => {
    const alert = await raiseFor('cd-3');
    await check(question('cd-3', { isTemporary: false }));
    expect(await at.local.audit.list({ subjectType: 'treatment', subjectId: '000000999001' })).toContainEqual(
      expect.objectContaining({
        action: 'prescription.saved',
        actor: 'bs01',
        detail: expect.objectContaining({ openAlerts: [alert.id] }),
      }),
    );
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'new' });
  });

  test('a session that has run out is forgotten when the next prescription is saved', async () => {
    await raiseFor('cd-forget');
    const old = (await check(question('cd-forget'))).reply.prescriptionID;
    at.clock.advance(61 * 60_000);
    const fresh = (await check(question('cd-forget', { sessionID: randomUUID() }))).reply.prescriptionID;
    await check(question('nothing', { isTemporary: false }));
    const kept = (await at.local.records.list('hispro-check')).map(({ key }) => key);
    expect([kept.includes(old), kept.includes(fresh)]).toEqual([false, true]);
    at.clock.advance(-61 * 60_000);
  });

  test('a lookup that takes too long or fails says that nothing was checked', async () => {
    const slow = await build({ answerWithinMs: 30 }, { facility: () => new Promise(() => undefined) });
    const broken = await build({}, { facility: () => Promise.reject(new Error('down')) });
    for (const server of [slow, broken]) {
      const { status, reply } = await check(question('x'), undefined, server);
      expect(status).toBe(200);
      expect(reply).toMatchObject({ severity: 1, needDoctorConfirmation: false });
      expect(reply.issueCategories[0]?.CategoryName).toContain('Chưa kiểm tra được');
      await server.close();
    }
  });

  test('only listed addresses may ask where the site lists them', async () => {
    const closed = await build({ allowedNetworks: ['10.1.0.0/16'] });
    expect((await check(question('x'), undefined, closed)).status).toBe(403);
    await closed.close();
    const allowed = networkList(['10.1.0.0/16', '::1']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', '::1', '10.2.0.1', ''].map(allowed)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(() => networkList(['nonsense'])).toThrow('network');
  });

  test('whatever is posted is answered, and never with a hard stop', async () => {
    const noise = fc.json().map((text): unknown => JSON.parse(text));
    const inside = fc.record(
      {
        sessionID: noise,
        isTemporary: noise,
        prescriptionInfo: fc.oneof(noise, fc.record({ info: noise, drugList: noise })),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, inside), async (body) => {
        const { status, reply } = await check(body);
        expect([200, 400]).toContain(status);
        expect(status === 400 || [0, 1, 2].includes(reply.severity)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  }, 1_200_000);
});

describe('the confirmation page', () => {
  test('shows each alert with its reasons and limits, without script, and marks it as seen', async () => {
    const alert = await raiseFor('cp-1', {
      evidence: [{ code: 'Effusion', text: { vi: 'Tràn dịch <b>màng phổi</b>: 91%', en: 'Effusion: 91%' } }],
      limitations: [{ vi: 'Không so sánh với phim cũ', en: 'No earlier films' }],
    });
    const { reply } = await check(question('cp-1'));
    const page = await openPage(reply.prescriptionID);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('Tràn dịch &lt;b&gt;màng phổi&lt;/b&gt;: 91%');
    expect(page.body).toContain('Không so sánh với phim cũ');
    expect(page.body).not.toMatch(/<script|onclick|javascript:|target=/i);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const style = /<style>([^]*)<\/style>/.exec(page.body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    // HisPro's browser says English, its doctor reads Vietnamese.
    expect(
      (await app.inject({ url: `${PAGE}?sessionId=${reply.prescriptionID}`, headers: { 'accept-language': 'en-US' } }))
        .body,
    ).toContain('lang="vi"');
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'seen' });
    const english = await openPage(reply.prescriptionID, '&lang=en');
    expect(english.body).toContain('I override it, because:');
  });

  test('says whose it is, and shows the film behind an alert of a film', async () => {
    const instance = sampleInstance({ patient: { id: 'cp-film' } });
    await at.local.intake.accept(instance, { actor: 'test' });
    const film = sampleReading(instance);
    const alert = sampleAlert(film, {
      subject: { patientCode: 'cp-film', studyUid: instance.studyUid },
      evidence: [{ code: 'Effusion', text: { vi: 'Tràn dịch: 91%', en: 'Effusion: 91%' } }],
    });
    const told = [{ kind: 'alert' as const, alert }];
    await at.local.readings.commit({ reading: film, heatmaps: [], told, outbox: [], audit: [] });
    await raiseFor('cp-film');
    const { reply } = await check(question('cp-film'));
    const { body } = await openPage(reply.prescriptionID);
    expect(body).toContain('Mã người bệnh cp-film · lượt điều trị 000000999001');
    expect(body.match(/class="heat"/g)).toHaveLength(1);
    const source = /class="heat"\s+src="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await app.inject({ url: source })).rawPayload).toEqual(PNG);
  });

  test('puts each fault beside the alert that lacks something, and keeps what was entered', async () => {
    const [done, open] = [await raiseFor('cp-two'), await raiseFor('cp-two')];
    const { reply } = await check(question('cp-two'));
    const { statusCode, body } = await send({
      sessionId: reply.prescriptionID,
      choice: 'proceed',
      [`answer-${done.id}`]: 'acknowledged',
      [`answer-${open.id}`]: 'overridden',
    });
    expect(statusCode).toBe(422);
    const [before = '', after = ''] = body.split('Hãy chọn lý do bỏ qua');
    // The fault stands in the fields of the one that lacks a reason: above its own radio buttons, and in no other's.
    expect(after.indexOf(`answer-${open.id}`)).toBeGreaterThan(-1);
    expect(before).not.toContain(`answer-${open.id}`);
    expect(body).toMatch(new RegExp(`name="answer-${done.id}"\\s+value="acknowledged"\\s+checked`));
    expect(await at.local.alerts.events(done.id)).toEqual([]);
  });

  test('an override with its reason lets the second question pass', async () => {
    const alert = await raiseFor('cp-2');
    const { reply } = await check(question('cp-2'));
    await openPage(reply.prescriptionID);
    const done = await send({
      sessionId: reply.prescriptionID,
      choice: 'proceed',
      [`answer-${alert.id}`]: 'overridden',
      [`reason-${alert.id}`]: 'already-treated',
      [`comment-${alert.id}`]: 'đã đặt dẫn lưu',
    });
    expect(done.statusCode).toBe(200);
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'overridden' });
    expect((await at.local.alerts.events(alert.id)).at(-1)).toMatchObject({
      kind: 'overridden',
      reasonCode: 'already-treated',
      comment: 'đã đặt dẫn lưu',
      actor: 'bs01',
      channel: 'hispro',
    });
    expect((await check(question('cp-2'))).reply).toMatchObject({ severity: 0, needDoctorConfirmation: false });
    // Another drug of the same patient is not asked about again: the alert was answered.
    expect((await check(question('cp-2', {}, ['Thuốc khác']))).reply.severity).toBe(0);
  });

  test('"back" makes the second question say so once, and the third asks again', async () => {
    await raiseFor('cp-3');
    const { reply } = await check(question('cp-3'));
    await openPage(reply.prescriptionID);
    await send({ sessionId: reply.prescriptionID, choice: 'reconsider' });
    const second = (await check(question('cp-3'))).reply;
    expect(second).toMatchObject({ prescriptionID: reply.prescriptionID, severity: 2, needDoctorConfirmation: false });
    expect(second.issueCategories[0]?.CategoryName).toBe('Bác sĩ đã chọn xem lại đơn thuốc sau khi đọc cảnh báo');
    expect((await check(question('cp-3'))).reply.needDoctorConfirmation).toBe(true);
  });

  test('closed without an answer, the second question falls back to the plain dialog', async () => {
    await raiseFor('cp-4');
    const { reply } = await check(question('cp-4'));
    await openPage(reply.prescriptionID);
    expect((await check(question('cp-4'))).reply).toMatchObject({ severity: 1, needDoctorConfirmation: false });
  });

  test.each([
    ['no decision', {}, 'Hãy chọn một quyết định'],
    ['an override without reason', { answer: 'overridden' }, 'Hãy chọn lý do'],
    ['"other" without comment', { answer: 'overridden', reason: 'other', comment: ' ' }, 'Lý do khác cần kèm ghi chú'],
  ])('%s is sent back with what was entered, and nothing is stored', async (_name, given, sentence) => {
    const alert = await raiseFor('cp-5', { dedupKey: `m/E:study:${randomUUID()}:findings` });
    const { reply } = await check(question('cp-5', { sessionID: randomUUID() }));
    const fields = Object.fromEntries(Object.entries(given).map(([key, value]) => [`${key}-${alert.id}`, value]));
    const page = await send({ sessionId: reply.prescriptionID, choice: 'proceed', ...fields });
    expect(page.statusCode).toBe(422);
    expect(page.body).toContain(sentence);
    expect(await at.local.alerts.events(alert.id)).toEqual([]);
    await at.local.alerts.record(
      {
        id: randomUUID(),
        alertId: alert.id,
        at: '2026-03-01T00:00:00.000Z',
        actor: 'test',
        channel: 'test',
        kind: 'resolved',
        to: 'resolved',
      },
      { from: 'new' },
    );
  });

  test('a reason that no form of ours holds is refused', async () => {
    const alert = await raiseFor('cp-6');
    const { reply } = await check(question('cp-6'));
    const page = await send({
      sessionId: reply.prescriptionID,
      choice: 'proceed',
      [`answer-${alert.id}`]: 'overridden',
      [`reason-${alert.id}`]: 'hacked',
    });
    expect(page.statusCode).toBe(422);
    expect(await at.local.alerts.get(alert.id)).toMatchObject({ status: 'new' });
  });

  test('opens for nobody who guesses, and not after an hour', async () => {
    expect((await openPage(randomUUID())).statusCode).toBe(404);
    await raiseFor('cp-7');
    const { reply } = await check(question('cp-7'));
    // The name is not the session id that the client knows, nor derived from it without the secret.
    expect(reply.prescriptionID).not.toBe(question('cp-7').sessionID);
    at.clock.advance(61 * 60_000);
    const late = await openPage(reply.prescriptionID);
    expect(late.statusCode).toBe(404);
    expect(late.body).toContain('Phiên kiểm tra không tồn tại');
    at.clock.advance(-61 * 60_000);
  });
});

describe('the result viewer', () => {
  const subject = { ss: '1234567', bn: 'rv-1', lk: 'T1' };
  let reading: ReturnType<typeof sampleReading>;
  let alert: Alert;

  beforeAll(async () => {
    const instance = sampleInstance({ patient: { id: 'rv-1' }, accessionNumber: '1234567', treatmentCode: 'T1' });
    await at.local.intake.accept(instance, { actor: 'test' });
    reading = sampleReading(instance);
    alert = sampleAlert(reading, {
      subject: { patientCode: 'rv-1', studyUid: instance.studyUid },
      evidence: [{ code: 'Effusion', text: { vi: 'Tràn dịch: 91%', en: 'Effusion: 91%' } }],
    });
    await at.local.readings.commit({ reading, heatmaps: [], told: [{ kind: 'alert', alert }], outbox: [], audit: [] });
  });

  const signed = (about: Parameters<typeof signedQuery>[0], minutes = 10) =>
    signedQuery(about, new Date(at.clock.now().getTime() + minutes * 60_000), settings().linkKeys);

  test('shows findings, the alert and its heatmap to a signed link', async () => {
    const page = await app.inject({ url: `/view${signed(subject)}` });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Tràn dịch: 91%');
    expect(page.body).toContain('chưa có bác sĩ đọc phim xác nhận');
    expect(page.body).toContain('Mã người bệnh rv-1 · lượt điều trị T1 · chỉ định 1234567');
    expect(page.body).not.toMatch(/<script/i);
    const source = /class="heat"\s+src="([^"]+)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const picture = await app.inject({ url: source });
    expect(picture.headers['content-type']).toBe('image/png');
    expect(picture.rawPayload).toEqual(PNG);
    expect((await app.inject({ url: source.replace('Effusion', 'Mass') })).statusCode).toBe(403);
  });

  test('opens an alert by its own link, in English too', async () => {
    const url = alertLink(alert.id, settings()).replace('https://cds.example.vn', '');
    const page = await app.inject({ url: `${url}&lang=en` });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Suspected pleural effusion');
  });

  test('shows nothing by a number alone, a forged, changed, foreign or old link', async () => {
    const good = signed(subject);
    const urls = [
      '/view?ss=1234567&bn=rv-1&lk=T1',
      '/view?ss=1234567&bn=rv-1&lk=T1&k=sai',
      `/view?alert=${alert.id}&k=${encodeURIComponent('khóa của bệnh viện')}`,
      `/view${good.replace('1234567', '1234568')}`,
      `/view${good.slice(0, -2)}`,
      `/view${signed(subject, -1)}`,
      `/view${signedQuery(subject, new Date('2030-01-01'), [{ id: 'k1', secret: 'another' }])}`,
      '/view?t=k1.9999999999.AAAAAAAAAAAAAAAAAAAAAA',
    ];
    for (const url of urls) {
      const page = await app.inject({ url });
      expect([url, page.statusCode, page.body.includes('Tràn dịch')]).toEqual([url, 403, false]);
    }
  });

  test('the site’s key in HisPro’s configured address is exchanged for a short-lived link', async () => {
    const first = await app.inject({
      url: `/view?ss=1234567&bn=rv-1&lk=T1&k=${encodeURIComponent('khóa của bệnh viện')}`,
    });
    expect(first.statusCode).toBe(303);
    const to = first.headers.location ?? '';
    expect(to).not.toContain('k=kh');
    expect((await app.inject({ url: to })).body).toContain('Tràn dịch: 91%');
  });

  test('order line, patient and treatment must belong together', async () => {
    for (const wrong of [
      { ...subject, lk: 'T2' },
      { ...subject, ss: '7654321' },
      { ...subject, bn: 'rv-2' },
    ]) {
      const page = await app.inject({ url: `/view${signed(wrong)}` });
      expect([page.statusCode, page.body.includes('Tràn dịch')]).toEqual([404, false]);
    }
  });

  test('a key that is replaced keeps the links that it signed, until it is taken away', async () => {
    const old = signed(subject);
    const [key] = settings().linkKeys;
    const rotated = await build({ linkKeys: [{ id: 'k2', secret: 'mới' }, ...(key === undefined ? [] : [key])] });
    expect((await rotated.inject({ url: `/view${old}` })).statusCode).toBe(200);
    const dropped = await build({ linkKeys: [{ id: 'k2', secret: 'mới' }] });
    expect((await dropped.inject({ url: `/view${old}` })).statusCode).toBe(403);
    await Promise.all([rotated.close(), dropped.close()]);
  });
});

describe.skipIf(!existsSync('../shared/samples/hispro'))('the samples of the interface brief', () => {
  const sample = (name: string) =>
    JSON.parse(readFileSync(`../shared/samples/hispro/i3drugs.CheckDrug.${name}.json`, 'utf8'));

  test('are answered with the keys of the sample answers', async () => {
    expect(Object.keys((await check(sample('request.typing'))).reply)).toEqual(Object.keys(sample('response.normal')));
    await raiseFor('0000099901');
    const { reply } = await check(sample('request.typing'));
    expect(Object.keys(reply)).toEqual(Object.keys(sample('response.warning')));
    expect(Object.keys(reply.issueCategories[0] ?? {})).toEqual(
      Object.keys(sample('response.warning').issueCategories[0]),
    );
    expect((await check(sample('request.saved'))).status).toBe(200);
  });
});
