// Accounts of people and keys of systems, for the administrator of a facility.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Identity } from '#access/identity.ts';
import { ROLES } from '#access/roles.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type AdministrationDeps, administrationOf } from './administration.ts';

const login = z.string().trim().min(1).max(100);
const role = z.enum(ROLES);
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
const accountSchema = z
  .strictObject({ login: z.string(), roles: z.array(z.string()), disabled: z.boolean() })
  .meta({ id: 'Account' });
const keySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    endsAt: z.string().nullable(),
    revoked: z.boolean(),
  })
  .meta({ id: 'ApiKey' });
const firstPassword = z.strictObject({ password: z.string() });
const done = { 204: z.null().describe('Done'), ...problemResponses };

export async function loginAdminRoutes(plain: FastifyInstance, deps: AdministrationDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['admin'];
  const reads = { scope: 'admin:read' } as const;
  const writes = { scope: 'admin:write' } as const;
  const here = ({ actor, facilityId }: Identity) => administrationOf(deps, { actor, facilityId });

  app.get(
    '/v1/accounts',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listAccounts',
        summary: 'Local accounts of this facility',
        response: { 200: z.array(accountSchema), ...problemResponses },
      },
    },
    async ({ identity }) =>
      (await here(identity).listAccounts()).map((account) => ({ ...account, roles: [...account.roles] })),
  );
  app.post(
    '/v1/accounts',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'addAccount',
        summary: 'A local account; the answer holds its first password, which the person has to change',
        body: z.strictObject({ login, role }),
        response: { 201: firstPassword, ...problemResponses },
      },
    },
    async ({ body, identity }, reply) => reply.code(201).send({ password: await here(identity).addAccount(body) }),
  );
  app.post(
    '/v1/accounts/:login/disable',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'disableAccount',
        summary: 'No more logins, and the open ones end',
        params: z.strictObject({ login }),
        response: done,
      },
    },
    async ({ params, identity }, reply) => {
      await here(identity).disableAccount(params.login);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/v1/accounts/:login/reset',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'resetAccount',
        summary: 'A new first password',
        params: z.strictObject({ login }),
        response: { 200: firstPassword, ...problemResponses },
      },
    },
    async ({ params, identity }) => ({ password: await here(identity).resetAccount(params.login) }),
  );

  app.get(
    '/v1/keys',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listKeys',
        summary: 'Keys of systems of this facility, without their secrets',
        response: { 200: z.array(keySchema), ...problemResponses },
      },
    },
    async ({ identity }) => (await here(identity).listKeys()).map((key) => ({ ...key, roles: [...key.roles] })),
  );
  app.post(
    '/v1/keys',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'addKey',
        summary: 'A key for a system; the answer is the only time that it is shown',
        body: z.strictObject({ name, role, days: z.number().int().min(1).max(3650).optional() }),
        response: { 201: z.strictObject({ key: z.string() }), ...problemResponses },
      },
    },
    async ({ body, identity }, reply) =>
      reply.code(201).send({ key: await here(identity).addKey({ ...body, days: body.days }) }),
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
        response: done,
      },
    },
    async ({ params, identity }, reply) => {
      await here(identity).revokeKey(params.id);
      return reply.code(204).send(null);
    },
  );
}
