// A service with a login: tokens of its own issuer, two facilities that never meet, every door's refusal in the door's own words.
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Role } from '#access/roles.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { openTokens } from '#access/tokens.ts';
import { systemClock } from '#kernel/clock.ts';
import { createClient } from '#client/client.ts';
import { filmDicom } from '../fixtures/film.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let service: TestService;
const args = ['src/cli/main.ts', 'token'];
const tokenOf = (role: string, ...more: string[]): string =>
  execFileSync(process.execPath, [...args, '--role', role, ...more], {
    env: { ...process.env, HAIDANG_DATA_DIR: service.dataDir },
    encoding: 'utf8',
  }).trim();
/** As `haidang token` makes it, without its start. */
const minted = async (role: Role, actor: string): Promise<string> =>
  (await openTokens(await tokenKeyInFolder(service.dataDir), systemClock)).issue({
    actor,
    roles: [role],
    facilityId: 'local',
    seconds: 600,
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${service.address}${path}`, { headers });

let here: string;
let there: string;
let his: string;
let uid = '';
beforeAll(async () => {
  service = await openTestService(
    undefined,
    { hispro: { viewerKey: 'a-long-viewer-key' } },
    { HAIDANG_ACCESS: 'login' },
  );
  // While the service runs and holds its database.
  here = tokenOf('radiologist', '--name', 'bs.an');
  there = tokenOf('radiologist', '--facility', 'khoa-b');
  his = tokenOf('his');
  const client = createClient({ baseUrl: service.address, token: here });
  const bytes = Uint8Array.from(await filmDicom({}));
  [uid = ''] = (await client.upload([{ name: 'film.dcm', bytes }])).studies;
  await client.waitUntilRead(uid);
});
afterAll(() => service.close());

describe('a token', () => {
  test('of a wrong role, duration or facility is misuse', () => {
    for (const wrong of [
      ['--role', 'god'],
      ['--role', 'his', '--for', '31d'],
      ['--role', 'his', '--facility', '../x'],
      [],
    ])
      expect(spawnSync(process.execPath, [...args, ...wrong]).status).toBe(2);
  });

  test('is refused when it is changed or made with another key', async () => {
    const [head, , tail] = here.split('.');
    const claims = { iss: 'haidang', aud: 'haidang', sub: 'x', roles: ['admin'], facility: 'local', iat: 1, exp: 9e9 };
    const changed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${tail}`;
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const token of [changed, `${none}.${changed.split('.')[1]}.`, 'x', 'a.b.c']) {
      const answer = await get('/v1/outbox', bearer(token));
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect(await answer.json()).toMatchObject({ code: 'access.token-not-valid', field: 'Authorization' });
    }
  });

  test('says who acted, in the audit trail', async () => {
    const opened = await fetch(`${service.address}/v1/studies/${uid}/opened`, {
      method: 'POST',
      headers: bearer(here),
    });
    expect(opened.status).toBe(204);
    const found = await get(`/fhir/AuditEvent?_count=50`, bearer(his));
    expect(JSON.stringify(await found.json())).toContain('bs.an');
  });
});

describe('the audit trail', () => {
  const entrySchema = z.looseObject({
    actor: z.string(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    detail: z.record(z.string(), z.unknown()).nullable(),
  });
  const entries = async (after: number, actor: string) => {
    const answer = await get(`/v1/audit?limit=500&after=${after}`, bearer(await minted('admin', 'quan-tri')));
    return z
      .array(entrySchema)
      .parse(await answer.json())
      .filter((entry) => entry.actor === actor);
  };

  test('has a FHIR read once, as its record, and a search that found nothing once; both with address and purpose', async () => {
    const system = await minted('his', 'his.once');
    const headers = { ...bearer(system), 'x-purpose-of-use': 'TREAT' };
    const reading = z
      .looseObject({ reading: z.looseObject({ id: z.string() }) })
      .parse(await (await get(`/v1/studies/${uid}`, bearer(here))).json()).reading;
    expect((await get(`/fhir/DiagnosticReport/${reading.id}`, headers)).status).toBe(200);
    expect((await get('/fhir/RiskAssessment?patient=nobody', headers)).status).toBe(200);
    const from = { address: '127.0.0.1', purpose: 'TREAT' };
    await vi.waitFor(
      async () =>
        expect(await entries(0, 'his.once')).toEqual([
          expect.objectContaining({
            action: 'fhir.read',
            subjectType: 'reading',
            subjectId: reading.id,
            detail: { ...from, type: 'DiagnosticReport', id: reading.id },
          }),
          expect.objectContaining({ action: 'record.read', detail: { ...from, route: '/fhir/:type' } }),
        ]),
      20_000,
    );
  });

  test('has user, address and purpose of a write too, and none of what a worker does after it', async () => {
    const doctor = await minted('radiologist', 'bs.viet');
    const wrote = await fetch(`${service.address}/v1/studies/${uid}/reread`, {
      method: 'POST',
      headers: { ...bearer(doctor), 'x-purpose-of-use': 'ETREAT' },
    });
    expect(wrote.status).toBeLessThan(300);
    await fetch(`${service.address}/v1/studies/${uid}/opened`, { method: 'POST', headers: bearer(doctor) });
    expect((await entries(0, 'bs.viet')).map(({ action, detail }) => [action, detail])).toEqual([
      ['study.reading-requested', expect.objectContaining({ address: '127.0.0.1', purpose: 'ETREAT' })],
      ['study.opened', { address: '127.0.0.1' }],
    ]);
    for (const { detail } of await entries(0, 'system')) expect(detail ?? {}).not.toHaveProperty('address');
  });
});

test('another facility sees nothing of a study, at any door', async () => {
  const mine = await get(`/v1/studies/${uid}`, bearer(here));
  const reading = z.looseObject({ reading: z.looseObject({ id: z.string() }) }).parse(await mine.json()).reading;
  for (const path of [
    `/v1/studies/${uid}`,
    `/v1/readings/${reading.id}`,
    `/v1/readings/${reading.id}/similar`,
    `/dicomweb/studies/${uid}`,
    `/dicomweb/studies/${uid}/metadata`,
    `/dicomweb/studies/${uid}/rendered`,
  ])
    expect([path, (await get(path, bearer(there))).status]).toEqual([path, 404]);
  const lists = await Promise.all(
    ['/v1/worklist', '/dicomweb/studies', '/v1/alerts', `/v1/studies/${uid}/readings`].map(async (path) =>
      (await get(path, bearer(there))).text(),
    ),
  );
  for (const list of lists) expect(list).not.toContain(uid);
  expect(await (await get('/v1/worklist', bearer(here))).text()).toContain(uid);
});

describe('without credentials', () => {
  const post = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${service.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });

  test('FHIR and CDS Hooks answer with an OperationOutcome, our API with a problem', async () => {
    for (const answer of [await get('/fhir/Patient'), await post('/cds-services/haidang')]) {
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
    }
    const forbidden = await get('/fhir/Patient', bearer(here));
    expect(forbidden.status).toBe(403);
    expect(await forbidden.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'forbidden' }] });
    expect(await (await post('/api/HIS/CheckDrug')).json()).toMatchObject({ code: 'access.login-needed' });
  });

  test('a signed link still opens its page, and no other', async () => {
    expect((await get('/view?ss=1&bn=2')).status).toBe(403);
    expect((await get('/view?ss=1&bn=2&k=a-long-viewer-key')).status).toBe(404);
  });
});

describe('a page of another site', () => {
  const override = (headers: Record<string, string>) =>
    fetch(`${service.address}/v1/studies/${uid}/closed`, { method: 'POST', headers: { ...bearer(here), ...headers } });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a browser that names no origin', { 'sec-fetch-site': 'cross-site' }],
  ])('cannot write: %s', async (_name, headers) => {
    const answer = await override(headers);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'http.cross-site' });
  });

  test('writes nothing at the doors of other systems either', async () => {
    for (const path of ['/api/HIS/CheckDrug', '/cds-services/haidang', '/fhir/Subscription', '/dicomweb/studies']) {
      const answer = await fetch(`${service.address}${path}`, {
        method: 'POST',
        headers: { ...bearer(his), origin: 'https://evil.example', 'content-type': 'application/json' },
        body: '{}',
      });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });
});
