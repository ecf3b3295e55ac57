// One question for every door: who asks? Tokens first, then what the door itself knows of its caller.
import { accessErrors } from './errors.ts';
import type { Identify } from './identity.ts';
import type { Tokens } from './tokens.ts';

/** RFC 6750: one token after the word, compared without case. */
const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];

export interface IdentifyDeps {
  readonly tokens: Pick<Tokens, 'isOurs' | 'identify'>;
}

export function identifyWith({ tokens }: IdentifyDeps): Identify {
  return async (request) => {
    const token = bearerOf(request.headers.authorization);
    if (token !== undefined && tokens.isOurs(token)) return tokens.identify(token);
    const known = await request.routeOptions.config.knows?.(request);
    if (known !== undefined) return known;
    const field = 'Authorization';
    if (request.headers.authorization === undefined) throw accessErrors.error('login-needed', { field });
    throw accessErrors.error('token-not-valid', { field, reason: 'not a token that is known here' });
  };
}
