// The alert of one finding is one alert, whoever shows it: our own API, CDS Hooks, FHIR, HL7, HisPro and a webhook say the same. E-mail says only that there is one.
import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openMessage } from '#interop/hl7v2/wire/header.ts';
import { type Hl7Listener, startListener } from '#interop/hl7v2/wire/listener.ts';
import { newWebhookSecret, verifyWebhook } from '#interop/webhooks/sign.ts';
import { filmDicom } from '../fixtures/film.ts';
import { type MailServer, startMailServer } from '../fixtures/mail-server.ts';
import { MOCK_ACCOUNT, type MockHispro, startMockHispro } from '../fixtures/mock-hispro.ts';
import { modelsFolder, openTestService, type TestService } from './service.ts';

// Whole processes are started here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const secret = newWebhookSecret();
interface Hook {
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly alert: object; readonly event?: { readonly to?: string } };
}

interface Answer {
  readonly cards: readonly object[];
  readonly issueCategories: readonly { readonly CategoryName: string }[];
  readonly status: string;
  readonly detail: string;
  readonly messages: readonly { readonly state: string }[];
}

const hooks: { readonly genuine: boolean; readonly event: Hook }[] = [];
let his: MockHispro;
let receiver: Server;
let listener: Hl7Listener;
const results: string[] = [];
let mail: MailServer;
let models: string;
let service: TestService;

beforeAll(async () => {
  his = await startMockHispro();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      hooks.push({
        genuine: verifyWebhook(headers, body, { now: new Date(), secrets: [secret] }),
        event: JSON.parse(body),
      });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    take: async (bytes) => {
      results.push(bytes.toString());
      return [`MSH|^~\\&|HIS||HAIDANG||20260301||ACK|1|P|2.5.1\rMSA|CA|${openMessage(bytes).header?.controlId}\r`];
    },
    told: () => undefined,
  });
  mail = await startMailServer();
  const site = {
    publicUrl: 'http://haidang.benhvien.example.vn',
    email: {
      host: '127.0.0.1',
      port: mail.port,
      tls: 'none',
      from: 'haidang@benhvien.example.vn',
      to: ['cdha@benhvien.example.vn'],
      facilityName: 'Bệnh viện Mẫu',
      noticesFrom: 'info',
    },
    hispro: {
      servers: { acs: his.url, mos: his.url, sda: his.url },
      account: MOCK_ACCOUNT,
      noticesFrom: 'info',
      roles: { radiologist: { departmentCodes: ['CDHA'] }, physician: { loginNames: ['truc.noi'] } },
    },
    webhooks: [{ id: 'his', url: `http://127.0.0.1:${port}/`, secrets: [secret] }],
  };
  models = modelsFolder();
  cpSync('models/risk-news2', join(models, 'risk-news2'), { recursive: true });
  const variables = { HAIDANG_MODELS_DIR: models, HAIDANG_HL7_TO: `127.0.0.1:${listener.port}` };
  service = await openTestService(undefined, site, variables);
});
afterAll(async () => {
  await service.close();
  await his.close();
  await listener.close();
  await mail.close();
  await new Promise((resolve) => receiver.close(resolve));
  rmSync(models, { recursive: true, force: true });
});

const get = async (path: string): Promise<Answer> =>
  JSON.parse(await (await fetch(`${service.address}${path}`)).text());

const post = async (path: string, body: object): Promise<Answer> =>
  JSON.parse(
    await (
      await fetch(`${service.address}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': 'vi' },
        body: JSON.stringify(body),
      })
    ).text(),
  );

test('the alert of one finding has the same id, words and severity everywhere, and an answer reaches all', async () => {
  const film = await filmDicom({ study: 'one', patient: '0000099901' });
  const { studies } = await service.client.upload([{ name: 'film.dcm', bytes: Uint8Array.from(film) }]);
  const study = await service.client.waitUntilRead(studies[0] ?? '');
  const [id = ''] = study.alertIds;
  const { alert } = (await service.client.v1.getAlert(id)).data;
  const { summary, severity } = alert;

  const asked = { userId: 'Practitioner/1', patientId: '0000099901' };
  const { cards } = await post('/cds-services/patient-alerts', {
    hook: 'patient-view',
    hookInstance: randomUUID(),
    context: asked,
  });
  expect(cards[0]).toMatchObject({ uuid: id, summary: summary.vi, indicator: severity });

  const issue = await get(`/fhir/DetectedIssue/${id}`);
  const severities: Record<string, string> = { info: 'low', warning: 'moderate', critical: 'high' };
  expect(issue).toMatchObject({
    resourceType: 'DetectedIssue',
    id,
    status: 'preliminary',
    severity: severities[severity],
  });
  expect(JSON.stringify(issue)).toContain(summary.vi);

  const drugs = { info: { patientID: '0000099901' }, drugList: [{ medicationName: 'Thuốc mẫu' }] };
  const check = await post('/api/HIS/CheckDrug', { sessionID: 's', isTemporary: true, prescriptionInfo: drugs });
  expect(check.issueCategories[0]?.CategoryName).toBe(summary.vi);

  await expect.poll(() => his.notices.map(({ TITLE }) => TITLE), { timeout: 60_000 }).toEqual([summary.vi]);
  const raised = () => hooks.filter(({ event }) => event.type === 'org.haidang.alert.raised');
  await expect.poll(() => raised().length, { timeout: 60_000 }).toBe(1);
  expect(raised()[0]).toMatchObject({
    genuine: true,
    event: { subject: id, data: { alert: { id, summary, severity } } },
  });

  // Once, preliminary, with the same id, words and severity.
  await expect.poll(() => results.length, { timeout: 60_000 }).toBe(1);
  const observations = (results[0] ?? '').split('\r').filter((line) => line.startsWith('OBX|'));
  const observed = Object.fromEntries(
    observations.map((line) => line.split('|')).map((fields) => [fields[3]?.split('^')[0], fields[5]]),
  );
  expect(observed).toMatchObject({ 'alert-id': id, 'alert-severity': severity, 'alert-summary': summary.vi });
  expect(new Set(observations.map((line) => line.split('|')[11]))).toEqual(new Set(['P']));

  await expect.poll(() => mail.received.length, { timeout: 60_000 }).toBe(1);
  expect(mail.received[0]?.headers).toContain('Subject: Bệnh viện Mẫu: 1 ');
  expect(mail.received[0]?.text).toContain('http://haidang.benhvien.example.vn/\n');
  for (const hidden of ['0000099901', summary.vi, id, studies[0] ?? '?'])
    expect(`${mail.received[0]?.headers}${mail.received[0]?.text}`).not.toContain(hidden);

  // A clinician overrides it on the card: our own API, FHIR and the webhook know.
  const overrideReason = { reason: { code: 'already-known' } };
  const outcome = { card: id, outcome: 'overridden', overrideReason, outcomeTimestamp: new Date().toISOString() };
  await fetch(`${service.address}/cds-services/patient-alerts/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ feedback: [outcome] }),
  });
  expect((await service.client.v1.getAlert(id)).data.alert.status).toBe('overridden');
  expect((await get(`/fhir/DetectedIssue/${id}`)).status).toBe('cancelled');
  const changed = () => hooks.filter(({ event }) => event.data.event?.to === 'overridden');
  await expect.poll(() => changed().length, { timeout: 60_000 }).toBe(1);
  expect(changed()[0]?.event.data.alert).toMatchObject({ id, status: 'overridden' });
});

test('the alert of a risk that our own API assessed goes to the same receivers, once', async () => {
  const time = new Date(Date.now() - 600_000).toISOString();
  const patient = { code: '0000099902', sex: 'female', ageYears: 70 };
  // NEWS2: 3 (rate) + 3 (88 %) + 2 (oxygen) + 2 (92 mmHg) + 2 (125) + 3 (V) + 2 (39.4 °C) = 17: high.
  const question = (rate: number) => ({
    patient,
    equations: ['news2'],
    keep: true,
    measurements: [
      { code: '9279-1', value: rate, unit: '/min', time },
      { code: '59408-5', value: 88, unit: '%', time },
      { code: 'on_oxygen', value: true, time },
      { code: '8480-6', value: 92, unit: 'mm[Hg]', time },
      { code: '8867-4', value: 125, unit: '/min', time },
      { code: 'consciousness', value: 'V', time },
      { code: '8310-5', value: 39.4, unit: 'Cel', time },
    ],
  });
  const assess = async (rate: number): Promise<readonly string[]> => {
    const answer = await fetch(`${service.address}/v1/risk/assess`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question(rate)),
    });
    expect(answer.status).toBe(200);
    const { alertIds }: { alertIds: string[] } = JSON.parse(await answer.text());
    return alertIds;
  };
  const [id = '', ...others] = await assess(27);
  expect(others).toEqual([]);
  const { summary, severity } = (await service.client.v1.getAlert(id)).data.alert;
  expect(severity).toBe('critical');
  const raised = () => hooks.filter(({ event }) => event.subject === id);
  await expect.poll(() => raised().length, { timeout: 60_000 }).toBe(1);
  expect(raised()[0]).toMatchObject({
    genuine: true,
    event: { type: 'org.haidang.alert.raised', data: { alert: { id, summary, severity } } },
  });
  const notices = () => his.notices.filter(({ TITLE }) => TITLE === summary.vi);
  await expect.poll(() => notices().map((notice) => notice['RECEIVER_LOGINNAMES'])).toEqual(['truc.noi']);

  // The same values again, and other values that mean the same: nothing new, nothing sent.
  for (const rate of [27, 28]) expect(await assess(rate)).toEqual([]);
  const { cards } = await post('/cds-services/patient-alerts', {
    hook: 'patient-view',
    hookInstance: randomUUID(),
    context: { userId: 'Practitioner/1', patientId: patient.code },
  });
  expect(cards[0]).toMatchObject({ uuid: id, summary: summary.vi, indicator: severity });
  const undelivered = async () => (await get('/v1/outbox')).messages.filter(({ state }) => state !== 'delivered');
  await expect.poll(undelivered, { timeout: 60_000 }).toEqual([]);
  expect([raised().length, notices().length]).toEqual([1, 1]);
});
