// SMART Backend Services: a registered system proves itself with a signed assertion and gets a short-lived token of our own issuer.
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Role } from '#access/roles.ts';
import type { Tokens } from '#access/tokens.ts';
import type { Clock } from '#kernel/clock.ts';

export interface BackendClient {
  readonly clientId: string;
  readonly role: Role;
  readonly facilityId: string;
  readonly jwksUrl?: string | undefined;
  readonly jwks?: JSONWebKeySet | undefined;
}

export interface BackendDeps {
  readonly clients: readonly BackendClient[];
  readonly tokens: Pick<Tokens, 'issue'>;
  readonly clock: Clock;
  readonly publicUrl: () => string;
}

const TOKEN_PATH = '/auth/token';
/** SMART: at most five minutes. */
const GOOD_S = 300;
const LONGEST_ASSERTION_S = 300;
const TOLERANCE_S = 30;
const MOST_REMEMBERED = 100_000;
const ALGORITHMS = ['RS384', 'ES384', 'RS256', 'ES256', 'PS384', 'EdDSA'];
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SCOPE = /^system\/[A-Za-z*]+\.(?:[cruds]+|read|write|\*)$/;

const formSchema = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal(ASSERTION_TYPE),
  client_assertion: z.string().max(10_000),
  scope: z.string().max(1_000),
});
const claimsSchema = z.looseObject({ exp: z.number(), jti: z.string().min(1).max(200) });

/** RFC 6749 section 5.2. */
type OAuthError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';
type Answer =
  | { readonly error: OAuthError }
  | {
      readonly access_token: string;
      readonly token_type: 'bearer';
      readonly expires_in: number;
      readonly scope: string;
    };

const subjectOf = (assertion: string): string => {
  try {
    return decodeJwt(assertion).sub ?? '';
  } catch {
    return '';
  }
};

const keysOf = ({ jwks, jwksUrl = '' }: BackendClient): JWTVerifyGetKey =>
  jwks === undefined
    ? createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000, cooldownDuration: 30_000 })
    : createLocalJWKSet(jwks);

function createTokenEndpoint({ clients, tokens, clock, publicUrl }: BackendDeps) {
  const known = new Map(clients.map((client) => [client.clientId, { client, keys: keysOf(client) }]));
  const used = new Map<string, number>();

  function firstUse(id: string, untilS: number, nowS: number): boolean {
    if (used.size >= MOST_REMEMBERED) for (const [key, until] of used) if (until < nowS) used.delete(key);
    if (used.has(id) || used.size >= MOST_REMEMBERED) return false;
    used.set(id, untilS + TOLERANCE_S);
    return true;
  }

  async function prove(assertion: string): Promise<BackendClient | undefined> {
    const found = known.get(subjectOf(assertion));
    if (found === undefined) return undefined;
    const { client, keys } = found;
    const verified = await jwtVerify(assertion, keys, {
      issuer: client.clientId,
      subject: client.clientId,
      audience: `${publicUrl()}${TOKEN_PATH}`,
      algorithms: ALGORITHMS,
      currentDate: clock.now(),
      clockTolerance: TOLERANCE_S,
      requiredClaims: ['exp', 'jti'],
    }).catch(() => undefined);
    const claims = claimsSchema.safeParse(verified?.payload);
    if (!claims.success) return undefined;
    const nowS = clock.now().getTime() / 1000;
    const { exp, jti } = claims.data;
    if (exp - nowS > LONGEST_ASSERTION_S + TOLERANCE_S) return undefined;
    return firstUse(`${client.clientId} ${jti}`, exp, nowS) ? client : undefined;
  }

  return async (form: unknown): Promise<Answer> => {
    const parsed = formSchema.safeParse(form);
    if (!parsed.success) {
      const grant = z.object({ grant_type: z.string() }).safeParse(form);
      const other = grant.success && grant.data.grant_type !== 'client_credentials';
      return { error: other ? 'unsupported_grant_type' : 'invalid_request' };
    }
    const { scope, client_assertion: assertion } = parsed.data;
    const asked = scope.split(' ').filter((one) => SCOPE.test(one));
    if (asked.length === 0) return { error: 'invalid_scope' };
    const client = await prove(assertion);
    if (client === undefined) return { error: 'invalid_client' };
    const { role, facilityId, clientId } = client;
    const token = await tokens.issue({ actor: `client:${clientId}`, roles: [role], facilityId, seconds: GOOD_S });
    return { access_token: token, token_type: 'bearer', expires_in: GOOD_S, scope: asked.join(' ') };
  };
}

const formOf = ({ body }: FastifyRequest): unknown =>
  body instanceof URLSearchParams ? Object.fromEntries(body) : undefined;

export async function backendRoutes(app: FastifyInstance, deps: BackendDeps): Promise<void> {
  const answer = createTokenEndpoint(deps);
  const options = { config: { scope: 'public' as const }, schema: { hide: true } };
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
  app.post(TOKEN_PATH, options, async (request, reply) => {
    const answered = await answer(formOf(request));
    const refused = 'error' in answered;
    if (refused) request.refusal = answered.error;
    return reply.code(refused ? (answered.error === 'invalid_client' ? 401 : 400) : 200).send(answered);
  });
  app.get('/fhir/.well-known/smart-configuration', options, async (_request, reply) => {
    const base = deps.publicUrl();
    return reply.send({
      token_endpoint: `${base}${TOKEN_PATH}`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      scopes_supported: ['system/*.rs', 'system/*.cruds'],
      capabilities: ['client-confidential-asymmetric', 'permission-v2'],
    });
  });
}
