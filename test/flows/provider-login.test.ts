// Logging in with the hospital's OpenID Connect provider, and its access tokens at the doors.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { claimedBy, claimRules } from '#access/provider-claims.ts';
import { type IdentityProvider, startIdentityProvider } from '../fixtures/identity-provider.ts';
import { openTestService, type TestService } from './service.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let provider: IdentityProvider;
let service: TestService;
beforeAll(async () => {
  provider = await startIdentityProvider();
  service = await openTestService(undefined, { access: { provider: provider.settings } }, { HAIDANG_ACCESS: 'login' });
});
afterAll(async () => {
  await service.close();
  await provider.close();
});

const get = (path: string, headers: Record<string, string>) =>
  fetch(`${service.address}${path}`, { headers, redirect: 'manual' });
const withToken = async (claims: object, path = '/v1/worklist') =>
  (await get(path, { authorization: `Bearer ${await provider.accessToken(claims)}` })).status;

describe('a person', () => {
  test('with a role comes back with a session, in the facility that the provider names', async () => {
    const last = await provider.logIn(`${service.address}/login/provider?next=/alerts`, 'an');
    const [, cookie = ''] = /(haidang=[^;]+)/.exec(last.headers.getSetCookie().join('\n')) ?? [];
    expect(await last.text()).toContain('content="0;url=/alerts"');
    const me = await (await get('/v1/session', { cookie })).json();
    expect(me).toMatchObject({ actor: 'an@bv', facility: 'cs2', roles: ['radiologist'] });
  });

  test('without a role of ours gets no session, but the reason', async () => {
    const last = await provider.logIn(`${service.address}/login/provider`, 'binh');
    expect(await last.text()).toContain('/login?refused=login.no-role');
    expect(last.headers.getSetCookie().join('\n')).not.toMatch(/haidang=[\w-]{43}/);
  });

  test('whose login did not begin in this browser gets none, nor one who is sent elsewhere', async () => {
    const answer = await get('/login/callback?code=x&state=y', {});
    expect(await answer.text()).toContain('/login?refused=login.login-expired');
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
      const last = await provider.logIn(`${service.address}/login/provider?next=${encodeURIComponent(next)}`, 'an');
      expect(await last.text()).toContain('content="0;url=/"');
    }
  });
});

describe('an access token of the provider', () => {
  test('opens what its role opens', async () => {
    expect(await withToken({})).toBe(200);
    expect(await withToken({}, '/v1/outbox')).toBe(403);
    expect(await withToken({ groups: ['quan-tri'] }, '/v1/outbox')).toBe(200);
    expect(await withToken({ groups: ['nhan-vien'] })).toBe(403);
  });

  test('is refused for another audience, when it is old, an ID token, or of no facility of ours', async () => {
    const past = Math.floor(Date.now() / 1000) - 3_600;
    for (const claims of [{ site: 'elsewhere' }, { nonce: 'n' }, { typ: 'ID' }])
      expect([claims, await withToken(claims)]).toEqual([claims, 401]);
    const text = await provider.accessToken({});
    const [head, , tail] = text.split('.');
    const forge = (claims: object) => `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${tail}`;
    const base = { iss: provider.issuer, aud: 'https://haidang.bv', sub: 'an', groups: ['quan-tri'], site: 'co-so-2' };
    for (const claims of [
      { ...base, iat: past, exp: past + 9e9 },
      { ...base, aud: 'x', iat: past, exp: past + 60 },
    ])
      expect((await get('/v1/outbox', { authorization: `Bearer ${forge(claims)}` })).status).toBe(401);
  });

  test('signed with a new key is believed after the provider has changed its keys', async () => {
    const old = await provider.accessToken({});
    await provider.rotate();
    // An unknown key is looked up again, but not more often than every 5 seconds.
    await vi.waitFor(async () => expect(await withToken({})).toBe(200), { timeout: 40_000, interval: 1_000 });
    expect(old).not.toBe('');
  });
});

test('roles are read where the provider keeps them, and nothing of a prototype', () => {
  const rules = claimRules.parse({
    roleClaim: 'realm_access.roles',
    roles: { doc: 'physician', constructor: 'nurse' },
  });
  const claims = { sub: '1', preferred_username: 'x', realm_access: { roles: ['doc', 'doc', 'toString', 7] } };
  expect(claimedBy(claims, rules)).toEqual({ actor: 'x', facilityId: 'local', roles: ['physician'] });
  expect(claimedBy({ sub: '1' }, rules)).toEqual({ actor: '1', facilityId: 'local', roles: [] });
  const dotted = claimRules.parse({ roleClaim: 'https://bv/roles', roles: { doc: 'physician' } });
  expect(claimedBy({ sub: '1', ['https://bv/roles']: 'doc' } as object, dotted).roles).toEqual(['physician']);
});
