// The FHIR R4 door at /fhir: metadata, read and search, $assess, Subscription; every refusal is an OperationOutcome.
import type { HeadsOf } from '#kernel/head.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '#kernel/clock.ts';
import type { Language } from '#kernel/errors.ts';
import { asCareError, framesOf } from '#http/problem.ts';
import { outcomeOf } from '#interop/fhir-model/outcome.ts';
import { preferredLanguage } from '#http/language.ts';
import { noteRead, noteSearch } from './access-log.ts';
import { assessBundle } from './assess.ts';
import { assessDefinition, capabilityStatement, type Site } from './capability.ts';
import { fhirErrors } from './errors.ts';
import { checkAcceptable, FHIR_JSON, isStrict, queryOf } from './negotiate.ts';
import type { Assess, FhirStore } from './ports.ts';
import { searchBundle } from '#interop/fhir/search/search-bundle.ts';
import { partOf, readSubset } from '#interop/fhir/search/subset.ts';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  subscriptionType,
  subscriptionView,
  updateSubscription,
} from '#interop/fhir/subscriptions/subscription.ts';
import type { IdentifierSystems } from './systems.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';
import type { ViewContext } from '#interop/fhir/views/view-context.ts';

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

const BODY_LIMIT = 8 * 1024 * 1024;
const ID = /^[A-Za-z0-9.-]{1,64}$/;

const parameter = ({ params }: FastifyRequest, name: string): string => {
  const all = new Map<string, unknown>(Object.entries(typeof params === 'object' && params !== null ? params : {}));
  return String(all.get(name) ?? '');
};

/** A door that JSON bodies of both names come through, and forms for `_search`. */
function readBodies(app: FastifyInstance): void {
  const json = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(/^application\/fhir\+json/, { parseAs: 'string', bodyLimit: BODY_LIMIT }, json);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request: FastifyRequest, body: string | Buffer, done: (error: Error | null, value: unknown) => void) =>
      done(null, [...new URLSearchParams(String(body))]),
  );
}

const isPairs = (body: unknown): body is readonly (readonly [string, string])[] =>
  Array.isArray(body) && body.every((pair) => Array.isArray(pair) && pair.length === 2);

export async function fhirRoutes(app: FastifyInstance, deps: FhirDeps): Promise<void> {
  const { clock } = deps;
  const base = (): string => `${deps.publicUrl()}/fhir`;
  const siteNow = (): Site => ({ base: base(), version: deps.version, assesses: deps.assess !== undefined });
  readBodies(app);

  const languageOf = (request: FastifyRequest): Language =>
    preferredLanguage(request.headers['accept-language'], deps.defaultLanguage);
  const contextOf = (request: FastifyRequest): ViewContext => ({
    language: languageOf(request),
    systems: deps.systems(),
    heads: deps.heads,
    patients: 'logical',
  });
  const storeOf = (request: FastifyRequest): Promise<FhirStore> => deps.facility(request.identity.facilityId);
  const send = (request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply =>
    reply.header('content-language', languageOf(request)).type(FHIR_JSON).serializer(JSON.stringify).send(body);

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
  app.addHook('onRequest', async (request) => checkAcceptable(request));

  const typeOf = (request: FastifyRequest) => {
    const type = parameter(request, 'type');
    const known = RESOURCE_TYPES.get(type);
    if (known === undefined) throw fhirErrors.error('unknown-type', { field: 'type' });
    return { type, known };
  };

  const refuse = (): never => {
    throw fhirErrors.error('not-supported');
  };

  async function search(request: FastifyRequest, given: readonly (readonly [string, string])[]): Promise<object> {
    const { type, known } = typeOf(request);
    const store = await storeOf(request);
    const asked = { base: base(), type, given, strict: isStrict(request), now: clock.now() };
    const found = await searchBundle(asked, known, store.find, contextOf(request));
    await noteSearch(found, { actor: request.identity.actor, type, store });
    return found.bundle;
  }

  const config = { scope: 'interop' as const };
  // FHIR describes itself at /fhir/metadata, in its own words.
  const hidden = { config, schema: { hide: true } };

  app.get('/fhir/metadata', hidden, (request, reply) => send(request, reply, capabilityStatement(siteNow())));
  app.get('/fhir/OperationDefinition/assess', hidden, (request, reply) =>
    send(request, reply, assessDefinition(siteNow())),
  );
  app.get('/fhir/.well-known/jwks.json', hidden, (_request, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(deps.jwks),
  );

  for (const url of ['/fhir/$assess', '/fhir/RiskAssessment/$assess']) {
    app.post(url, { ...hidden, bodyLimit: BODY_LIMIT }, async (request, reply) => {
      if (deps.assess === undefined) throw fhirErrors.error('no-assessment');
      const context = { ...contextOf(request), assess: deps.assess, now: clock.now(), base: base() };
      return send(request, reply, await assessBundle(request.body, context));
    });
  }

  app.post('/fhir/Subscription', hidden, async (request, reply) => {
    const by = { actor: request.identity.actor, subscribers: deps.subscribers };
    const created = await createSubscription(await storeOf(request), request.body, by);
    reply.code(201).header('location', `${base()}/Subscription/${created.id}`);
    return send(request, reply, subscriptionView(created, clock.now()));
  });
  app.get('/fhir/Subscription', hidden, async (request, reply) => {
    const asked = {
      base: base(),
      type: 'Subscription',
      given: queryOf(request.url),
      strict: isStrict(request),
      now: clock.now(),
    };
    const store = await storeOf(request);
    const all = (await listSubscriptions(store)).map((one) => subscriptionView(one, clock.now()));
    const { bundle } = await searchBundle(asked, subscriptionType(all), store.find, contextOf(request));
    return send(request, reply, bundle);
  });
  app.get('/fhir/Subscription/:id', hidden, async (request, reply) =>
    send(
      request,
      reply,
      subscriptionView(await getSubscription(await storeOf(request), parameter(request, 'id')), clock.now()),
    ),
  );
  app.put('/fhir/Subscription/:id', hidden, async (request, reply) => {
    const change = { body: request.body, actor: request.identity.actor, subscribers: deps.subscribers };
    const changed = await updateSubscription(await storeOf(request), parameter(request, 'id'), change);
    return send(request, reply, subscriptionView(changed, clock.now()));
  });
  app.delete('/fhir/Subscription/:id', hidden, async (request, reply) => {
    await deleteSubscription(await storeOf(request), parameter(request, 'id'), request.identity.actor);
    return reply.code(204).send();
  });

  app.get('/fhir/:type', hidden, async (request, reply) =>
    send(request, reply, await search(request, queryOf(request.url))),
  );
  app.post('/fhir/:type/_search', hidden, async (request, reply) => {
    if (!isPairs(request.body)) throw fhirErrors.error('form-needed', { field: 'Content-Type' });
    return send(request, reply, await search(request, [...queryOf(request.url), ...request.body]));
  });
  app.get('/fhir/:type/:id', hidden, async (request, reply) => {
    const { type, known } = typeOf(request);
    const id = parameter(request, 'id');
    if (id === '_history') return refuse();
    if (!ID.test(id)) throw fhirErrors.error('not-found', { field: 'id' });
    const store = await storeOf(request);
    const asked = { ids: [id], times: [], updated: [], tokens: [] };
    const [found] = await known.search(store.find, { asked, limit: 1 }, contextOf(request));
    if (found === undefined) throw fhirErrors.error('not-found', { field: 'id' });
    const subset = queryOf(request.url)
      .flatMap(([name, text]) => (name === '_summary' || name === '_elements' ? [readSubset(name, text)] : []))
      .at(-1);
    await noteRead(found.resource, { actor: request.identity.actor, type, store });
    const { lastUpdated } = found.resource.meta;
    if (lastUpdated !== undefined) reply.header('last-modified', new Date(lastUpdated).toUTCString());
    return send(request, reply, partOf(found.resource, subset));
  });

  app.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/fhir/:type', ...hidden, handler: refuse });
  app.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/fhir/:type/:id', ...hidden, handler: refuse });
  app.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/fhir', ...hidden, handler: refuse });
  app.get('/fhir', hidden, refuse);
  app.get('/fhir/*', hidden, (request) => {
    if (request.url.includes('/_history')) return refuse();
    throw fhirErrors.error('unknown-type', { field: 'type' });
  });
}
