// The door for alerts: list, read, and what a clinician does about one. The life cycle decides what is allowed.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type AlertFilter, ALERT_STATUSES, type Alert, type AlertStatus, SEVERITIES } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import { newUuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { httpErrors } from '#http/errors.ts';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { alertSchema, alertView, queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { type AlertAction, type AlertEvent, act } from '#alerts/lifecycle/lifecycle.ts';
import { OVERRIDE_REASONS, overrideReasonText } from '#alerts/lifecycle/override-reasons.ts';

/** What this door needs of the store. */
export interface AlertDoorStore {
  readonly alerts: {
    get(id: string): Promise<Alert | undefined>;
    list(filter: AlertFilter): Promise<readonly Alert[]>;
    events(alertId: string): Promise<readonly AlertEvent[]>;
    record(
      event: AlertEvent,
      options: { readonly from: AlertStatus; readonly outbox: readonly OutgoingMessage[] },
    ): Promise<Alert>;
  };
}

export interface AlertDoorDeps {
  readonly clock: Clock;
  /** To other systems, written in the transaction of the event; `alert` is as it is after it. */
  messagesFor(alert: Alert, event: AlertEvent): readonly OutgoingMessage[];
  facility(id: string): Promise<AlertDoorStore>;
}

const eventSchema = z
  .strictObject({
    id: z.string(),
    at: z.string(),
    actor: z.string(),
    channel: z.string(),
    kind: z.string(),
    to: z.enum(ALERT_STATUSES).nullable(),
    reasonCode: z.string().nullable(),
    comment: z.string().nullable(),
  })
  .meta({ id: 'AlertEvent' });

const listQuery = z.strictObject({
  status: z.enum(ALERT_STATUSES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  patientCode: z.string().max(64).optional(),
  studyUid: z.string().max(64).optional(),
  /** `suppressed` shows also what the ward's policy kept silent. */
  include: z.enum(['suppressed', 'superseded']).optional(),
  limit: queryNumber(1, 500).default(100),
});

const idParams = z.strictObject({ id: z.uuid() });

/** The sender's identity for what it did: sent again, it is the same act once. */
const eventId = z.uuid().optional();
const comment = z.string().trim().min(1).max(2000).optional();
const plainAct = z.strictObject({ eventId, comment });
const overrideAct = z.strictObject({ eventId, comment, reasonCode: z.enum(OVERRIDE_REASONS) });

type PlainAct = z.infer<typeof plainAct>;
const withComment = ({ comment: said }: PlainAct) => (said === undefined ? {} : { comment: said });

const ACTS = [
  { path: 'seen', operationId: 'markAlertSeen', action: () => ({ kind: 'seen' }) },
  {
    path: 'acknowledge',
    operationId: 'acknowledgeAlert',
    action: (body) => ({ kind: 'acknowledged', ...withComment(body) }),
  },
  {
    path: 'false-positive',
    operationId: 'markAlertFalsePositive',
    action: (body) => ({ kind: 'false-positive', ...withComment(body) }),
  },
  { path: 'resolve', operationId: 'resolveAlert', action: (body) => ({ kind: 'resolved', ...withComment(body) }) },
] as const satisfies readonly {
  readonly path: string;
  readonly operationId: string;
  readonly action: (body: PlainAct) => AlertAction;
}[];

export async function alertRoutes(plain: FastifyInstance, deps: AlertDoorDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['alerts'];
  const reads = { scope: 'alerts:read' } as const;
  const writes = { scope: 'alerts:write' } as const;
  const answers = { 200: alertSchema, ...problemResponses };

  async function find(store: AlertDoorStore, id: string): Promise<Alert> {
    const alert = await store.alerts.get(id);
    if (alert === undefined) throw httpErrors.error('not-found', { field: 'id', reason: 'no alert with this id' });
    return alert;
  }

  async function perform(
    who: { readonly facilityId: string; readonly actor: string },
    what: { readonly id: string; readonly eventId: string | undefined; readonly action: AlertAction },
  ) {
    const store = await deps.facility(who.facilityId);
    const id = what.eventId ?? newUuid();
    const alert = await find(store, what.id);
    const known = what.eventId !== undefined && (await store.alerts.events(alert.id)).some((event) => event.id === id);
    if (known) return alertView(alert);
    const by = { eventId: id, at: deps.clock.now(), actor: who.actor, channel: 'web' };
    const { alert: after, event } = act(alert, what.action, by);
    const outbox = deps.messagesFor(after, event);
    return alertView(await store.alerts.record(event, { from: alert.status, outbox }));
  }

  app.get(
    '/v1/alerts',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listAlerts',
        summary: 'Alerts, newest first',
        querystring: listQuery,
        response: { 200: z.array(alertSchema), ...problemResponses },
      },
    },
    async ({ query, identity }) => {
      const { status, include, severity, patientCode, studyUid, limit } = query;
      const { alerts } = await deps.facility(identity.facilityId);
      const found = await alerts.list({
        limit,
        ...(severity !== undefined && { severity }),
        ...(patientCode !== undefined && { patientCode }),
        ...(studyUid !== undefined && { studyUid }),
        ...(status !== undefined && { statuses: [status] }),
        ...(include !== undefined && { include: [include] }),
      });
      return found.map(alertView);
    },
  );

  app.get(
    '/v1/alerts/override-reasons',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listOverrideReasons',
        summary: 'The coded reasons for which an alert may be overridden',
        response: {
          200: z.array(z.strictObject({ code: z.enum(OVERRIDE_REASONS), text: sentenceSchema })),
          ...problemResponses,
        },
      },
    },
    () => OVERRIDE_REASONS.map((code) => ({ code, text: overrideReasonText(code) })),
  );

  app.get(
    '/v1/alerts/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getAlert',
        summary: 'One alert with everything that was done about it',
        params: idParams,
        response: { 200: z.strictObject({ alert: alertSchema, events: z.array(eventSchema) }), ...problemResponses },
      },
    },
    async ({ params, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const alert = await find(store, params.id);
      const events = await store.alerts.events(alert.id);
      return {
        alert: alertView(alert),
        events: events.map(({ id, at, actor, channel, kind, to, reasonCode, comment: said }) => ({
          id,
          at,
          actor,
          channel,
          kind,
          to: to ?? null,
          reasonCode: reasonCode ?? null,
          comment: said ?? null,
        })),
      };
    },
  );

  for (const { path, operationId, action } of ACTS) {
    app.post(
      `/v1/alerts/:id/${path}`,
      {
        config: writes,
        schema: { tags, operationId, params: idParams, body: plainAct, response: answers },
      },
      async ({ params, body, identity }) =>
        perform(identity, { id: params.id, eventId: body.eventId, action: action(body) }),
    );
  }

  app.post(
    '/v1/alerts/:id/override',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'overrideAlert',
        summary: 'The clinician disagrees, and says why',
        params: idParams,
        body: overrideAct,
        response: answers,
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
