import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CareError } from '#kernel/errors.ts';
import { openTokenChecker, type TokenChecker } from '#interop/cds-hooks/request/token.ts';
import { testClock } from '../../store/hosts.ts';

const ISSUER = 'https://his.example.vn';
const AUDIENCE = 'https://cds.example.vn/cds-services/patient-alerts';
const clock = testClock('2026-11-22T02:00:00.000Z');
const nowS = () => Math.floor(clock.now().getTime() / 1000);

let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
let publicJwk: JWK;
let jwksServer: Server;
let jwksUrl = '';
let checker: TokenChecker;
let jti = 0;

beforeAll(async () => {
  keys = await generateKeyPair('ES384', { extractable: true });
  publicJwk = { ...(await exportJWK(keys.publicKey)), kid: '2026-11', alg: 'ES384', use: 'sig' };
  jwksServer = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [publicJwk] }));
  });
  await new Promise<void>((resolve) => jwksServer.listen(0, '127.0.0.1', resolve));
  const address = jwksServer.address();
  jwksUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/jwks`;
  const client = { issuer: ISSUER, jwksUrl, facilityId: 'bv-a', tenants: { '99999': 'bv-b' } };
  checker = openTokenChecker([client], clock);
});
afterAll(() => jwksServer.close());

const claims = (changes: Record<string, unknown> = {}) => ({
  iss: ISSUER,
  aud: AUDIENCE,
  iat: nowS(),
  exp: nowS() + 300,
  jti: `id-${(jti += 1)}`,
  ...changes,
});

const sign = (
  payload: Record<string, unknown>,
  header: Record<string, unknown> = {},
  key: CryptoKey = keys.privateKey,
) => new SignJWT(payload).setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: '2026-11', ...header }).sign(key);

/** The facility, or the reason of the refusal. */
async function judged(token: string, by: TokenChecker = checker): Promise<string> {
  try {
    return (await by.check(`Bearer ${token}`, AUDIENCE)).facilityId;
  } catch (error) {
    if (error instanceof CareError && error.code === 'cds-hooks.unauthorised') return error.reason;
    throw error;
  }
}

describe('a token', () => {
  test('of a registered client is believed, its tenant decides the facility', async () => {
    expect(await judged(await sign(claims()))).toBe('bv-a');
    expect(await judged(await sign(claims({ tenant: '99999' })))).toBe('bv-b');
    expect(await judged(await sign(claims({ aud: ['https://x', AUDIENCE] }), { jku: jwksUrl }))).toBe('bv-a');
  });

  test.each([
    ['for another address', { aud: 'https://cds.example.vn/cds-services' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['of an unknown issuer', { iss: 'https://evil.example' }, 'unknown issuer'],
    ['of an unknown tenant', { tenant: '1' }, 'unknown tenant'],
    ['that has run out', { iat: nowS() - 600, exp: nowS() - 60 }, 'ERR_JWT_EXPIRED'],
    ['that lives for an hour', { exp: nowS() + 3600 }, 'the token lives too long'],
    ['from the future', { iat: nowS() + 120, exp: nowS() + 240 }, 'issued in the future'],
    ['without an id', { jti: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])('%s is refused', async (_name, changes, reason) => {
    expect(await judged(await sign(claims(changes)))).toBe(reason);
  });

  test('signed with another key, a foreign jku, a wrong typ, a shared secret or nothing is refused', async () => {
    const stranger = await generateKeyPair('ES384');
    expect(await judged(await sign(claims(), {}, stranger.privateKey))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    expect(await judged(await sign(claims(), { jku: 'https://evil.example/jwks' }))).toBe(
      'jku is not the registered address',
    );
    expect(await judged(await sign(claims(), { typ: 'at+jwt' }))).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED');
    expect(await judged(await sign(claims(), { kid: 'other' }))).toBe('ERR_JWKS_NO_MATCHING_KEY');
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
    const hmac = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: '2026-11' })
      .sign(secret);
    expect(await judged(hmac)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    expect(await judged(new UnsecuredJWT(claims()).encode())).toMatch(/^ERR_JO?/);
    expect(await judged('a.b.c')).toBe('not a JWT');
  });

  test('is believed once', async () => {
    const token = await sign(claims());
    expect(await judged(token)).toBe('bv-a');
    expect(await judged(token)).toBe('the token was used before');
  });

  test('that is missing is refused', async () => {
    await expect(checker.check(undefined, AUDIENCE)).rejects.toMatchObject({ status: 401 });
    await expect(checker.check('Basic YTpi', AUDIENCE)).rejects.toMatchObject({ status: 401 });
  });

  test('is checked against written-down keys where no address is registered', async () => {
    const local = openTokenChecker([{ issuer: ISSUER, jwks: { keys: [publicJwk] }, facilityId: 'bv-a' }], clock);
    expect(await judged(await sign(claims()), local)).toBe('bv-a');
  });
});
