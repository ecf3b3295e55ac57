// SMART Backend Services: gets access tokens for a FHIR server with a private key, and keeps them until they run out.
import { exportJWK, importJWK, type JWK, type JSONWebKeySet, SignJWT, calculateJwkThumbprint } from 'jose';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { newUuid } from '#kernel/ids.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import { isSafeAddress } from '#interop/fhir/settings.ts';

export interface ClientKey {
  readonly algorithm: 'ES384' | 'RS384';
  readonly keyId: string;
  readonly sign: Awaited<ReturnType<typeof importJWK>>;
  readonly publicJwk: JWK;
}

const privateJwk = z.looseObject({
  kty: z.enum(['EC', 'RSA']),
  d: z.string(),
  crv: z.string().optional(),
  kid: z.string().optional(),
});

/** Only the public parts of a key: nothing else may ever be hosted. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

/** Throws `fhir.bad-settings`; nothing of the key is in the error. */
export async function clientKeyOf(jwk: unknown, field: string): Promise<ClientKey> {
  const parsed = privateJwk.safeParse(jwk);
  const algorithm = parsed.data?.kty === 'EC' ? 'ES384' : 'RS384';
  if (!parsed.success || (algorithm === 'ES384' && parsed.data.crv !== 'P-384')) {
    throw fhirErrors.error('bad-settings', { field, reason: 'needs a private JWK: EC P-384 or RSA' });
  }
  const { kid, crv, ...required } = parsed.data;
  const members: JWK = { ...required, ...(crv !== undefined && { crv }), alg: algorithm };
  try {
    const sign = await importJWK(members, algorithm, { extractable: true });
    const whole = await exportJWK(sign);
    const bare: JWK = Object.fromEntries(
      PUBLIC_MEMBERS.flatMap((name) => (whole[name] === undefined ? [] : [[name, whole[name]]])),
    );
    const keyId = kid ?? (await calculateJwkThumbprint(bare));
    return {
      algorithm,
      keyId,
      sign,
      publicJwk: { ...bare, kid: keyId, alg: algorithm, use: 'sig', key_ops: ['verify'] },
    };
  } catch (cause) {
    throw fhirErrors.error('bad-settings', { field, reason: 'the JWK cannot be imported', cause });
  }
}

/** Throws `fhir.bad-settings`. */
export async function readClientKey(file: string): Promise<ClientKey> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The cause may hold a piece of the key.
    throw fhirErrors.error('bad-settings', { field: 'smart.keyFile', reason: 'not readable JSON' });
  }
  return clientKeyOf(content, 'smart.keyFile');
}

export const jwksOf = (keys: readonly ClientKey[]): JSONWebKeySet => ({ keys: keys.map(({ publicJwk }) => publicJwk) });

export interface SmartClient {
  readonly url: string;
  readonly clientId: string;
  readonly scope: string;
  readonly tokenUrl?: string;
  readonly key: ClientKey;
}

export interface AccessTokens {
  /** Throws TokenError, and what fetch throws. */
  token(signal: AbortSignal): Promise<string>;
  /** The server no longer takes it. */
  forget(): void;
}

const configuration = z.looseObject({ token_endpoint: z.string() });
const answer = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string(),
  expires_in: z.number().positive().optional(),
});

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** At most five minutes (SMART). */
const ASSERTION_S = 240;
/** What a server does not say lives this long; it is renewed a little before its end. */
const DEFAULT_S = 300;
const EARLY_MS = 15_000;

/** Its message is a fixed word, never an answer's text. */
export class TokenError extends Error {}
const fail = (reason: string): never => {
  throw new TokenError(reason);
};

async function json(response: Response, what: string): Promise<unknown> {
  if (!response.ok) {
    await response.body?.cancel();
    return fail(`${what} HTTP ${response.status}`);
  }
  return response.json().catch(() => fail(`${what} no JSON`));
}

export function openTokens(client: SmartClient, clock: Clock): AccessTokens {
  let held: { readonly token: string; readonly until: number } | undefined;
  let discovered = client.tokenUrl;
  let running: Promise<string> | undefined;

  async function tokenUrl(signal: AbortSignal): Promise<string> {
    if (discovered !== undefined) return discovered;
    const address = `${client.url}/.well-known/smart-configuration`;
    const response = await fetch(address, { headers: { accept: 'application/json' }, redirect: 'error', signal });
    const parsed = configuration.safeParse(await json(response, 'discovery'));
    if (!parsed.success || !isSafeAddress(parsed.data.token_endpoint))
      return fail('discovery without a token endpoint');
    discovered = parsed.data.token_endpoint;
    return discovered;
  }

  async function fresh(signal: AbortSignal): Promise<string> {
    const audience = await tokenUrl(signal);
    const { key, clientId, scope } = client;
    const nowS = Math.floor(clock.now().getTime() / 1000);
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: key.algorithm, kid: key.keyId, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + ASSERTION_S)
      .setJti(newUuid())
      .sign(key.sign);
    const response = await fetch(audience, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: ASSERTION,
        client_assertion: assertion,
      }),
      redirect: 'error',
      signal,
    });
    const parsed = answer.safeParse(await json(response, 'token'));
    if (!parsed.success || parsed.data.token_type.toLowerCase() !== 'bearer')
      return fail('token answer not understood');
    const { access_token: token, expires_in: lifeS = DEFAULT_S } = parsed.data;
    held = { token, until: clock.now().getTime() + lifeS * 1000 - EARLY_MS };
    return token;
  }

  return {
    async token(signal) {
      if (held !== undefined && held.until > clock.now().getTime()) return held.token;
      // Several messages at once ask once.
      running ??= fresh(signal).finally(() => {
        running = undefined;
      });
      return running;
    },
    forget() {
      held = undefined;
    },
  };
}
