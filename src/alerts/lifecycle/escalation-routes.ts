// The door that says of each unanswered alert who else was told, and who is told next and when.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { alertSchema } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { AlertDoorStore } from './door.ts';
import { type Escalation, escalationOf, UNANSWERED } from './escalation.ts';
import type { AlertEvent } from './lifecycle.ts';

interface EscalationStore {
  readonly alerts: Pick<AlertDoorStore['alerts'], 'list'> & {
    eventsOf(alertIds: readonly string[]): Promise<ReadonlyMap<string, readonly AlertEvent[]>>;
  };
}

export interface EscalationDoorDeps {
  readonly policy: AlertPolicy;
  facility(id: string): Promise<EscalationStore>;
}

const toldSchema = z.strictObject({ at: z.string(), to: alertSchema.shape.audience });
const escalationSchema = z
  .strictObject({
    alertId: z.string(),
    /** By the ward's policy, oldest first. */
    told: z.array(toldSchema),
    /** Null where the policy has no further step. */
    next: toldSchema.nullable(),
  })
  .meta({ id: 'AlertEscalation' });

/** As many as the inbox shows. */
const MOST = 500;

const toldView = ({ at, to }: Escalation['told'][number]): z.infer<typeof toldSchema> => ({
  at,
  to: { loginNames: [...to.loginNames], departmentCodes: [...to.departmentCodes], roles: [...to.roles] },
});

export function escalationRoutes(plain: FastifyInstance, deps: EscalationDoorDeps): void {
  typed(plain).get(
    '/v1/alerts/escalations',
    {
      config: { scope: 'alerts:read' },
      schema: {
        tags: ['alerts'],
        operationId: 'listEscalations',
        summary: 'Of each unanswered alert: who else was told by the ward’s policy, who is told next and when',
        response: { 200: z.array(escalationSchema), ...problemResponses },
      },
    },
    async ({ identity }) => {
      const { alerts } = await deps.facility(identity.facilityId);
      const open = await alerts.list({ statuses: UNANSWERED, limit: MOST });
      const events = await alerts.eventsOf(open.map(({ id }) => id));
      return open.map((alert) => {
        const { told, next } = escalationOf(alert, events.get(alert.id) ?? [], deps.policy);
        return { alertId: alert.id, told: told.map(toldView), next: next === undefined ? null : toldView(next) };
      });
    },
  );
}
