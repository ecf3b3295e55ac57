// The door for what a clinician does about an alert. The life cycle decides what is allowed.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { newUuid } from '#kernel/ids.ts';
import { problemResponses } from '#http/problem.ts';
import { alertSchema, alertView } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { type AlertDoorDeps, findAlert, idParams } from './door.ts';
import { type AlertAction, act } from './lifecycle.ts';
import { OVERRIDE_REASONS } from './override-reasons.ts';

/** The sender's identity for what it did: sent again, it is the same act once. */
const eventId = z.uuid().optional();
const comment = z.string().trim().min(1).max(2000).optional();
const plainAct = z.strictObject({ eventId, comment });
const overrideAct = z.strictObject({ eventId, comment, reasonCode: z.enum(OVERRIDE_REASONS) });

type PlainAct = z.infer<typeof plainAct>;
const withComment = ({ comment: said }: PlainAct) => (said === undefined ? {} : { comment: said });

const ACTS = [
  { path: 'seen', scope: 'alerts:acknowledge', operationId: 'markAlertSeen', action: () => ({ kind: 'seen' }) },
  {
    path: 'acknowledge',
    scope: 'alerts:acknowledge',
    operationId: 'acknowledgeAlert',
    action: (body) => ({ kind: 'acknowledged', ...withComment(body) }),
  },
  {
    path: 'false-positive',
    scope: 'alerts:write',
    operationId: 'markAlertFalsePositive',
    action: (body) => ({ kind: 'false-positive', ...withComment(body) }),
  },
  {
    path: 'resolve',
    scope: 'alerts:write',
    operationId: 'resolveAlert',
    action: (body) => ({ kind: 'resolved', ...withComment(body) }),
  },
] as const satisfies readonly {
  readonly path: string;
  readonly scope: 'alerts:acknowledge' | 'alerts:write';
  readonly operationId: string;
  readonly action: (body: PlainAct) => AlertAction;
}[];

export function answerRoutes(plain: FastifyInstance, deps: AlertDoorDeps): void {
  const app = typed(plain);
  const tags = ['alerts'];
  const config = { scope: 'alerts:write' } as const;
  const response = { 200: alertSchema, ...problemResponses };

  async function perform(
    who: { readonly facilityId: string; readonly actor: string },
    what: { readonly id: string; readonly eventId: string | undefined; readonly action: AlertAction },
  ) {
    const store = await deps.facility(who.facilityId);
    const id = what.eventId ?? newUuid();
    const alert = await findAlert(store, what.id);
    const known = what.eventId !== undefined && (await store.alerts.events(alert.id)).some((event) => event.id === id);
    if (known) return alertView(alert);
    const by = { eventId: id, at: deps.clock.now(), actor: who.actor, channel: 'web' };
    const { alert: after, event } = act(alert, what.action, by);
    const outbox = deps.messagesFor(after, event);
    return alertView(await store.alerts.record(event, { from: alert.status, outbox }));
  }

  for (const { path, scope, operationId, action } of ACTS) {
    app.post(
      `/v1/alerts/:id/${path}`,
      {
        config: { scope },
        schema: { tags, operationId, params: idParams, body: plainAct, response },
      },
      async ({ params, body, identity }) =>
        perform(identity, { id: params.id, eventId: body.eventId, action: action(body) }),
    );
  }

  app.post(
    '/v1/alerts/:id/override',
    {
      config,
      schema: {
        tags,
        operationId: 'overrideAlert',
        summary: 'The clinician disagrees, and says why',
        params: idParams,
        body: overrideAct,
        response,
      },
    },
    async ({ params, body, identity }) =>
      perform(identity, {
        id: params.id,
        eventId: body.eventId,
        action: { kind: 'overridden', reasonCode: body.reasonCode, ...withComment(body) },
      }),
  );
}
