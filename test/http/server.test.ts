import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineErrors } from '#kernel/errors.ts';
import { identifyOpenly, LOCAL_FACILITY } from '#access/identity.ts';
import { SCOPES } from '#access/scopes.ts';
import { createMetrics, metricsRoutes } from '#http/metrics.ts';
import { registerOpenApi } from '#http/openapi.ts';
import { problemResponses, problemSchema } from '#http/problem.ts';
import { type ServerOptions, createServer, typed } from '#http/server.ts';

const OPTIONS: ServerOptions = {
  hostRule: { boundTo: '127.0.0.1', allowedHosts: [] },
  identify: identifyOpenly,
  logLevel: 'silent',
  metrics: createMetrics(),
};
const wardErrors = defineErrors('ward', {
  full: { status: 503, text: { vi: 'Khoa đã kín giường.', en: 'The ward is full.' } },
});
const headers = { host: '127.0.0.1:8080' };

function build(options: Partial<ServerOptions> = {}) {
  const app = createServer({ ...OPTIONS, ...options });
  app.register(async (plain) => {
    const routes = typed(plain);
    routes.post(
      '/v1/vitals',
      {
        config: { scope: 'risk:assess' },
        schema: {
          body: z.strictObject({ hr: z.number(), note: z.string().nullable() }),
          response: { 200: z.strictObject({ hr: z.number(), note: z.string().nullable() }), ...problemResponses },
        },
      },
      async ({ body }) => body,
    );
    routes.get('/v1/secret', { config: { scope: 'readings:read' } }, async () => {
      throw new Error('Nguyễn Văn An, 54 tuổi');
    });
    routes.get(
      '/v1/wrong',
      {
        config: { scope: 'readings:read' },
        schema: { response: { 200: z.strictObject({ n: z.number() }), ...problemResponses } },
      },
      async () => JSON.parse('{"n":null}'),
    );
    routes.get('/v1/full', { config: { scope: 'readings:read' } }, async () => {
      throw wardErrors.error('full', { field: 'bed', reason: 'no bed', retryAfterSeconds: 7 });
    });
    routes.get('/v1/who', { config: { scope: 'readings:read' } }, async (request) => request.identity.facilityId);
  });
  return app;
}

const post = (payload: unknown, type = 'application/json') => ({
  method: 'POST' as const,
  url: '/v1/vitals',
  headers: { ...headers, 'content-type': type },
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
});

describe('a request', () => {
  test('null for a number is refused with the field, never read as zero', async () => {
    const answer = await build().inject(post({ hr: null, note: null }));
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problemSchema.parse(answer.json())).toMatchObject({ code: 'http.invalid-request', field: 'hr' });
  });

  test.each([
    ['a string for a number', { hr: '80', note: null }, 'hr'],
    ['a misspelt key', { hr: 80, note: null, spo2: 97 }, 'spo2'],
    ['a missing key', { note: null }, 'hr'],
    ['no object', '[]', 'body'],
  ])('%s is refused and the field named', async (_name, payload, field) => {
    const answer = await build().inject(post(payload));
    expect(answer.statusCode).toBe(400);
    expect(answer.json().field).toBe(field);
  });

  test('null stays null through the response', async () => {
    const answer = await build().inject(post({ hr: 80, note: null }));
    expect(answer.json()).toEqual({ hr: 80, note: null });
  });

  test('broken JSON is refused without repeating it', async () => {
    const answer = await build().inject(post('{"name": "Nguyễn Văn An'));
    expect(answer.json().code).toBe('http.not-json');
    expect(answer.body).not.toContain('Nguyễn');
  });

  test('another media type, a body above the limit and an unknown address have their own codes', async () => {
    const app = build({ bodyLimitBytes: 20 });
    expect((await app.inject(post('a,b', 'text/csv'))).json().code).toBe('http.wrong-media-type');
    expect((await app.inject(post({ hr: 80, note: 'x'.repeat(30) }))).json().code).toBe('http.too-large');
    const lost = await app.inject({ url: '/v1/nowhere', headers });
    expect(lost.statusCode).toBe(404);
    expect(problemSchema.parse(lost.json()).code).toBe('http.not-found');
  });
});

describe('a fault', () => {
  test('of ours is masked, in the answer and in its reason', async () => {
    const answer = await build().inject({ url: '/v1/secret', headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('Nguyễn');
    expect(answer.json()).toMatchObject({ code: 'http.internal', requestId: answer.headers['x-request-id'] });
  });

  test('a response that does not fit its schema is a fault, not a zero', async () => {
    const answer = await build().inject({ url: '/v1/wrong', headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.json().code).toBe('http.internal');
  });

  test('a room’s own error keeps its status, field, both languages and Retry-After', async () => {
    const answer = await build().inject({ url: '/v1/full', headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.json()).toMatchObject({
      code: 'ward.full',
      field: 'bed',
      reason: 'no bed',
      text: { vi: 'Khoa đã kín giường.', en: 'The ward is full.' },
    });
  });
});

describe('access', () => {
  test('a route without a scope keeps the service from starting', async () => {
    const app = build();
    app.get('/open', async () => 'oops');
    await expect(app.ready()).rejects.toThrow('routes without a scope: /open');
  });

  test('a request belongs to the one facility while there is no login', async () => {
    expect((await build().inject({ url: '/v1/who', headers })).body).toBe(LOCAL_FACILITY);
  });

  test('an identity without the scope is refused with its name', async () => {
    const scopes = new Set(SCOPES.filter((scope) => scope !== 'readings:read'));
    const app = build({ identify: () => ({ facilityId: 'k01', actor: 'x', roles: [], scopes, known: 'token' }) });
    const answer = await app.inject({ url: '/v1/who', headers });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'http.scope-missing', field: 'readings:read' });
  });

  test('a foreign host name (DNS rebinding) and a cross-site write are refused', async () => {
    const rebound = await build().inject({ url: '/v1/who', headers: { host: 'evil.example' } });
    expect(rebound.json().code).toBe('http.foreign-host');
    const allowed = build({ hostRule: { boundTo: '127.0.0.1', allowedHosts: ['haidang.bv.vn'] } });
    expect((await allowed.inject({ url: '/v1/who', headers: { host: 'haidang.bv.vn:443' } })).statusCode).toBe(200);
    const forged = post({ hr: 1, note: null });
    const answer = await build().inject({ ...forged, headers: { ...forged.headers, 'sec-fetch-site': 'cross-site' } });
    expect(answer.json().code).toBe('http.cross-site');
  });
});

test('OpenAPI 3.1 describes the routes and the page needs nothing from outside', async () => {
  const app = createServer(OPTIONS);
  await registerOpenApi(app, { version: '0.0.0' });
  await app.register(metricsRoutes, { metrics: OPTIONS.metrics });
  app.register(async (plain) => {
    typed(plain).get(
      '/v1/thing',
      {
        config: { scope: 'readings:read' },
        schema: { response: { 200: z.strictObject({ n: z.number().nullable() }), ...problemResponses } },
      },
      async () => ({ n: null }),
    );
  });
  await app.ready();
  const document = (await app.inject({ url: '/docs/json', headers })).json();
  expect(document.openapi).toBe('3.1.0');
  expect(document.paths['/v1/thing'].get.responses['4XX'].content['application/problem+json'].schema.$ref).toBe(
    '#/components/schemas/Problem',
  );
  const page = await app.inject({ url: '/docs/', headers });
  expect(page.statusCode).toBe(200);
  expect([...page.body.matchAll(/(?:src|href)="(https?:[^"]*)"/g)]).toEqual([]);
  const metrics = await app.inject({ url: '/metrics', headers });
  expect(metrics.body).toContain('# TYPE haidang_http_request_seconds histogram');
});
