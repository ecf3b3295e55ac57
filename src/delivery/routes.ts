// The door for administrators of deliveries: waiting and dead messages, and sending a dead message again.
import { OUTBOX_STATES, type OutboxEntry, type OutboxState } from '#kernel/outgoing-message.ts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';

/** The subset of a facility's outbox that is shown here. Bodies are not: they hold patient data. */
export interface OutboxDoorStore {
  readonly outbox: {
    list(filter: {
      readonly state?: OutboxState;
      readonly target?: string;
      readonly limit: number;
    }): Promise<readonly Omit<OutboxEntry, 'facilityId' | 'orderKey' | 'body'>[]>;
    resend(id: string, actor: string): Promise<void>;
  };
}

export interface OutboxDoorDeps {
  facility(id: string): Promise<OutboxDoorStore>;
  /** Receivers that are not reached at the moment. */
  readonly openCircuits: () => readonly string[];
}

const messageSchema = z
  .strictObject({
    id: z.string(),
    target: z.string(),
    topic: z.string(),
    state: z.enum(OUTBOX_STATES),
    attempts: z.number().int(),
    nextAt: z.string(),
    createdAt: z.string(),
    deliveredAt: z.string().nullable(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'OutgoingMessage' });

const listSchema = z.strictObject({ messages: z.array(messageSchema), unreachable: z.array(z.string()) });

const query = z.strictObject({
  state: z.enum(OUTBOX_STATES).optional(),
  target: z.string().max(80).optional(),
  limit: queryNumber(1, 500).default(100),
});

export async function outboxRoutes(plain: FastifyInstance, deps: OutboxDoorDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['admin'];

  app.get(
    '/v1/outbox',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'listOutgoingMessages',
        summary: 'Messages to other systems, newest first, and the receivers that are not reached',
        querystring: query,
        response: { 200: listSchema, ...problemResponses },
      },
    },
    async ({ query: { state, target, limit }, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const entries = await store.outbox.list({
        limit,
        ...(state === undefined ? {} : { state }),
        ...(target === undefined ? {} : { target }),
      });
      return {
        messages: entries.map((entry) => ({
          id: entry.id,
          target: entry.target,
          topic: entry.topic,
          state: entry.state,
          attempts: entry.attempts,
          nextAt: entry.nextAt,
          createdAt: entry.createdAt,
          deliveredAt: entry.deliveredAt ?? null,
          lastError: entry.lastError ?? null,
        })),
        unreachable: [...deps.openCircuits()],
      };
    },
  );

  app.post(
    '/v1/outbox/:id/resend',
    {
      config: { scope: 'admin:write' },
      schema: {
        tags,
        operationId: 'resendMessage',
        summary: 'Send a dead message again, with the same identity',
        params: z.strictObject({ id: z.uuid() }),
        response: { 204: z.null().describe('Waits again'), ...problemResponses },
      },
    },
    async ({ params, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      await store.outbox.resend(params.id, identity.actor);
      return reply.code(204).send(null);
    },
  );
}
