// The pages' door for logging in: with a password or a one-time code, and another password.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { SessionCookie } from '#access/cookie.ts';
import type { OneTimeCode } from '#access/one-time-code.ts';
import type { Person, Sessions } from '#access/sessions.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { loginErrors } from './errors.ts';
import type { LocalLogin } from './local-login.ts';

export interface LoginDeps {
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  readonly local: LocalLogin;
  /** Absent: none was printed. */
  readonly code: OneTimeCode | undefined;
  /** Who the code lets in. */
  readonly owner: Person;
  /** The name of the hospital's login, where there is one. */
  readonly provider: string | undefined;
  /** Written into the audit trail of the person's facility. */
  readonly note: (facilityId: string, entry: { readonly actor: string; readonly action: string }) => Promise<void>;
}

const secret = z.string().min(1).max(1_000);
const loginBody = z.union([
  z.strictObject({ login: z.string().min(1).max(200), password: secret }),
  z.strictObject({ code: secret }),
]);
const passwordBody = z.strictObject({ login: z.string().min(1).max(200), current: secret, next: secret });

export async function loginRoutes(plain: FastifyInstance, deps: LoginDeps): Promise<void> {
  const { sessions, cookie, local, code, owner, note } = deps;
  const app = typed(plain);
  const tags = ['session'];
  const open = { scope: 'public' } as const;

  async function admit(reply: FastifyReply, person: Person): Promise<void> {
    if (person.roles.length === 0) throw loginErrors.error('no-role');
    const { token, endsAt } = await sessions.open(person);
    await note(person.facilityId, { actor: person.actor, action: 'session.opened' });
    reply.header('set-cookie', cookie.set(token, endsAt));
  }

  app.get(
    '/v1/login',
    {
      config: open,
      schema: {
        tags,
        operationId: 'getLoginWays',
        summary: 'How one logs in here',
        response: { 200: z.strictObject({ provider: z.string().nullable() }), ...problemResponses },
      },
    },
    () => ({ provider: deps.provider ?? null }),
  );

  app.post(
    '/v1/session',
    {
      config: open,
      schema: {
        tags,
        operationId: 'logIn',
        summary: 'Log in with a local account, or with the one-time code that the service printed',
        body: loginBody,
        response: { 204: z.null().describe('Logged in: the cookie is set'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if ('code' in body) {
        if (code?.take(body.code) !== true) throw loginErrors.error('code-used', { field: 'code' });
        await admit(reply, owner);
      } else {
        request.tried = await local.find(body.login);
        const { mustChange, ...person } = await local.prove(body.login, body.password);
        if (mustChange) throw loginErrors.error('must-change', { field: 'password' });
        await admit(reply, person);
      }
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/v1/session/password',
    {
      config: open,
      schema: {
        tags,
        operationId: 'changePassword',
        summary: 'Another password for a local account; the current one proves who asks',
        body: passwordBody,
        response: { 204: z.null().describe('Done'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { login, current, next } = request.body;
      request.tried = await local.find(login);
      await local.change(login, { current, next });
      const { mustChange: _, ...person } = await local.prove(login, next);
      await sessions.closeOf(person.actor);
      await note(person.facilityId, { actor: person.actor, action: 'account.password-changed' });
      await admit(reply, person);
      return reply.code(204).send(null);
    },
  );
}
