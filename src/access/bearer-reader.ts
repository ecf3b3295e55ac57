// Shared steps of the readers of bearer tokens: a reader knows its own tokens by their issuer, remembers what it verified, and names a fault without
// the token's content.
import { decodeJwt } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import { accessErrors } from './errors.ts';
import type { BearerReader } from './identify.ts';
import type { Identity } from './identity.ts';

export interface VerifiedToken {
  readonly identity: Identity;
  /** When it ends, since 1970. */
  readonly untilMs: number;
}

export interface BearerReaderOptions {
  readonly issuer: string;
  readonly clock: Clock;
  /** Throws where the token is not valid: a CareError says why itself; jose's codes (ERR_JWT_EXPIRED …) are passed on. */
  verify(token: string): Promise<VerifiedToken>;
}

/** Verifying costs more than the rest of a small request. */
const MOST_REMEMBERED = 1_000;

export const refuseToken = (reason: string, cause?: unknown): CareError =>
  accessErrors.error('token-not-valid', { field: 'Authorization', reason, cause });

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'not valid';

export function bearerReader({ issuer, clock, verify }: BearerReaderOptions): BearerReader {
  const verified = new Map<string, VerifiedToken>();
  return {
    isOurs(token) {
      if (verified.has(token)) return true;
      // A header of JSON begins so; decoding a key only to see it fail would cost more than the rest.
      if (!token.startsWith('ey')) return false;
      try {
        return decodeJwt(token).iss === issuer;
      } catch {
        return false;
      }
    },
    async identify(token) {
      const known = verified.get(token);
      if (known !== undefined && known.untilMs > clock.now().getTime()) return known.identity;
      verified.delete(token);
      try {
        const now = await verify(token);
        if (verified.size >= MOST_REMEMBERED) verified.clear();
        verified.set(token, now);
        return now.identity;
      } catch (cause) {
        throw cause instanceof CareError ? cause : refuseToken(codeOf(cause), cause);
      }
    },
  };
}
