// Login with the hospital's identity provider: to it, and back with a session, or to the login page with the reason why not.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cookieNamed, type SessionCookie } from '#access/cookie.ts';
import type { Person, Sessions } from '#access/sessions.ts';
import { html } from '#http/html.ts';
import { CareError } from '#kernel/errors.ts';
import { loginErrors } from './errors.ts';
import { type PendingLogin, pendingLogin, type Provider } from './provider.ts';

export interface ProviderRoutesDeps {
  readonly provider: Provider;
  readonly sessions: Pick<Sessions, 'open'>;
  readonly cookie: SessionCookie;
  readonly publicUrl: () => string;
  readonly note: (facilityId: string, entry: { readonly actor: string; readonly action: string }) => Promise<void>;
}

const CALLBACK = '/login/callback';
const PENDING = 'haidang-login';
const PENDING_S = 600;
/** Comes back from another site, so it cannot be Strict. */
const RULES = `Path=/login; HttpOnly; SameSite=Lax`;

const nextQuery = z.object({ next: z.string().max(500).optional() });

/** An address of this service and no other. */
const ownPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : '/';

function readPending(request: FastifyRequest): PendingLogin | undefined {
  const text = cookieNamed(request, PENDING);
  if (text === undefined) return undefined;
  try {
    return pendingLogin.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** A redirect that began elsewhere brings no Strict cookie along; one that this page begins does. */
const forward = (reply: FastifyReply, to: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').send(
    html`<!doctype html>
      <html lang="vi">
        <head>
          <meta charset="utf-8" />
          <title>Hải Đăng</title>
          <meta http-equiv="refresh" content="0;url=${to}" />
        </head>
        <body>
          <a href="${to}">Hải Đăng</a>
        </body>
      </html>`.markup,
  );

export async function providerRoutes(app: FastifyInstance, deps: ProviderRoutesDeps): Promise<void> {
  const { provider, sessions, cookie, publicUrl, note } = deps;
  const secure = (): string => (publicUrl().startsWith('https:') ? '; Secure' : '');
  const options = { config: { scope: 'public' as const }, schema: { hide: true } };

  app.get('/login/provider', options, async (request, reply) => {
    const { next } = nextQuery.parse(request.query);
    const { url, pending } = await provider.begin(`${publicUrl()}${CALLBACK}`, ownPath(next));
    const value = Buffer.from(JSON.stringify(pending)).toString('base64url');
    reply.header('set-cookie', `${PENDING}=${value}; ${RULES}${secure()}; Max-Age=${PENDING_S}`);
    return reply.redirect(url, 303);
  });

  async function admit(request: FastifyRequest): Promise<{ readonly person: Person; readonly next: string }> {
    const pending = readPending(request);
    if (pending === undefined) throw loginErrors.error('login-expired');
    const { actor, facilityId, roles } = await provider.finish(new URL(request.url, publicUrl()), pending);
    if (roles.length === 0 || facilityId === undefined) throw loginErrors.error('no-role');
    return { person: { actor, facilityId, roles }, next: ownPath(pending.next) };
  }

  app.get(CALLBACK, options, async (request, reply) => {
    const clear = `${PENDING}=; ${RULES}${secure()}; Max-Age=0`;
    try {
      const { person, next } = await admit(request);
      const { token, endsAt } = await sessions.open(person);
      await note(person.facilityId, { actor: person.actor, action: 'session.opened' });
      return forward(reply.header('set-cookie', [clear, cookie.set(token, endsAt)]), next);
    } catch (thrown) {
      if (!(thrown instanceof CareError)) throw thrown;
      request.refusal = thrown.code;
      request.log.warn(
        { code: thrown.code, cause: thrown.cause instanceof Error ? thrown.cause.name : undefined },
        'login refused',
      );
      return forward(reply.header('set-cookie', clear), `/login?refused=${encodeURIComponent(thrown.code)}`);
    }
  });
}
