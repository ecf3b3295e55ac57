// Is it alive, is it ready, is each model ready: three different questions (Open Inference Protocol).
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { httpErrors } from './errors.ts';
import { LATE, orLate } from './deadline.ts';
import { problemResponses } from './problem.ts';
import { typed } from './server.ts';

const modelHealth = z
  .strictObject({
    id: z.string(),
    state: z.enum(['starting', 'ready', 'refused', 'unloaded']),
    provider: z.string().nullable(),
    precision: z.string().nullable(),
    sha256: z.string().nullable(),
    reason: z.string().nullable(),
    /** The same model on another server (HAIDANG_REMOTE_MODELS), which is asked first while it is `ready`. */
    remote: z
      .strictObject({
        url: z.string(),
        state: z.enum(['checking', 'ready', 'away', 'refused']),
        reason: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'ModelHealth' });
export type ModelHealth = z.infer<typeof modelHealth>;

const readiness = z
  .strictObject({
    status: z.enum(['ready', 'not-ready']),
    database: z.enum(['ok', 'read-only', 'full', 'unreachable']),
    disk: z.enum(['ok', 'low', 'full', 'read-only', 'failed']),
    models: z.array(modelHealth),
    /** Receivers that are not reached at the moment; their messages wait. No fault of this service. */
    unreachedReceivers: z.array(z.string()),
  })
  .meta({ id: 'Readiness' });

type Readiness = z.infer<typeof readiness>;

export interface HealthDeps {
  models(): readonly ModelHealth[];
  /** Tried by writing; never throws. */
  storage(): Promise<Pick<Readiness, 'database' | 'disk'>>;
  unreachedReceivers(): readonly string[];
  /** Ids of the models without which the service is not ready. */
  required(): readonly string[];
}

/** A database that does not answer at all is not waited for longer than a probe waits. */
const STORAGE_MS = 3_000;
const GONE = { database: 'unreachable', disk: 'failed' } as const;

export async function healthRoutes(plain: FastifyInstance, deps: HealthDeps): Promise<void> {
  const app = typed(plain);
  const config = { scope: 'public' } as const;
  const tags = ['health'];

  app.get(
    '/health/live',
    {
      config,
      schema: {
        tags,
        operationId: 'live',
        response: { 200: z.strictObject({ status: z.literal('live') }), ...problemResponses },
      },
    },
    async () => ({ status: 'live' as const }),
  );

  app.get(
    '/health/ready',
    {
      config,
      schema: { tags, operationId: 'ready', response: { 200: readiness, 503: readiness, ...problemResponses } },
    },
    async (_request, reply) => {
      const models = [...deps.models()];
      const tried = await orLate(deps.storage(), STORAGE_MS);
      const storage = tried === LATE ? GONE : tried;
      const writes = storage.database === 'ok' && (storage.disk === 'ok' || storage.disk === 'low');
      const reads = deps.required().every((id) => models.some((model) => model.id === id && model.state === 'ready'));
      const ready = writes && reads;
      if (!ready) reply.header('retry-after', '10');
      return reply.code(ready ? 200 : 503).send({
        status: ready ? 'ready' : 'not-ready',
        ...storage,
        models,
        unreachedReceivers: [...deps.unreachedReceivers()],
      });
    },
  );

  app.get(
    '/health/models/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'modelHealth',
        params: z.strictObject({ id: z.string() }),
        response: { 200: modelHealth, 503: modelHealth, ...problemResponses },
      },
    },
    async (request, reply) => {
      const model = deps.models().find(({ id }) => id === request.params.id);
      if (model === undefined) throw httpErrors.error('not-found', { field: 'id', reason: 'no model of this name' });
      return reply.code(model.state === 'ready' ? 200 : 503).send(model);
    },
  );
}
