// Finds the calling client by its signed JWT (CDS Hooks 2.0, "Trusting CDS Clients").
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { cdsHooksErrors } from '#interop/cds-hooks/errors.ts';

export interface CdsClient {
  /** The token's `iss`, compared exactly. */
  readonly issuer: string;
  /** Where its public keys are: the address that the site wrote down (a `jku` in a token must be the same), or the keys themselves. */
  readonly jwksUrl?: string;
  readonly jwks?: JSONWebKeySet;
  /** Of the token's `tenant`, where one client serves several; absent tenants belong to `facilityId`. */
  readonly tenants?: Readonly<Record<string, string>>;
  readonly facilityId: string;
}

export interface Caller {
  readonly issuer: string;
  readonly facilityId: string;
}

export interface TokenChecker {
  /** `audience` is the exact address called. Throws `cds-hooks.unauthorised`; the reason holds nothing of the token. */
  check(authorization: string | undefined, audience: string): Promise<Caller>;
}

/** Asymmetric only: `none` and shared secrets are forbidden by the specification. */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
/** The specification's example lives five minutes; longer ones are refused, because their ids must be remembered. */
const MAX_LIFETIME_S = 600;
const TOLERANCE_S = 30;
const MAX_REMEMBERED = 100_000;

const claimsSchema = z.looseObject({
  iss: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1).max(200),
  tenant: z.string().optional(),
});

const refuse = (reason: string, field = 'Authorization') => cdsHooksErrors.error('unauthorised', { field, reason });

/** Remembers each id until its token has run out; a full memory refuses rather than forgets. */
function replayGuard(clock: Clock) {
  const seen = new Map<string, number>();
  return {
    /** False when the id was used before. */
    first(id: string, expiresAtS: number): boolean {
      const nowS = clock.now().getTime() / 1000;
      if (seen.size >= MAX_REMEMBERED) for (const [key, until] of seen) if (until < nowS) seen.delete(key);
      if (seen.has(id) || seen.size >= MAX_REMEMBERED) return false;
      seen.set(id, expiresAtS + TOLERANCE_S);
      return true;
    },
  };
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw refuse('not a JWT');
  }
}

function facilityOf(client: CdsClient, tenant: string | undefined): string {
  if (tenant === undefined) return client.facilityId;
  if (client.tenants === undefined) return client.facilityId;
  const facility = client.tenants[tenant];
  if (facility === undefined) throw refuse('unknown tenant', 'tenant');
  return facility;
}

interface Registered {
  readonly client: CdsClient;
  readonly keys: JWTVerifyGetKey;
}

export function openTokenChecker(clients: readonly CdsClient[], clock: Clock): TokenChecker {
  const guard = replayGuard(clock);
  const known = new Map(
    clients.map((client): [string, Registered] => {
      const keys =
        client.jwks === undefined
          ? createRemoteJWKSet(new URL(client.jwksUrl ?? ''), { timeoutDuration: 3000, cooldownDuration: 30_000 })
          : createLocalJWKSet(client.jwks);
      return [client.issuer, { client, keys }];
    }),
  );

  async function verify(token: string, entry: Registered, audience: string): Promise<JWTPayload> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, entry.keys, {
        issuer: entry.client.issuer,
        audience,
        algorithms: ALGORITHMS,
        typ: 'JWT',
        currentDate: clock.now(),
        clockTolerance: TOLERANCE_S,
        requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'],
      });
      const { jku } = protectedHeader;
      if (jku !== undefined && jku !== entry.client.jwksUrl) throw refuse('jku is not the registered address', 'jku');
      return payload;
    } catch (cause) {
      // jose's codes (ERR_JWT_EXPIRED, ERR_JWKS_NO_MATCHING_KEY …) name the fault without the token's content.
      const code =
        cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'not valid';
      throw code.startsWith('cds-hooks') ? cause : refuse(code);
    }
  }

  return {
    async check(authorization, audience) {
      const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) throw refuse('a bearer token is missing');
      const issuer = issuerOf(token);
      const entry = known.get(issuer);
      if (entry === undefined) throw refuse('unknown issuer', 'iss');
      const claims = claimsSchema.safeParse(await verify(token, entry, audience));
      if (!claims.success)
        throw refuse('a claim has the wrong type', String(claims.error.issues[0]?.path[0] ?? 'claims'));
      const { iat, exp, jti, tenant } = claims.data;
      if (exp - iat > MAX_LIFETIME_S) throw refuse('the token lives too long', 'exp');
      if (iat > clock.now().getTime() / 1000 + TOLERANCE_S) throw refuse('issued in the future', 'iat');
      const facilityId = facilityOf(entry.client, tenant);
      if (!guard.first(`${issuer} ${jti}`, exp)) throw refuse('the token was used before', 'jti');
      return { issuer, facilityId };
    },
  };
}
