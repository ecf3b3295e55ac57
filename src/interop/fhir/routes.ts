// The FHIR R4 door at /fhir: metadata, $assess, and beside them search, read and Subscription; whatever else is asked is refused.
import type { FastifyInstance } from 'fastify';
import { assessBundle } from './assess.ts';
import { assessDefinition, capabilityStatement, type Site } from './capability.ts';
import { fhirErrors } from './errors.ts';
import { BODY_LIMIT, createExchange, type FhirDeps, hidden, readBodies, refuseWithOutcomes } from './exchange.ts';
import { checkAcceptable } from './negotiate.ts';
import { recordRoutes } from '#interop/fhir/search/routes.ts';
import { subscriptionRoutes } from '#interop/fhir/subscriptions/routes.ts';

export async function fhirRoutes(app: FastifyInstance, deps: FhirDeps): Promise<void> {
  const exchange = createExchange(deps);
  const { base, contextOf, send } = exchange;
  const siteNow = (): Site => ({ base: base(), version: deps.version, assesses: deps.assess !== undefined });
  readBodies(app);
  refuseWithOutcomes(app, exchange);
  app.addHook('onRequest', async (request) => checkAcceptable(request));

  // A client reads these before it has a token.
  const described = { ...hidden, config: { scope: 'public' as const } };
  app.get('/fhir/metadata', described, (request, reply) => send(request, reply, capabilityStatement(siteNow())));
  app.get('/fhir/OperationDefinition/assess', described, (request, reply) =>
    send(request, reply, assessDefinition(siteNow())),
  );
  app.get('/fhir/.well-known/jwks.json', described, (_request, reply) =>
    reply.type('application/json').serializer(JSON.stringify).send(deps.jwks),
  );

  for (const url of ['/fhir/$assess', '/fhir/RiskAssessment/$assess']) {
    app.post(url, { ...hidden, bodyLimit: BODY_LIMIT }, async (request, reply) => {
      if (deps.assess === undefined) throw fhirErrors.error('no-assessment');
      const context = { ...contextOf(request), assess: deps.assess, now: deps.clock.now(), base: base() };
      return send(request, reply, await assessBundle(request.body, context));
    });
  }

  subscriptionRoutes(app, exchange, deps);
  recordRoutes(app, exchange, deps.clock);

  const refuse = (): never => {
    throw fhirErrors.error('not-supported');
  };

  app.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/fhir/:type', ...hidden, handler: refuse });
  app.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/fhir/:type/:id', ...hidden, handler: refuse });
  app.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/fhir', ...hidden, handler: refuse });
  app.get('/fhir', hidden, refuse);
  app.get('/fhir/*', hidden, (request) => {
    if (request.url.includes('/_history')) return refuse();
    throw fhirErrors.error('unknown-type', { field: 'type' });
  });
}
