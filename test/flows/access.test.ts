// A service with a login: tokens of its own issuer, two facilities that never meet, every door's refusal in the door's own words.
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
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
