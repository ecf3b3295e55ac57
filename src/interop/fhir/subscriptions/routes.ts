// The door for subscriptions: create, list, read, update, delete.
import type { FastifyInstance } from 'fastify';
import { type Exchange, type FhirDeps, hidden, parameter } from '#interop/fhir/exchange.ts';
import { isStrict, queryOf } from '#interop/fhir/negotiate.ts';
import { searchBundle } from '#interop/fhir/search/search-bundle.ts';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  subscriptionType,
  subscriptionView,
  updateSubscription,
} from './subscription.ts';

export function subscriptionRoutes(
  app: FastifyInstance,
  exchange: Exchange,
  { clock, subscribers }: Pick<FhirDeps, 'clock' | 'subscribers'>,
): void {
  const { base, contextOf, storeOf, send } = exchange;

  app.post('/fhir/Subscription', hidden, async (request, reply) => {
    const by = { actor: request.identity.actor, subscribers };
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
    const change = { body: request.body, actor: request.identity.actor, subscribers };
    const changed = await updateSubscription(await storeOf(request), parameter(request, 'id'), change);
    return send(request, reply, subscriptionView(changed, clock.now()));
  });
  app.delete('/fhir/Subscription/:id', hidden, async (request, reply) => {
    await deleteSubscription(await storeOf(request), parameter(request, 'id'), request.identity.actor);
    return reply.code(204).send();
  });
}
