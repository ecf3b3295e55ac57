// Logging in without an identity provider: the one-time link, local accounts, keys and signing systems, on one service.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isPassword } from '#access/passwords.ts';
import { openSessions, type SessionStore } from '#access/sessions.ts';
import { openLocalLogin } from '#login/local-login.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let service: TestService;
const signer = await generateKeyPair('ES384', { extractable: true });
const run = promisify(execFile);

async function haidang(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['src/cli/main.ts', ...args], {
    env: { ...process.env, HAIDANG_DATA_DIR: service.dataDir },
  });
  return stdout.trim();
}

const call = (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
  fetch(`${service.address}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const logIn = (body: object) => call('POST', '/v1/session', {}, body);

beforeAll(async () => {
  const jwks = { keys: [{ ...(await exportJWK(signer.publicKey)), kid: 'k', alg: 'ES384' }] };
  const clients = [{ clientId: 'emr', role: 'his', jwks }];
  service = await openTestService(undefined, { access: { clients } }, { HAIDANG_ACCESS: 'login' });
});
afterAll(() => service.close());

describe('the one-time link', () => {
  test('opens one session for its owner, and nothing twice', async () => {
    const code = service.loginLink?.split('#code=')[1] ?? '';
    expect((await logIn({ code: 'wrong' })).status).toBe(401);
    const first = await logIn({ code });
    expect(first.status).toBe(204);
    expect(first.headers.get('set-cookie')).toMatch(/^haidang=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Expires=/);
    const me = await call('GET', '/v1/session', { cookie: cookieOf(first) });
    expect(await me.json()).toMatchObject({ actor: 'owner', facility: 'local', login: true });
    const second = await logIn({ code });
    expect([second.status, await second.json()]).toEqual([401, expect.objectContaining({ code: 'login.code-used' })]);
  });
});

test('a person who is not logged in goes to the login page, a program gets a problem', async () => {
  const person = await call('GET', '/alerts?x=1', { accept: 'text/html,*/*' });
  expect([person.status, person.headers.get('location')]).toEqual([303, '/login?next=%2Falerts%3Fx%3D1']);
  expect((await call('GET', '/alerts')).status).toBe(401);
});

describe('a local account', () => {
  let cookie = '';
  let csrf = '';
  test('begins with a password that has to be changed, and is held as Argon2id', async () => {
    const first = await haidang('users', 'add', 'BS.An', '--role', 'radiologist');
    const refused = await logIn({ login: 'bs.an', password: first });
    expect(await refused.json()).toMatchObject({ code: 'login.must-change' });
    const change = (next: string) => call('PUT', '/v1/session/password', {}, { login: 'bs.an ', current: first, next });
    expect(await (await change('short')).json()).toMatchObject({ code: 'login.weak-password' });
    const changed = await change('một mật khẩu đủ dài');
    expect(changed.status).toBe(204);
    cookie = cookieOf(changed);
    const session = await (await call('GET', '/v1/session', { cookie })).json();
    expect(session).toMatchObject({ actor: 'bs.an', roles: ['radiologist'] });
    csrf = String(Object(session).csrf);
    expect((await logIn({ login: 'bs.an', password: first })).status).toBe(401);
    // The same letters, decomposed, as another keyboard types them.
    expect((await logIn({ login: 'BS.AN', password: 'một mật khẩu đủ dài'.normalize('NFD') })).status).toBe(204);
  });

  test('writes with a cookie need the session’s own token', async () => {
    const write = (headers: Record<string, string>) => call('DELETE', '/v1/session', { cookie, ...headers });
    for (const headers of [{}, { 'x-csrf-token': 'x' }]) {
      const answer = await write(headers);
      expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: 'http.csrf' })]);
    }
    expect((await call('GET', '/v1/worklist', { cookie })).status).toBe(200);
    expect((await write({ 'x-csrf-token': csrf })).status).toBe(204);
    expect((await call('GET', '/v1/worklist', { cookie })).status).toBe(401);
  });

  test('is locked by guessing, also for the right password, and by name without telling which exist', async () => {
    const first = await haidang('users', 'reset', 'bs.an');
    for (let guess = 0; guess < 5; guess += 1)
      expect((await logIn({ login: 'bs.an', password: `guess ${guess}` })).status).toBe(401);
    const locked = await logIn({ login: 'bs.an', password: first });
    expect([locked.status, Number(locked.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    const [unknown, wrong] = await Promise.all([
      logIn({ login: 'nobody', password: 'x' }).then((answer) => answer.json()),
      haidang('users', 'add', 'yt.binh', '--role', 'nurse').then(async () =>
        (await logIn({ login: 'yt.binh', password: 'x' })).json(),
      ),
    ]);
    expect({ ...Object(unknown), requestId: '' }).toEqual({ ...Object(wrong), requestId: '' });
  });

  test('that is disabled logs in no more, and its sessions end', async () => {
    const first = await haidang('users', 'add', 'tam', '--role', 'physician');
    const changed = await call(
      'PUT',
      '/v1/session/password',
      {},
      { login: 'tam', current: first, next: 'twelve letters +' },
    );
    const mine = cookieOf(changed);
    expect((await call('GET', '/v1/session', { cookie: mine })).status).toBe(200);
    await haidang('users', 'disable', 'tam');
    expect((await call('GET', '/v1/session', { cookie: mine })).status).toBe(401);
    expect((await logIn({ login: 'tam', password: 'twelve letters +' })).status).toBe(401);
    expect(await haidang('users', 'list')).toContain('{"login":"tam","roles":["physician"],"disabled":true}');
  });
});

test('a session ends when nobody is there, and pages that ask by themselves do not keep it', async () => {
  let now = Date.parse('2026-11-30T08:00:00Z');
  const clock = { now: () => new Date(now) };
  const rows = new Map<string, Parameters<SessionStore['add']>[0] & { seenAt: Date }>();
  const sessions = openSessions(
    {
      add: async (session) => void rows.set(session.tokenHash, { ...session, seenAt: clock.now() }),
      find: async (hash) => rows.get(hash),
      seen: async (hash) => void Object.assign(rows.get(hash) ?? {}, { seenAt: clock.now() }),
      remove: async (hash) => void rows.delete(hash),
      removeOf: async () => rows.clear(),
    },
    { clock, idleMs: 30 * 60_000 },
  );
  const { token } = await sessions.open({ actor: 'an', facilityId: 'local', roles: ['nurse'] });
  const after = async (minutes: number, background: boolean) => {
    now += minutes * 60_000;
    return (await sessions.find(token, { background })) !== undefined;
  };
  expect([await after(29, false), await after(29, false), await after(20, true), await after(11, true)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(rows.size).toBe(0);
  expect([...rows.keys()].join()).not.toContain(token);
});

test('a lock doubles with every wrong password, up to a quarter of an hour', async () => {
  let now = 0;
  const password = await (await import('#access/passwords.ts')).hashPassword('right');
  const account = { login: 'a', facilityId: 'local', roles: ['nurse'], password, mustChange: false, disabled: false };
  const state = { failures: 0, lockedUntil: undefined as Date | undefined };
  const login = openLocalLogin(
    {
      find: async () => ({ ...account, ...state }),
      failed: async (_, lockedUntil) => void Object.assign(state, { failures: state.failures + 1, lockedUntil }),
      succeeded: async () => undefined,
      setPassword: async () => undefined,
    },
    { now: () => new Date(now) },
  );
  const locks: number[] = [];
  for (let guess = 0; guess < 12; guess += 1) {
    await login.prove('a', 'wrong').catch(() => undefined);
    locks.push(((state.lockedUntil?.getTime() ?? now) - now) / 1000);
    now = state.lockedUntil?.getTime() ?? now;
  }
  expect(locks).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
  expect(await isPassword('right', password)).toBe(true);
  expect(password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a key of a system works until it is revoked, in its role and facility', async () => {
  const key = await haidang('keys', 'add', '--name', 'pacs', '--role', 'his', '--facility', 'khoa-b');
  const headers = { authorization: `Bearer ${key}` };
  const me = await (await call('GET', '/v1/session', headers)).json();
  expect(me).toMatchObject({ actor: 'key:pacs', facility: 'khoa-b', roles: ['his'], csrf: null });
  expect((await call('GET', '/v1/outbox', headers)).status).toBe(403);
  expect((await call('GET', '/v1/session', { authorization: `Bearer ${key.slice(0, -1)}_` })).status).toBe(401);
  const { id } = JSON.parse(await haidang('keys', 'list', '--facility', 'khoa-b'));
  await haidang('keys', 'revoke', id, '--facility', 'khoa-b');
  await vi.waitFor(async () => expect((await call('GET', '/v1/session', headers)).status).toBe(401), 8_000);
});

describe('a system that signs (SMART Backend Services)', () => {
  const assertion = (claims: object = {}, key = signer.privateKey) =>
    new SignJWT({ jti: crypto.randomUUID(), aud: `${service.address}/auth/token`, iss: 'emr', sub: 'emr', ...claims })
      .setProtectedHeader({ alg: 'ES384', kid: 'k', typ: 'JWT' })
      .setExpirationTime('4m')
      .sign(key);
  const ask = (client_assertion: string, more: Record<string, string> = {}) =>
    fetch(`${service.address}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
        scope: 'system/*.rs',
        ...more,
      }),
    });

  test('finds the token endpoint, gets a token and reads FHIR', async () => {
    const found = await (await call('GET', '/fhir/.well-known/smart-configuration')).json();
    expect(found).toMatchObject({ token_endpoint: `${service.address}/auth/token` });
    const answer = await ask(await assertion());
    const body = await answer.json();
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'system/*.rs' });
    const token = String(Object(body).access_token);
    expect((await call('GET', '/fhir/AuditEvent', { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('gets nothing with another key, a used, old or foreign assertion, or another grant', async () => {
    const other = await generateKeyPair('ES384');
    const used = await assertion();
    await ask(used);
    const answers = await Promise.all([
      assertion({}, other.privateKey).then((text) => ask(text)),
      ask(used),
      assertion({ aud: 'https://other.example/token' }).then((text) => ask(text)),
      assertion({ iss: 'x', sub: 'x' }).then((text) => ask(text)),
      ask('x.y.z'),
      assertion().then((text) => ask(text, { grant_type: 'password' })),
      assertion().then((text) => ask(text, { scope: 'openid' })),
    ]);
    const said = await Promise.all(answers.map(async (answer) => Object(await answer.json()).error));
    expect(said).toEqual([
      ...Array.from({ length: 5 }, () => 'invalid_client'),
      'unsupported_grant_type',
      'invalid_scope',
    ]);
  });
});
