// Answers of this door: in the language of the request, of its facility, as FHIR JSON, and a refusal as an OperationOutcome.
import type { HeadsOf } from '#kernel/head.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Language } from '#kernel/errors.ts';
import { asCareError, framesOf } from '#http/problem.ts';
import { outcomeOf } from '#interop/fhir-model/outcome.ts';
import { preferredLanguage } from '#http/language.ts';
import { LONGEST_FHIR_TEXT } from '#http/text-bounds.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';
import { fhirErrors } from './errors.ts';
import { FHIR_JSON } from './negotiate.ts';
import type { Assess, FhirStore } from './ports.ts';
import type { IdentifierSystems } from './systems.ts';

export interface FhirDeps {
  readonly facility: (id: string) => Promise<FhirStore>;
  readonly clock: Clock;
  /** Both are known only once the service listens. */
  readonly systems: () => IdentifierSystems;
  /** Without a trailing slash. */
  readonly publicUrl: () => string;
  readonly version: string;
  readonly heads: HeadsOf;
  /** Absent where no equations are served: `$assess` answers 501. */
  readonly assess?: Assess;
  /** Origins that a Subscription may name. */
  readonly subscribers: readonly string[];
  /** Public keys of this service as a SMART Backend Services client. */
  readonly jwks: JSONWebKeySet;
  readonly defaultLanguage: Language;
}

export const BODY_LIMIT = 8 * 1024 * 1024;

/** Routes of this door: FHIR describes itself at /fhir/metadata, in its own words. */
export const hidden = { config: { scope: 'interop' as const, longestText: LONGEST_FHIR_TEXT }, schema: { hide: true } };

export const parameter = ({ params }: FastifyRequest, name: string): string => {
  const all = new Map<string, unknown>(Object.entries(typeof params === 'object' && params !== null ? params : {}));
  return String(all.get(name) ?? '');
};

/** Reads JSON bodies under both names, and forms for `_search`. */
export function readBodies(app: FastifyInstance): void {
  const json = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(/^application\/fhir\+json/, { parseAs: 'string', bodyLimit: BODY_LIMIT }, json);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request: FastifyRequest, body: string | Buffer, done: (error: Error | null, value: unknown) => void) =>
      done(null, [...new URLSearchParams(String(body))]),
  );
}

export interface Exchange {
  /** The address of this door, without a trailing slash. */
  base(): string;
  languageOf(request: FastifyRequest): Language;
  contextOf(request: FastifyRequest): ViewContext;
  storeOf(request: FastifyRequest): Promise<FhirStore>;
  send(request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply;
}

export function createExchange(deps: FhirDeps): Exchange {
  const languageOf = (request: FastifyRequest): Language =>
    preferredLanguage(request.headers['accept-language'], deps.defaultLanguage);
  return {
    base: () => `${deps.publicUrl()}/fhir`,
    languageOf,
    contextOf: (request) => ({
      language: languageOf(request),
      systems: deps.systems(),
      heads: deps.heads,
      patients: 'logical',
    }),
    storeOf: (request) => deps.facility(request.identity.facilityId),
    send: (request, reply, body) =>
      reply.header('content-language', languageOf(request)).type(FHIR_JSON).serializer(JSON.stringify).send(body),
  };
}

/** Every refusal, whoever throws it, is an OperationOutcome. */
export function refuseWithOutcomes(app: FastifyInstance, { languageOf, send }: Exchange): void {
  app.setErrorHandler((thrown, request, reply) => {
    const cause = asCareError(thrown);
    const error =
      cause.code === 'http.wrong-media-type' ? fhirErrors.error('wrong-media-type', { field: 'Content-Type' }) : cause;
    if (error.status >= 500) {
      request.log.error({ route: request.routeOptions.url, code: error.code, frames: framesOf(thrown) }, 'fhir failed');
    }
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    void send(request, reply.code(error.status), outcomeOf(error, languageOf(request)));
  });
}
