// Bearer tokens of the service's own issuer: a signed JWT that says who, in which roles, in which facility, until when.
import { importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { bearerReader, type VerifiedToken } from './bearer-reader.ts';
import type { BearerReader } from './identify.ts';
import type { Identity } from './identity.ts';
import { ROLES, type Role, scopesOf } from './roles.ts';

const ISSUER = 'haidang';
const ALGORITHM = 'EdDSA';
const TYPE = 'at+jwt';
const TOLERANCE_S = 30;

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

export async function openTokens(key: JWK, clock: Clock): Promise<Tokens> {
  const { d: _, ...shown } = key;
  const [secret, open] = await Promise.all([importJWK(key, ALGORITHM), importJWK(shown, ALGORITHM)]);

  async function verify(token: string): Promise<VerifiedToken> {
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
    return { identity, untilMs: exp * 1000 };
  }

  return {
    ...bearerReader({ issuer: ISSUER, clock, verify }),
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
  };
}
