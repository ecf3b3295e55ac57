// The alert of one finding is one alert, whoever shows it: our own API, CDS Hooks, FHIR, HisPro and a webhook say the same.
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newWebhookSecret, verifyWebhook } from '#interop/webhooks/sign.ts';
import { filmDicom } from '../fixtures/film.ts';
import { MOCK_ACCOUNT, type MockHispro, startMockHispro } from '../fixtures/mock-hispro.ts';
import { openTestService, type TestService } from './service.ts';

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
}

const hooks: { readonly genuine: boolean; readonly event: Hook }[] = [];
let his: MockHispro;
let receiver: Server;
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
  service = await openTestService(undefined, {
    hispro: {
      servers: { acs: his.url, mos: his.url, sda: his.url },
      account: MOCK_ACCOUNT,
      noticesFrom: 'info',
      roles: { radiologist: { departmentCodes: ['CDHA'] } },
    },
    webhooks: [{ id: 'his', url: `http://127.0.0.1:${port}/`, secrets: [secret] }],
  });
});
afterAll(async () => {
  await service.close();
  await his.close();
  await new Promise((resolve) => receiver.close(resolve));
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
    hookInstance: 'x',
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
