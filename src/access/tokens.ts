// Bearer tokens of the service's own issuer: a signed JWT that says who, in which roles, in which facility, until when.
import { decodeJwt, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { accessErrors } from './errors.ts';
import type { BearerReader } from './identify.ts';
import type { Identity } from './identity.ts';
import { ROLES, type Role, scopesOf } from './roles.ts';

const ISSUER = 'haidang';
const ALGORITHM = 'EdDSA';
const TYPE = 'at+jwt';
const TOLERANCE_S = 30;
/** Verifying costs more than the rest of a small request, so tokens that were verified are remembered. */
const REMEMBERED = 1_000;

const claims = z.looseObject({
  sub: z.string().min(1).max(200),
  facility: z.string(),
  roles: z.array(z.enum(ROLES)).min(1),
  exp: z.number(),
});

export interface TokenGrant {
  readonly actor: string;
  readonly roles: readonly Role[];
  readonly facilityId: string;
  readonly seconds: number;
}

export interface Tokens extends BearerReader {
  issue(grant: TokenGrant): Promise<string>;
}

/** jose's codes (ERR_JWT_EXPIRED …) name the fault without the token's content. */
const faultOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'not valid';

export async function openTokens(key: JWK, clock: Clock): Promise<Tokens> {
  const { d: _, ...shown } = key;
  const [secret, open] = await Promise.all([importJWK(key, ALGORITHM), importJWK(shown, ALGORITHM)]);
  const verified = new Map<string, { readonly identity: Identity; readonly untilMs: number }>();

  async function verify(token: string): Promise<Identity> {
    const { payload } = await jwtVerify(token, open, {
      issuer: ISSUER,
      audience: ISSUER,
      algorithms: [ALGORITHM],
      typ: TYPE,
      currentDate: clock.now(),
      clockTolerance: TOLERANCE_S,
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    const { sub, facility, roles, exp } = claims.parse(payload);
    const identity: Identity = Object.freeze({
      facilityId: facility,
      actor: sub,
      roles,
      scopes: scopesOf(roles),
      known: 'token',
    });
    if (verified.size >= REMEMBERED) verified.clear();
    verified.set(token, { identity, untilMs: exp * 1000 });
    return identity;
  }

  return {
    issue: ({ actor, roles, facilityId, seconds }) => {
      const now = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ facility: facilityId, roles: [...roles] })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(actor)
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(secret);
    },
    isOurs(token) {
      try {
        return decodeJwt(token).iss === ISSUER;
      } catch {
        return false;
      }
    },
    async identify(token) {
      const known = verified.get(token);
      if (known !== undefined && known.untilMs > clock.now().getTime()) return known.identity;
      verified.delete(token);
      try {
        return await verify(token);
      } catch (cause) {
        throw accessErrors.error('token-not-valid', { field: 'Authorization', reason: faultOf(cause), cause });
      }
    },
  };
}
