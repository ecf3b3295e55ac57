// The door for what is stored: search by type, read by id, all of one person; each is noted in the audit.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '#kernel/clock.ts';
import { noteRead, noteSearch } from '#interop/fhir/access-log.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import { type Exchange, hidden, parameter } from '#interop/fhir/exchange.ts';
import { isStrict, queryOf } from '#interop/fhir/negotiate.ts';
import { RESOURCE_TYPES } from '#interop/fhir/resources/types.ts';
import { everythingBundle, everythingOf } from './everything.ts';
import { searchBundle } from './search-bundle.ts';
import { partOf, readSubset } from './subset.ts';

const ID = /^[A-Za-z0-9.-]{1,64}$/;

const isPairs = (body: unknown): body is readonly (readonly [string, string])[] =>
  Array.isArray(body) && body.every((pair) => Array.isArray(pair) && pair.length === 2);

function typeOf(request: FastifyRequest) {
  const type = parameter(request, 'type');
  const known = RESOURCE_TYPES.get(type);
  if (known === undefined) throw fhirErrors.error('unknown-type', { field: 'type' });
  return { type, known };
}

/** A clinician who may read a person's results may also take them along. */
const takenAlong = { ...hidden, config: { ...hidden.config, scope: 'readings:read' as const } };

export function recordRoutes(app: FastifyInstance, exchange: Exchange, clock: Clock): void {
  const { base, contextOf, storeOf, send } = exchange;

  async function search(request: FastifyRequest, given: readonly (readonly [string, string])[]): Promise<object> {
    const { type, known } = typeOf(request);
    const store = await storeOf(request);
    const asked = { base: base(), type, given, strict: isStrict(request), now: clock.now() };
    const found = await searchBundle(asked, known, store.find, contextOf(request));
    await noteSearch(found, { request, type, store });
    return found.bundle;
  }

  app.get('/fhir/Patient/:id/$everything', takenAlong, async (request, reply) => {
    const patient = parameter(request, 'id');
    const store = await storeOf(request);
    const resources = await everythingOf(patient, store.find, contextOf(request));
    await noteSearch({ patients: [patient], resources }, { request, type: 'Patient', store });
    const address = `${base()}/Patient/${encodeURIComponent(patient)}/$everything`;
    return send(request, reply, everythingBundle(resources, address, base()));
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
    if (id === '_history') throw fhirErrors.error('not-supported');
    if (!ID.test(id)) throw fhirErrors.error('not-found', { field: 'id' });
    const store = await storeOf(request);
    const asked = { ids: [id], times: [], updated: [], tokens: [] };
    const [found] = await known.search(store.find, { asked, limit: 1 }, contextOf(request));
    if (found === undefined) throw fhirErrors.error('not-found', { field: 'id' });
    const subset = queryOf(request.url)
      .flatMap(([name, text]) => (name === '_summary' || name === '_elements' ? [readSubset(name, text)] : []))
      .at(-1);
    await noteRead(found.resource, { request, type, store });
    const { lastUpdated } = found.resource.meta;
    if (lastUpdated !== undefined) reply.header('last-modified', new Date(lastUpdated).toUTCString());
    return send(request, reply, partOf(found.resource, subset));
  });
}
