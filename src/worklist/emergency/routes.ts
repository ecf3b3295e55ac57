// The door of emergency access: open with a reason, look for an hour, and what an administrator sees of it.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Alert } from '#kernel/alert.ts';
import { problemResponses } from '#http/problem.ts';
import { alertSchema, alertView } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { defaultAgeing, place } from '#worklist/ranking.ts';
import type { WorklistStore } from '#worklist/routes.ts';
import { worklistRow } from '#worklist/schema.ts';
import { type FindingHead, headsByCode, listed, rowOf } from '#worklist/worklist-item.ts';
import { emergencyAccess, type EmergencyDeps, type EmergencyStore } from './emergency-access.ts';

export interface EmergencyRecords extends EmergencyStore, WorklistStore {
  readonly alerts: {
    list(filter: { readonly patientCode: string; readonly limit: number }): Promise<readonly Alert[]>;
  };
}

export interface EmergencyRoutesDeps extends EmergencyDeps<EmergencyRecords> {
  readonly heads: () => readonly FindingHead[];
}

const MOST = 50;
const facilityId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

const wantedSchema = z.strictObject({
  facility: facilityId,
  patientCode: z.string().trim().min(1).max(64),
  /** The reason that a later reader sees; empty text is refused. */
  reason: z.string().trim().min(10).max(500),
});

const openedSchema = z.strictObject({ id: z.string(), facility: z.string(), endsAt: z.string() });

const grantView = z
  .strictObject({
    id: z.string(),
    actor: z.string(),
    home: z.string(),
    patientCode: z.string(),
    reason: z.string(),
    openedAt: z.string(),
    endsAt: z.string(),
  })
  .meta({ id: 'EmergencyAccess' });

const recordsSchema = z
  .strictObject({
    facility: z.string(),
    patientCode: z.string(),
    endsAt: z.string(),
    studies: z.array(worklistRow),
    alerts: z.array(alertSchema),
  })
  .meta({ id: 'EmergencyRecords' });

export async function emergencyRoutes(plain: FastifyInstance, deps: EmergencyRoutesDeps): Promise<void> {
  const app = typed(plain);
  const access = emergencyAccess(deps);
  const opens = { scope: 'emergency:open' } as const;
  const tags = ['emergency'];

  app.post(
    '/v1/emergency-access',
    {
      config: opens,
      schema: {
        tags,
        operationId: 'openEmergencyAccess',
        summary: 'Open one person’s records of another facility for an hour; the reason is kept in both audit trails',
        body: wantedSchema,
        response: { 201: openedSchema, ...problemResponses },
      },
    },
    async ({ body, identity }, reply) => {
      const { id, endsAt } = await access.open(identity, body);
      return reply.code(201).send({ id, facility: body.facility, endsAt });
    },
  );

  app.get(
    '/v1/emergency-access/:facility/:id',
    {
      config: opens,
      schema: {
        tags,
        operationId: 'readEmergencyAccess',
        summary: 'Studies and alerts of that person, as long as the access lasts; each look is an audit entry',
        params: z.strictObject({ facility: facilityId, id: z.uuid() }),
        response: { 200: recordsSchema, ...problemResponses },
      },
    },
    async ({ params: { facility, id }, identity }) => {
      const { grant, store } = await access.use(identity, facility, id);
      const { patientCode, endsAt } = grant;
      const now = deps.clock.now();
      const filter = { state: 'all', agedBefore: now.toISOString(), patientId: patientCode } as const;
      const { rows } = await store.worklist.page(filter, { limit: MOST });
      const alerts = await store.alerts.list({ patientCode, limit: MOST });
      const heads = headsByCode(deps.heads());
      return {
        facility,
        patientCode,
        endsAt,
        studies: rows.map((row) => rowOf(place(listed(row), now, defaultAgeing), heads)),
        alerts: alerts.map(alertView),
      };
    },
  );

  app.get(
    '/v1/emergency-accesses',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags: ['admin'],
        operationId: 'listEmergencyAccesses',
        summary: 'Who of another facility has opened records of this one, why and until when',
        response: { 200: z.array(grantView), ...problemResponses },
      },
    },
    async ({ identity }) => [...(await access.list(identity.facilityId))],
  );
}
