// The door for the keys of a facility's systems, for its administrator.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ROLES } from '#access/roles.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type AdministrationDeps, administrationOf } from './administration.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
const keySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    endsAt: z.string().nullable(),
    revoked: z.boolean(),
  })
  .meta({ id: 'ApiKey' });

export async function keyRoutes(plain: FastifyInstance, deps: AdministrationDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['admin'];
  const writes = { scope: 'admin:write' } as const;

  app.get(
    '/v1/keys',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'listKeys',
        summary: 'Keys of systems of this facility, without their secrets',
        response: { 200: z.array(keySchema), ...problemResponses },
      },
    },
    async ({ identity }) =>
      (await administrationOf(deps, identity).listKeys()).map((key) => ({ ...key, roles: [...key.roles] })),
  );
  app.post(
    '/v1/keys',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'addKey',
        summary: 'A key for a system; the answer is the only time that it is shown',
        body: z.strictObject({ name, role: z.enum(ROLES), days: z.number().int().min(1).max(3650).optional() }),
        response: { 201: z.strictObject({ key: z.string() }), ...problemResponses },
      },
    },
    async ({ body, identity }, reply) =>
      reply.code(201).send({ key: await administrationOf(deps, identity).addKey({ ...body, days: body.days }) }),
  );
  app.delete(
    '/v1/keys/:id',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'revokeKey',
        summary: 'The key opens nothing any more',
        params: z.strictObject({ id: z.string().regex(/^[a-z0-9]{12}$/) }),
        response: { 204: z.null().describe('Done'), ...problemResponses },
      },
    },
    async ({ params, identity }, reply) => {
      await administrationOf(deps, identity).revokeKey(params.id);
      return reply.code(204).send(null);
    },
  );
}
