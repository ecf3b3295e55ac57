// The Open Inference Protocol v2 over HTTP (KServe, Triton, MLServer, OVMS): our imaging models as an inference server.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { asCareError, framesOf } from '#http/problem.ts';
import type { StreamedBody } from '#http/openapi.ts';
import type { VersionState } from '#inference/engine/engine.ts';
import type { RunningEngine } from '#inference/engine/start-engine.ts';
import { JSON_LENGTH_HEADER, readRequest } from '#inference/open-inference/message.ts';
import { oipErrors } from './errors.ts';
import { infer } from './infer.ts';
import { metadataOf } from './metadata.ts';

export interface OipDeps {
  readonly version: string;
  readonly engine: Pick<RunningEngine, 'run' | 'versions'>;
}

/** 64 films of 192 × 192 as binary tensors take 9 MiB. */
const BODY_LIMIT = 16 * 1024 * 1024;
const EXTENSIONS = ['binary_tensor_data', 'model_repository(index)', 'schedule_policy'];

const params = z.object({ model: z.string(), version: z.string().optional() });
const headerOf = (request: FastifyRequest): string | undefined => {
  const value = request.headers[JSON_LENGTH_HEADER];
  return Array.isArray(value) ? value.join(',') : value;
};

const tensorSchema = {
  type: 'object',
  required: ['name', 'shape', 'datatype'],
  properties: {
    name: { type: 'string' },
    shape: { type: 'array', items: { type: 'integer', minimum: 0 } },
    datatype: { type: 'string', enum: ['FP32'] },
    parameters: { type: 'object', properties: { binary_data_size: { type: 'integer', minimum: 0 } } },
    data: { type: 'array', items: {} },
  },
};

/** For the OpenAPI document: the body may be JSON alone, or JSON and then the bytes of its tensors. */
export const inferBody: StreamedBody = {
  'application/json': {
    schema: {
      type: 'object',
      required: ['inputs'],
      properties: {
        id: { type: 'string' },
        parameters: {
          type: 'object',
          properties: {
            binary_data_output: { type: 'boolean' },
            priority: { type: 'integer', minimum: 0 },
            timeout: { type: 'integer', minimum: 1, description: 'microseconds' },
          },
        },
        inputs: { type: 'array', items: tensorSchema },
        outputs: {
          type: 'array',
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
      },
    },
  },
  'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
};

const words = (error: { readonly field: string | undefined; readonly reason: string }): string =>
  error.field === undefined ? error.reason : `${error.field}: ${error.reason}`;

const protocolError = z.strictObject({ error: z.string() }).meta({ id: 'OipError' });
const errors = { '4xx': protocolError, '5xx': protocolError };
const tensorMetadata = z.strictObject({ name: z.string(), datatype: z.string(), shape: z.array(z.number().int()) });
const modelMetadata = z
  .strictObject({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(tensorMetadata),
    outputs: z.array(tensorMetadata),
  })
  .meta({ id: 'OipModel' });
const readiness = z.strictObject({ name: z.string(), ready: z.boolean() });
const repositoryIndex = z.array(
  z.strictObject({
    name: z.string(),
    version: z.string(),
    state: z.enum(['READY', 'LOADING', 'UNAVAILABLE']),
    reason: z.string(),
  }),
);

const REPOSITORY_STATES = {
  ready: 'READY',
  starting: 'LOADING',
  refused: 'UNAVAILABLE',
  unloaded: 'UNAVAILABLE',
} as const;

/** Aborted when the caller hangs up: nobody would read the answer. */
function hangUp(reply: FastifyReply): AbortSignal {
  const control = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) control.abort();
  });
  return control.signal;
}

const tags = ['open-inference'];
const config = { scope: 'interop' as const };
const open = { scope: 'public' as const };

const schema = (operationId: string, summary: string, ok: z.ZodType) => ({
  tags,
  operationId,
  summary,
  response: { 200: ok, ...errors },
});

interface Served {
  /** Every version in service, of each model first the one that answers who names none. */
  all(): readonly VersionState[];
  /** Throws `oip.unknown-model`. */
  find(request: FastifyRequest): VersionState;
  versionsOf(modelId: string): readonly string[];
}

/** One that is loaded when it is asked for can be asked. */
const canBeAsked = ({ state }: VersionState): boolean => state.state === 'ready' || state.state === 'unloaded';

function servedOf({ engine }: OipDeps): Served {
  const all = () => engine.versions();
  const versionsOf = (modelId: string): string[] =>
    all().flatMap(({ model: { manifest } }) => (manifest.id === modelId ? [manifest.version] : []));
  function find(request: FastifyRequest): VersionState {
    const asked = params.parse(request.params);
    const versions = all().filter(({ model }) => model.manifest.id === asked.model);
    if (versions.length === 0)
      throw oipErrors.error('unknown-model', { field: 'model', reason: 'no model of this name' });
    const found =
      asked.version === undefined
        ? versions[0]
        : versions.find(({ model }) => model.manifest.version === asked.version);
    if (found === undefined)
      throw oipErrors.error('unknown-model', {
        field: 'version',
        reason: `the version is ${versionsOf(asked.model).join(' or ')}`,
      });
    return found;
  }
  return { all, find, versionsOf };
}

/** Refusals in the words of the protocol; bodies as bytes, whatever they are called. */
function speakProtocol(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = asCareError(thrown);
    if (error.status >= 500)
      request.log.error({ route: request.routeOptions.url, code: error.code, frames: framesOf(thrown) }, 'oip failed');
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    // A fault of the service stays masked; what the engine says of its queue and deadlines does not.
    void reply
      .code(error.status)
      .type('application/json')
      .serializer(JSON.stringify)
      .send({ error: words(error) });
  });
  // Clients name all kinds of content for the same body; the length header alone says what it is.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
}

function serverRoutes(app: FastifyInstance, version: string, { all }: Served): void {
  app.get(
    '/v2',
    {
      config: open,
      schema: schema(
        'oipServer',
        'Server metadata',
        z.strictObject({ name: z.string(), version: z.string(), extensions: z.array(z.string()) }),
      ),
    },
    async () => ({ name: 'haidang', version, extensions: EXTENSIONS }),
  );
  app.get(
    '/v2/health/live',
    { config: open, schema: schema('oipLive', 'Is the server alive', z.strictObject({ live: z.boolean() })) },
    async () => ({ live: true }),
  );
  const ready = z.strictObject({ ready: z.boolean() });
  app.get(
    '/v2/health/ready',
    {
      config: open,
      schema: { ...schema('oipReady', 'Are all models ready', ready), response: { 200: ready, 503: ready } },
    },
    async (_request, reply) => {
      const isReady = all().every(canBeAsked);
      return reply.code(isReady ? 200 : 503).send({ ready: isReady });
    },
  );
  app.post(
    '/v2/repository/index',
    { config, schema: schema('oipIndex', 'Models of the repository', repositoryIndex) },
    async () =>
      all().map(({ model, state }) => ({
        name: model.manifest.id,
        version: model.manifest.version,
        state: REPOSITORY_STATES[state.state],
        reason: state.state === 'refused' ? state.reason : state.state === 'unloaded' ? 'unloaded' : '',
      })),
  );
}

function modelRoutes(app: FastifyInstance, engine: OipDeps['engine'], { find, versionsOf }: Served): void {
  const toldOf = ({ model }: VersionState) => metadataOf(model, versionsOf(model.manifest.id));
  for (const [base, suffix] of [
    ['/v2/models/:model', ''],
    ['/v2/models/:model/versions/:version', 'Version'],
  ] as const) {
    app.get(base, { config, schema: schema(`oipModel${suffix}`, 'Model metadata', modelMetadata) }, async (request) =>
      toldOf(find(request)),
    );
    app.get(
      `${base}/ready`,
      {
        config,
        schema: {
          ...schema(`oipModelReady${suffix}`, 'Is a model ready', readiness),
          response: { 200: readiness, 503: readiness, ...errors },
        },
      },
      async (request, reply) => {
        const found = find(request);
        const isReady = canBeAsked(found);
        return reply.code(isReady ? 200 : 503).send({ name: found.model.manifest.id, ready: isReady });
      },
    );
    app.post(
      `${base}/infer`,
      {
        config,
        bodyLimit: BODY_LIMIT,
        schema: { tags, operationId: `oipInfer${suffix}`, summary: 'Run a model', response: errors },
      },
      async (request, reply) => {
        const { model } = find(request);
        const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        const message = readRequest(body, headerOf(request));
        const encoded = await infer(message, metadataOf(model, [model.manifest.version]), {
          engine,
          signal: hangUp(reply),
        });
        return reply.headers(encoded.headers).send(encoded.body);
      },
    );
  }
}

export async function oipRoutes(app: FastifyInstance, deps: OipDeps): Promise<void> {
  const served = servedOf(deps);
  speakProtocol(app);
  serverRoutes(app, deps.version, served);
  modelRoutes(app, deps.engine, served);
}
