// The door for the local accounts of a facility's people, for its administrator.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ROLES } from '#access/roles.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type AdministrationDeps, administrationOf } from './administration.ts';

const login = z.string().trim().min(1).max(100);
const accountSchema = z
  .strictObject({ login: z.string(), roles: z.array(z.string()), disabled: z.boolean() })
  .meta({ id: 'Account' });
const firstPassword = z.strictObject({ password: z.string() });

export async function accountRoutes(plain: FastifyInstance, deps: AdministrationDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['admin'];
  const writes = { scope: 'admin:write' } as const;

  app.get(
    '/v1/accounts',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'listAccounts',
        summary: 'Local accounts of this facility',
        response: { 200: z.array(accountSchema), ...problemResponses },
      },
    },
    async ({ identity }) =>
      (await administrationOf(deps, identity).listAccounts()).map((account) => ({
        ...account,
        roles: [...account.roles],
      })),
  );
  app.post(
    '/v1/accounts',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'addAccount',
        summary: 'A local account; the answer holds its first password, which the person has to change',
        body: z.strictObject({ login, role: z.enum(ROLES) }),
        response: { 201: firstPassword, ...problemResponses },
      },
    },
    async ({ body, identity }, reply) =>
      reply.code(201).send({ password: await administrationOf(deps, identity).addAccount(body) }),
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
        response: { 204: z.null().describe('Done'), ...problemResponses },
      },
    },
    async ({ params, identity }, reply) => {
      await administrationOf(deps, identity).disableAccount(params.login);
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
    async ({ params, identity }) => ({ password: await administrationOf(deps, identity).resetAccount(params.login) }),
  );
}
