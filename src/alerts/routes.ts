// The door for alerts: list, read, the reasons for overriding one, and beside it the door for answers.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ALERT_STATUSES, SEVERITIES } from '#kernel/alert.ts';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { alertSchema, alertView, queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { answerRoutes } from '#alerts/lifecycle/answer-routes.ts';
import { type AlertDoorDeps, findAlert, idParams } from '#alerts/lifecycle/door.ts';
import { type EscalationDoorDeps, escalationRoutes } from '#alerts/lifecycle/escalation-routes.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import {
  ALERT_SUBJECTS,
  OVERRIDE_REASONS,
  overrideReasonText,
  subjectsOfReason,
} from '#alerts/lifecycle/override-reasons.ts';

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

const eventView = ({ id, at, actor, channel, kind, to, reasonCode, comment }: AlertEvent) => ({
  id,
  at,
  actor,
  channel,
  kind,
  to: to ?? null,
  reasonCode: reasonCode ?? null,
  comment: comment ?? null,
});

const listQuery = z.strictObject({
  status: z.enum(ALERT_STATUSES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  patientCode: z.string().max(64).optional(),
  studyUid: z.string().max(64).optional(),
  /** `suppressed` shows also what the ward's policy kept silent. */
  include: z.enum(['suppressed', 'superseded']).optional(),
  limit: queryNumber(1, 500).default(100),
});

const inboxQuery = z.strictObject({
  /** `open`: new, seen or acknowledged. */
  state: z.enum(['open', 'all']).default('open'),
  limit: queryNumber(1, 500).default(100),
});

function inboxRoute(plain: FastifyInstance, deps: AlertDoorDeps): void {
  typed(plain).get(
    '/v1/alerts/inbox',
    {
      config: { scope: 'alerts:read' },
      schema: {
        tags: ['alerts'],
        operationId: 'getAlertInbox',
        summary:
          'Open alerts, the unanswered first and of these the gravest and oldest, with the count of all that match',
        querystring: inboxQuery,
        response: {
          200: z.strictObject({ total: z.number().int(), items: z.array(alertSchema) }).meta({ id: 'AlertInbox' }),
          ...problemResponses,
        },
      },
    },
    async ({ query, identity }) => {
      const { alerts } = await deps.facility(identity.facilityId);
      const { total, items } = await alerts.inbox(query);
      return { total, items: items.map(alertView) };
    },
  );
}

export async function alertRoutes(plain: FastifyInstance, deps: AlertDoorDeps & EscalationDoorDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['alerts'];
  const config = { scope: 'alerts:read' } as const;

  app.get(
    '/v1/alerts',
    {
      config,
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

  inboxRoute(plain, deps);

  app.get(
    '/v1/alerts/override-reasons',
    {
      config,
      schema: {
        tags,
        operationId: 'listOverrideReasons',
        summary: 'The coded reasons for which an alert may be overridden',
        response: {
          200: z.array(
            z.strictObject({
              code: z.enum(OVERRIDE_REASONS),
              text: sentenceSchema,
              /** For which alerts it is offered. */
              about: z.array(z.enum(ALERT_SUBJECTS)).readonly(),
            }),
          ),
          ...problemResponses,
        },
      },
    },
    () => OVERRIDE_REASONS.map((code) => ({ code, text: overrideReasonText(code), about: subjectsOfReason(code) })),
  );

  app.get(
    '/v1/alerts/:id',
    {
      config,
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
      const alert = await findAlert(store, params.id);
      const events = await store.alerts.events(alert.id);
      return {
        alert: alertView(alert),
        events: events.map(eventView),
      };
    },
  );

  answerRoutes(plain, deps);
  escalationRoutes(plain, deps);
}
