// Cross-origin rules for browser clients: only origins that the site listed may read an answer.
import type { FastifyReply, FastifyRequest } from 'fastify';

const ALLOWED_HEADERS = 'authorization, content-type, accept, accept-language';
const MAX_AGE_S = 600;

/** Sets the headers where the caller's origin is listed (or `*` is); answers nothing itself. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): boolean {
  reply.header('vary', 'Origin, Accept-Language');
  const { origin } = request.headers;
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return false;
  reply.header('access-control-allow-origin', origins.includes('*') ? '*' : origin);
  reply.header('access-control-expose-headers', 'content-language, x-request-id');
  return true;
}

export function answerPreflight(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): void {
  if (allowOrigin(request, reply, origins)) {
    reply.header('access-control-allow-methods', 'GET, POST, OPTIONS');
    reply.header('access-control-allow-headers', ALLOWED_HEADERS);
    reply.header('access-control-max-age', String(MAX_AGE_S));
  }
  void reply.code(204).send();
}
