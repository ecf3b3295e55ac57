// A real Keycloak with the realm of deploy/keycloak: a person logs in with a browser, a program with its token. `.ci/steps/58-keycloak` starts it.
import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const keycloak = process.env['HAIDANG_TEST_KEYCLOAK'];
/** The realm was imported for this address. */
const ownUrl = process.env['HAIDANG_TEST_URL'] ?? '';
const ADMIN_PASSWORD = 'admin-of-a-test';
const PASSWORD = 'Mot mat khau 12';

const tokenSchema = z.looseObject({ access_token: z.string() });

describe.skipIf(keycloak === undefined)('Keycloak (HAIDANG_TEST_KEYCLOAK)', () => {
  let service: TestService;
  let browser: Browser;

  async function tokenFrom(realm: string, form: Readonly<Record<string, string>>): Promise<string> {
    const answer = await fetch(`${keycloak}/realms/${realm}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(answer.status).toBe(200);
    return tokenSchema.parse(await answer.json()).access_token;
  }
  const programToken = (client: string, secret: string): Promise<string> =>
    tokenFrom('haidang', { grant_type: 'client_credentials', client_id: client, client_secret: secret });

  /** Keycloak's own administration. */
  async function asAdmin(method: string, path: string, body?: object): Promise<unknown> {
    // It lasts a minute.
    const admin = await tokenFrom('master', {
      grant_type: 'password',
      client_id: 'admin-cli',
      username: 'admin',
      password: ADMIN_PASSWORD,
    });
    const answer = await fetch(`${keycloak}/admin/realms/haidang${path}`, {
      method,
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expect([path, answer.status]).toEqual([path, expect.toSatisfy((status: number) => status < 300)]);
    const text = await answer.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Made by Keycloak when it took in the realm. */
  async function secretOf(clientId: string): Promise<string> {
    const found = z
      .array(z.looseObject({ secret: z.string().min(20) }))
      .parse(await asAdmin('GET', `/clients?clientId=${clientId}`));
    return found[0]?.secret ?? '';
  }

  async function addUser(username: string, role: string | undefined): Promise<void> {
    await asAdmin('POST', '/users', {
      username,
      enabled: true,
      emailVerified: true,
      email: `${username}@bv.example`,
      firstName: username,
      lastName: 'Nguyen',
      credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
    });
    if (role === undefined) return;
    const [user] = z
      .array(z.looseObject({ id: z.string() }))
      .parse(await asAdmin('GET', `/users?username=${username}&exact=true`));
    await asAdmin('POST', `/users/${user?.id}/role-mappings/realm`, [await asAdmin('GET', `/roles/${role}`)]);
  }

  beforeAll(async () => {
    const port = new URL(ownUrl).port;
    service = await openTestService(
      undefined,
      {
        publicUrl: ownUrl,
        access: {
          provider: {
            issuer: `${keycloak}/realms/haidang`,
            clientId: 'haidang',
            clientSecret: await secretOf('haidang'),
            label: 'Keycloak',
            claims: {
              roleClaim: 'roles',
              roles: { 'bac-si-cdha': 'radiologist', 'dieu-duong': 'nurse', 'he-thong': 'his', 'quan-tri': 'admin' },
            },
          },
        },
      },
      { HAIDANG_ACCESS: 'login', HAIDANG_PORT: port },
    );
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
      timeout: 60_000,
    });
    await asAdmin('POST', '/roles', { name: 'ke-toan' });
    await addUser('bs.an', 'bac-si-cdha');
    await addUser('kt.binh', 'ke-toan');
    await addUser('qt.chi', 'quan-tri');
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  /** From our login page through Keycloak's and back. */
  async function logIn(username: string, from = '/'): Promise<Page> {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${ownUrl}${from}`);
    await page.click('#provider');
    await page.waitForURL(`${keycloak}/**`);
    await page.fill('input[name=username]', username);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('[type=submit]');
    return page;
  }

  test('a radiologist logs in and sees the worklist; a logout ends the session', async () => {
    const page = await logIn('bs.an');
    await page.waitForSelector('[data-total]');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.textContent('#actor')).toBe('bs.an');
    const stale = await page.context().cookies(ownUrl);
    await page.click('#log-out');
    await page.waitForSelector('#provider');
    const answer = await page.goto(`${ownUrl}/alerts`);
    expect(answer?.url()).toContain('/login?next=%2Falerts');
    const cookie = stale.map(({ name, value }) => `${name}=${value}`).join('; ');
    expect((await fetch(`${ownUrl}/v1/worklist`, { headers: { cookie } })).status).toBe(401);
  });

  test('the page that was asked for first is shown after the login', async () => {
    const page = await logIn('bs.an', '/alerts');
    await page.waitForURL(`${ownUrl}/alerts`);
    expect(await page.textContent('#actor')).toBe('bs.an');
  });

  test('a person with no role of ours gets a page that says so, and no session', async () => {
    const page = await logIn('kt.binh');
    await page.waitForURL(`${ownUrl}/login?refused=login.no-role`);
    expect(await page.textContent('[role=alert]')).toMatch(/role/);
    expect((await page.context().cookies(ownUrl)).map(({ name }) => name)).not.toContain('haidang');
  });

  test('a role that may not see patients begins where it may, and is told what is missing elsewhere', async () => {
    const page = await logIn('qt.chi');
    await page.waitForSelector('header nav, [role=alert]');
    const answer = await page.goto(`${ownUrl}/`);
    expect(answer?.status()).toBe(403);
    expect(await page.textContent('[role=alert]')).toContain('readings:read');
  });

  const asked = async (token: string, path = '/fhir/ImagingStudy'): Promise<number> =>
    (await fetch(`${ownUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

  test('a program’s token opens what its role opens; one for another audience opens nothing', async () => {
    const his = await programToken('his', await secretOf('his'));
    expect(await asked(his)).toBe(200);
    expect(await asked(his, '/v1/accounts')).toBe(403);
    await asAdmin('POST', '/clients', {
      clientId: 'other',
      publicClient: false,
      secret: 'other-of-a-test',
      serviceAccountsEnabled: true,
      standardFlowEnabled: false,
    });
    expect(await asked(await programToken('other', 'other-of-a-test'))).toBe(401);
    const [head, claims, tail = ''] = his.split('.');
    expect(await asked(`${head}.${claims}.${tail.slice(0, -4)}AAAA`)).toBe(401);
  });

  test('when Keycloak signs with a new key, its tokens are believed without a restart', async () => {
    const { id } = z.looseObject({ id: z.string() }).parse(await asAdmin('GET', ''));
    const kidOf = (token: string): unknown =>
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
    const before = await programToken('his', await secretOf('his'));
    expect(await asked(before)).toBe(200);
    await asAdmin('POST', '/components', {
      name: 'rotated',
      parentId: id,
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      config: { priority: ['500'], enabled: ['true'], active: ['true'], algorithm: ['RS256'], keySize: ['2048'] },
    });
    const after = await programToken('his', await secretOf('his'));
    expect(kidOf(after)).not.toBe(kidOf(before));
    // An unknown key is looked up, but not more often than every few seconds.
    await vi.waitFor(async () => expect(await asked(after)).toBe(200), { timeout: 40_000, interval: 1_000 });
    expect(await asked(before)).toBe(200);
  });
});

test('the realm for Keycloak has a role for each of ours, asks for PKCE, and holds no secret', () => {
  const text = readFileSync('deploy/keycloak/haidang-realm.json', 'utf8');
  const realm = z
    .looseObject({
      roles: z.looseObject({ realm: z.array(z.looseObject({ name: z.string() })) }),
      clients: z.array(z.looseObject({ attributes: z.record(z.string(), z.string()).optional() })),
    })
    .parse(JSON.parse(text));
  expect(realm.roles.realm).toHaveLength(7);
  expect(text).not.toMatch(/"secret"|"password"/);
  expect(realm.clients[0]?.attributes?.['pkce.code.challenge.method']).toBe('S256');
});
