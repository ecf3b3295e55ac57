// A Fastify server with our rules: strict zod schemas, scopes, problems instead of stack traces, ids in the log and nothing of a patient.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { type ZodTypeProvider, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Identify } from '#access/identity.ts';
import type { CareError } from '#kernel/errors.ts';
import { httpErrors } from './errors.ts';
import { createLogger } from './log.ts';
import { createGuard, type HostRule } from './guard.ts';
import type { Metrics } from './metrics.ts';
import { type ClientLimits, readPast, SERVER_TIMES, watchSlowClients } from './slow-clients.ts';
import { networkList } from './networks.ts';
import { asCareError, framesOf, problemOf } from './problem.ts';
import { createRateLimiter, type RateLimits } from './rate-limit.ts';
import { nameCallers } from './read-audit.ts';
import { keepRefusals } from './refusal-audit.ts';
import { requireScopes, type RouteScope } from './route-scopes.ts';
import { bareAnswer, secureAnswer } from './security-headers.ts';
import { judgeTexts } from './text-bounds.ts';

export interface ServerOptions {
  readonly hostRule: HostRule;
  readonly logLevel: string;
  readonly metrics: Metrics;
  readonly identify: Identify;
  /** Largest JSON body; uploads have their own cap. */
  readonly bodyLimitBytes?: number;
  /** Told of every route when all are registered. */
  readonly listed?: (routes: readonly RouteScope[]) => void;
  /** Addresses and networks of proxies: what they say of the client in X-Forwarded-For is believed. Absent: no proxy is believed. */
  readonly trustProxy?: readonly string[];
  readonly clientLimits?: Partial<ClientLimits>;
  /** Absent: callers are not counted. */
  readonly rates?: RateLimits;
}

const MIB = 1024 * 1024;

/** The instance that feature plugins receive; `withTypeProvider<ZodTypeProvider>()` again inside a plugin gives typed handlers. */
export type Server = FastifyInstance;

export function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

function logFault(log: FastifyBaseLogger, thrown: unknown, route: string | undefined): void {
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : undefined;
  log.error(
    { route, fault: name, frames: framesOf(thrown), ...(cause && { cause: cause.name, causeFrames: framesOf(cause) }) },
    'http.request-failed',
  );
}

/** What Node could not read as a request: it reaches no hook and no handler. */
function refuseUnread(cause: NodeJS.ErrnoException, socket: Socket): void {
  if (cause.code === 'ECONNRESET' || socket.destroyed) return;
  const late = cause.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const long = cause.code === 'HPE_HEADER_OVERFLOW';
  const status = late ? '408 Request Timeout' : long ? '431 Request Header Fields Too Large' : '400 Bad Request';
  if (socket.writable) socket.write(bareAnswer(status));
  socket.destroy(cause);
}

function refuse(error: CareError, request: FastifyRequest, reply: FastifyReply): void {
  request.refusal = error.code;
  void reply.code(error.status).type('application/problem+json').send(problemOf(error, request.id));
}

/** Routes without a scope make `ready()` fail, so that a new door cannot be open by mistake. */
export function createServer(options: ServerOptions): Server {
  const { metrics } = options;
  const guard = createGuard(options.hostRule, options.identify);
  const loggerInstance: FastifyBaseLogger = createLogger(options.logLevel);
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: options.bodyLimitBytes ?? MIB,
    // HisPro's base address ends in a slash and its client adds another.
    routerOptions: { ignoreDuplicateSlashes: true },
    clientErrorHandler: refuseUnread,
    // An address that cannot be read reaches no hook.
    frameworkErrors: (thrown, request, reply) => {
      secureAnswer(request, reply);
      refuse(asCareError(thrown), request, reply);
    },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    ...SERVER_TIMES,
    http: SERVER_TIMES,
  });
  const forwards = networkList(options.trustProxy ?? []);
  watchSlowClients(app.server, {
    told: (event, address) => app.log.warn({ address }, `http ${event}`),
    forwards: (address) => (options.trustProxy ?? []).length > 0 && forwards(address),
    ...(options.clientLimits !== undefined && { limits: options.clientLimits }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('identity');
  keepRefusals(app);

  requireScopes(app, options.listed);
  app.addHook('onRequest', guard.admit);
  if (options.rates !== undefined) {
    const limiter = createRateLimiter(options.rates);
    app.addHook('onRequest', async (request) => limiter.admit(request));
  }
  nameCallers(app);
  app.addHook('preValidation', async (request) => {
    const { longestText } = request.routeOptions.config;
    judgeTexts(request.params, 'params');
    judgeTexts(request.query, 'query');
    judgeTexts(request.body, 'body', longestText);
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    secureAnswer(request, reply);
    if (reply.getHeader('cache-control') === undefined) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    readPast(request.raw, options.clientLimits);
    const route = request.routeOptions.url ?? 'unknown';
    metrics.requestEnded({
      method: request.method,
      route,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    request.log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'http.request',
    );
  });

  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = asCareError(thrown);
    // A turn-away under load is no fault; a full disk is one, though it says when to come again.
    if (error.status >= 500 && (error.retryAfterSeconds === undefined || error.code.startsWith('store.')))
      logFault(request.log, thrown, request.routeOptions.url);
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    refuse(error, request, reply);
  });
  app.setNotFoundHandler((request, reply) => refuse(httpErrors.error('not-found'), request, reply));
  return app;
}
