// The pages' door to the session: who is logged in, and logging out.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ROLES } from '#access/roles.ts';
import { SCOPES } from '#access/scopes.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import type { LoginDeps } from './login-routes.ts';

const sessionSchema = z
  .strictObject({
    actor: z.string(),
    facility: z.string(),
    roles: z.array(z.enum(ROLES)),
    scopes: z.array(z.enum(SCOPES)),
    /** To be sent as x-csrf-token with every write of a page; null where no cookie says who asks. */
    csrf: z.string().nullable(),
    /** False with open access: then there is no session to log out of. */
    login: z.boolean(),
  })
  .meta({ id: 'Session' });

export async function sessionRoutes(
  plain: FastifyInstance,
  { sessions, cookie, note }: Pick<LoginDeps, 'sessions' | 'cookie' | 'note'>,
): Promise<void> {
  const app = typed(plain);
  const tags = ['session'];
  const known = { scope: 'signed-in' } as const;

  app.get(
    '/v1/session',
    {
      config: known,
      schema: {
        tags,
        operationId: 'getSession',
        summary: 'Who I am, and what I may do',
        response: { 200: sessionSchema, ...problemResponses },
      },
    },
    ({ identity }) => ({
      actor: identity.actor,
      facility: identity.facilityId,
      roles: [...identity.roles],
      scopes: [...identity.scopes],
      csrf: identity.csrf ?? null,
      login: identity.known !== 'open',
    }),
  );

  app.delete(
    '/v1/session',
    {
      config: known,
      schema: {
        tags,
        operationId: 'logOut',
        summary: 'Log out',
        response: { 204: z.null().describe('Done'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { identity } = request;
      const token = cookie.read(request);
      if (token !== undefined) await sessions.close(token);
      if (identity.known === 'session')
        await note(identity.facilityId, { actor: identity.actor, action: 'session.closed' });
      return reply.code(204).header('set-cookie', cookie.clear).send(null);
    },
  );
}
