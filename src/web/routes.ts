// The pages: plain HTML, CSS and JavaScript files of this folder, which speak only the service's own API and fetch nothing from elsewhere.
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const FOLDER = fileURLToPath(new URL('./static', import.meta.url));

/** Scripts and styles are files, pictures come from this service; nothing may frame the pages but the HIS on the same host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

export async function webRoutes(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, scope: 'public' };
    route.schema = { ...route.schema, hide: true };
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', POLICY);
  });
  await app.register(fastifyStatic, { root: FOLDER, prefix: '/static/', cacheControl: false, index: false });
  app.get('/', (_request, reply) => reply.header('cache-control', 'no-cache').sendFile('worklist.html'));
  app.get('/studies/:uid', (_request, reply) => reply.header('cache-control', 'no-cache').sendFile('study.html'));
  app.get('/favicon.ico', (_request, reply) => reply.sendFile('lighthouse.svg'));
}
