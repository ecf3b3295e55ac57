// Bearer tokens of the hospital's identity provider: signed by its keys, for this service, in time, and no login's ID token.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { bearerReader, refuseToken, type VerifiedToken } from './bearer-reader.ts';
import type { BearerReader } from './identify.ts';
import type { Identity } from './identity.ts';
import { type ClaimRules, claimedBy } from './provider-claims.ts';
import { scopesOf } from './roles.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Clocks of two machines differ. */
const TOLERANCE_S = 60;
const KEYS = { timeoutDuration: 3_000, cooldownDuration: 5_000, cacheMaxAge: 600_000 };

export interface ProviderTokensOptions {
  readonly issuer: string;
  /** The token's `aud`. */
  readonly audience: string;
  /** From the provider's discovery document, asked when the first token comes. */
  readonly jwksUri: () => Promise<string>;
  readonly claims: ClaimRules;
  readonly clock: Clock;
}

export function openProviderTokens(options: ProviderTokensOptions): BearerReader {
  const { issuer, audience, jwksUri, claims, clock } = options;
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  async function verify(token: string): Promise<VerifiedToken> {
    keys ??= createRemoteJWKSet(new URL(await jwksUri()), KEYS);
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      currentDate: clock.now(),
      clockTolerance: TOLERANCE_S,
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    // An ID token is proof for the page that asked for it, never a right to call.
    if (payload['nonce'] !== undefined || payload['typ'] === 'ID' || payload['at_hash'] !== undefined)
      throw refuseToken('an ID token');
    const { actor, facilityId, roles } = claimedBy(payload, claims);
    if (facilityId === undefined) throw refuseToken('no facility of ours');
    const identity: Identity = Object.freeze({ actor, facilityId, roles, scopes: scopesOf(roles), known: 'token' });
    return { identity, untilMs: (payload.exp ?? 0) * 1_000 };
  }

  return bearerReader({ issuer, clock, verify });
}
