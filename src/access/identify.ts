// One question for every door: who asks? A token or a key first, then what the door itself knows of its caller, then a person's cookie.
import type { FastifyRequest } from 'fastify';
import { accessErrors } from './errors.ts';
import type { Identify, Identity } from './identity.ts';

/** RFC 6750: one token after the word, compared without case. */
const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];

/** Knows one kind of token. */
export interface BearerReader {
  isOurs(token: string): boolean;
  /** Throws CareError `access.token-not-valid`. */
  identify(token: string): Promise<Identity>;
}

export interface IdentifyDeps {
  readonly bearers: readonly BearerReader[];
  /** Undefined: no cookie, or its session has ended. */
  readonly session: (request: FastifyRequest) => Promise<Identity | undefined>;
}

export function identifyWith({ bearers, session }: IdentifyDeps): Identify {
  return async (request) => {
    const { authorization } = request.headers;
    const token = bearerOf(authorization);
    const reader = token === undefined ? undefined : bearers.find((one) => one.isOurs(token));
    if (token !== undefined && reader !== undefined) return reader.identify(token);
    const known = await request.routeOptions.config.knows?.(request);
    if (known !== undefined) return known;
    const field = 'Authorization';
    if (authorization !== undefined)
      throw accessErrors.error('token-not-valid', { field, reason: 'not a token that is known here' });
    const person = await session(request);
    if (person === undefined) throw accessErrors.error('login-needed', { field });
    return person;
  };
}
