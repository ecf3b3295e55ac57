// The hospital's systems are down and the service is killed twice meanwhile: when they are back, every message arrives once by its
// identity, in the order of its patient, and none is lost. The waits are the site's own, short here, so that an hour passes in seconds.
import { createServer, type Server } from 'node:http';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newWebhookSecret, verifyWebhook } from '#interop/webhooks/sign.ts';
import { filmDicom } from '../fixtures/film.ts';
import { MOCK_ACCOUNT, type MockHispro, startMockHispro } from '../fixtures/mock-hispro.ts';
import { freshDataDir } from '../store/hosts.ts';
import { type ChildService, modelsFolder, spawnService } from './service.ts';

const secret = newWebhookSecret();
const dataDir = await freshDataDir();
const models = modelsFolder();
const siteFile = join(models, 'site.json');

interface Arrival {
  readonly id: string;
  readonly patient: string;
  readonly genuine: boolean;
}
/** `cut`: it takes the message and dies before it answers. */
let mood: 'up' | 'down' | 'cut' = 'up';
let attempts = 0;
const arrivals: Arrival[] = [];
let receiver: Server;
let his: MockHispro;
const running: ChildService[] = [];

beforeAll(async () => {
  his = await startMockHispro();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      attempts += 1;
      if (mood === 'down') return response.destroy();
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const event = JSON.parse(body);
      const genuine = verifyWebhook(headers, body, { now: new Date(), secrets: [secret] });
      arrivals.push({ id: event.id, patient: event.data.alert.subject.patientCode, genuine });
      if (mood === 'cut') return response.destroy();
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const site = {
    hispro: {
      servers: { acs: his.url, mos: his.url, sda: his.url },
      account: MOCK_ACCOUNT,
      noticesFrom: 'info',
      roles: { radiologist: { departmentCodes: ['CDHA'] } },
    },
    webhooks: [{ id: 'his', url: `http://127.0.0.1:${port}/`, secrets: [secret] }],
    delivery: { firstRetryMs: 20, longestRetryMs: 300, firstPauseMs: 50, longestPauseMs: 300 },
  };
  writeFileSync(siteFile, JSON.stringify(site), { mode: 0o600 });
});
afterAll(async () => {
  for (const service of running) await service.kill();
  await his.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ChildService> {
  const service = await spawnService(dataDir, models, { HAIDANG_SITE: siteFile });
  running.push(service);
  return service;
}

async function upload({ client }: ChildService, patient: string): Promise<string> {
  const film = await filmDicom({ study: patient, patient });
  const { studies } = await client.upload([{ name: 'f.dcm', bytes: Uint8Array.from(film) }]);
  return studies[0] ?? '';
}

const alertOf = async ({ client }: ChildService, study: string): Promise<string> =>
  (await client.waitUntilRead(study)).alertIds[0] ?? '';

/** What is done about an alert, one after the other: each a message that must come after the one before. */
const actions = ['markAlertSeen', 'acknowledgeAlert', 'markAlertFalsePositive'] as const;

/** The receiver is being tried, in vain: a kill now comes in the middle of it. */
async function triedInVain(times: number): Promise<void> {
  const before = attempts;
  await expect.poll(() => attempts, { timeout: 60_000 }).toBeGreaterThanOrEqual(before + times);
}

const messagesOf = async ({ client }: ChildService, target: string) =>
  (await client.v1.listOutgoingMessages({ target, limit: '500' })).data.messages.toReversed();

describe.skipIf(process.platform !== 'linux')('the HIS is down', () => {
  test('and the service is killed twice: every message arrives once, in the order of its patient', async () => {
    let service = await start();
    // The receiver takes the first messages and dies before it answers: the same identities must come again.
    mood = 'cut';
    his.mood = 'losing-answers';
    const patients = ['P1', 'P2', 'P3', 'P4'];
    const alerts: string[] = [];
    for (const patient of patients) alerts.push(await alertOf(service, await upload(service, patient)));
    await expect.poll(() => new Set(arrivals.map(({ id }) => id)).size, { timeout: 60_000 }).toBe(patients.length);
    await expect.poll(() => his.notices.length, { timeout: 60_000 }).toBeGreaterThan(0);
    mood = 'down';
    his.mood = 'down';

    for (const [index, action] of actions.entries()) {
      for (const id of alerts) await service.client.v1[action](id, {});
      if (index === 2) break;
      // A film that was acknowledged, and its alert, must come out of the kill too.
      const late = await upload(service, `late${index}`);
      await triedInVain(3);
      await service.kill();
      service = await start();
      expect(await alertOf(service, late)).not.toBe('');
    }
    await triedInVain(3);
    expect((await messagesOf(service, 'webhook:his')).filter(({ state }) => state === 'delivered')).toEqual([]);

    mood = 'up';
    his.mood = 'up';
    for (const target of ['webhook:his', 'hispro']) {
      const open = async () => (await messagesOf(service, target)).filter(({ state }) => state !== 'delivered').length;
      await expect.poll(open, { timeout: 120_000 }).toBe(0);
    }
    const sent = (await messagesOf(service, 'webhook:his')).map(({ id }) => id);
    // An alert and three acts for each of four patients, and two late films.
    expect(sent).toHaveLength(4 * 4 + 2);
    const first = [...new Map(arrivals.toReversed().map((one) => [one.id, one])).values()].toReversed();
    expect(first.map(({ id }) => id).toSorted()).toEqual(sent.toSorted());
    for (const patient of [...patients, 'late0', 'late1']) {
      const arrived = first.filter((one) => one.patient === patient).map(({ id }) => id);
      expect(arrived, patient).toEqual(sent.filter((id) => arrived.includes(id)));
    }
    expect(arrivals.every(({ genuine }) => genuine)).toBe(true);
    // HisPro keeps no identity of ours: each alert is one notice all the same.
    const named = (id: string) => his.notices.filter(({ CONTENT }) => String(CONTENT).includes(id)).length;
    expect(alerts.map(named)).toEqual([1, 1, 1, 1]);
    expect(his.notices).toHaveLength(6);
    expect((await service.client.v1.verifyAudit()).data.intact).toBe(true);
    expect(await service.stop()).toBe(0);
  }, 300_000);
});
