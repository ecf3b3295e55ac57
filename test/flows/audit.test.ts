// The audit trail of a service with a login: reads are in it, its head is signed beside it, and an edit or a cut shows.
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readHead, signHead } from '#access/audit-head.ts';
import { tokenKeyInFolder } from '#access/token-key.ts';
import { freshDataDir, openTestStore } from '../store/hosts.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let service: TestService;
beforeAll(async () => {
  service = await openTestService(undefined, undefined, { HAIDANG_ACCESS: 'login' });
});
afterAll(() => service.close());

const run = promisify(execFile);
const haidang = async (...args: string[]): Promise<string> =>
  (
    await run(process.execPath, ['src/cli/main.ts', ...args], {
      env: { ...process.env, HAIDANG_DATA_DIR: service.dataDir },
    })
  ).stdout.trim();

test('a read of a patient names person, record, address and purpose; a refused one and a probe leave nothing', async () => {
  const token = await haidang('token', '--role', 'physician', '--name', 'bs.tam');
  const headers = { authorization: `Bearer ${token}`, 'x-purpose-of-use': 'TREAT' };
  await fetch(`${service.address}/v1/risk/series/BN001`, { headers });
  await fetch(`${service.address}/v1/studies/1.2.3`, { headers });
  await fetch(`${service.address}/health/live`, { headers });
  await vi.waitFor(async () => {
    const reads = (await haidang('audit', 'export'))
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ action }) => action === 'record.read');
    expect(reads).toEqual([
      expect.objectContaining({
        actor: 'bs.tam',
        subjectType: 'patient',
        subjectId: 'BN001',
        detail: { route: '/v1/risk/series/:patientCode', address: '127.0.0.1', purpose: 'TREAT' },
      }),
    ]);
  }, 60_000);
});

test('wrong passwords, tokens and rights are entries with address and route, and no secret is', async () => {
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${service.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const secret = 'mat-khau-cua-toi-2026';
  await haidang('users', 'add', 'BS.An', '--role', 'nurse', '--facility', 'khoa-c');
  expect((await post('/v1/session', { login: ' bs.an', password: secret })).status).toBe(401);
  // Some type the password where the login belongs.
  expect((await post('/v1/session', { login: secret, password: 'x' })).status).toBe(401);
  expect((await post('/v1/session', { code: secret })).status).toBe(401);
  const nurse = `Bearer ${await haidang('token', '--role', 'nurse', '--name', 'yt.binh')}`;
  const get = (path: string, headers: Record<string, string>) => fetch(`${service.address}${path}`, { headers });
  expect((await get('/v1/audit?after=0', { authorization: nurse })).status).toBe(403);
  expect((await get('/admin', { authorization: nurse, accept: 'text/html' })).status).toBe(403);
  const key = `hdk_${'a'.repeat(12)}_${'s'.repeat(43)}`;
  expect((await get('/v1/worklist', { authorization: `Bearer ${key}` })).status).toBe(401);
  // Nothing was tried: no entry.
  expect((await get('/v1/worklist', {})).status).toBe(401);
  const refused = async (facility: string) =>
    (await haidang('audit', 'export', '--facility', facility))
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ action }) => String(action).endsWith('.refused'))
      .map(({ actor, action, subjectType, subjectId, detail }) => [
        action,
        actor,
        `${subjectType}/${subjectId}`,
        detail.route,
        detail.address,
        detail.code,
      ])
      .toSorted();
  await vi.waitFor(async () => {
    const login = 'POST /v1/session';
    expect(await refused('khoa-c')).toEqual([
      ['credentials.refused', 'nobody', 'account/bs.an', login, '127.0.0.1', 'login.wrong-password'],
    ]);
    const ofRoute = (action: string, actor: string, route: string, code: string) => [
      action,
      actor,
      `route/${route}`,
      route,
      '127.0.0.1',
      code,
    ];
    expect(await refused('local')).toEqual([
      ofRoute('access.refused', 'yt.binh', 'GET /admin', 'http.scope-missing'),
      ofRoute('access.refused', 'yt.binh', 'GET /v1/audit', 'http.scope-missing'),
      ofRoute('credentials.refused', 'nobody', 'GET /v1/worklist', 'access.token-not-valid'),
      ofRoute('credentials.refused', 'nobody', login, 'login.code-used'),
      ofRoute('credentials.refused', 'nobody', login, 'login.wrong-password'),
    ]);
  }, 60_000);
  expect(await haidang('audit', 'export')).not.toContain(secret);
  expect(await haidang('audit', 'export', '--facility', 'khoa-c')).not.toContain(secret);
});

test('`haidang audit verify` tells of every facility, while the service runs', async () => {
  const other = await haidang('token', '--role', 'physician', '--facility', 'khoa-b');
  await fetch(`${service.address}/v1/worklist`, { headers: { authorization: `Bearer ${other}` } });
  const verdicts = (await haidang('audit', 'verify', '--json')).split('\n').map((line) => JSON.parse(line));
  expect(verdicts.map(({ facility, intact }) => [facility, intact])).toEqual([
    ['khoa-b', true],
    ['khoa-c', true],
    ['local', true],
  ]);
  expect(verdicts.every(({ entries }) => Number.isInteger(entries))).toBe(true);
});

test('the head is signed into the data folder, for the service’s own account only', async () => {
  const file = join(service.dataDir, 'audit-heads', 'local.jws');
  const key = await tokenKeyInFolder(service.dataDir);
  const [line = ''] = readFileSync(file, 'utf8').split('\n');
  expect(await readHead(line, key)).toMatchObject({ facility: 'local', entries: expect.any(Number) });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const stranger = await tokenKeyInFolder(await freshDataDir());
  expect(await readHead(line, stranger)).toBeUndefined();
  const forged = await signHead({ facility: 'local', entries: 0, head: '0', at: '' }, stranger);
  expect(await readHead(forged, key)).toBeUndefined();
});

test('entries that were cut off after a head was signed are missed', async () => {
  const at = await openTestStore('embedded');
  for (const subjectId of ['1', '2'])
    await at.local.audit.append({ actor: 'x', action: 'record.read', subjectType: 'study', subjectId });
  const { head } = await at.local.audit.head();
  await at.sql('alter table audit disable trigger all');
  await at.sql('delete from audit where sequence = 2');
  await at.sql('update audit_head set (sequence, hash) = (select sequence, hash from audit where sequence = 1)');
  expect(await at.local.audit.verify()).toMatchObject({ intact: true });
  expect(await at.local.audit.verify({ expectedHead: head })).toMatchObject({ intact: false });
  await at.close();
});
