// The CDS Hooks 2.0 door: discovery, the hooks, feedback; its refusals are OperationOutcomes.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '#access/identity.ts';
import type { Language } from '#kernel/errors.ts';
import { asCareError, framesOf } from '#http/problem.ts';
import { preferredLanguage } from '#http/language.ts';
import { LONGEST_FHIR_TEXT } from '#http/text-bounds.ts';
import { answer } from '#interop/cds-hooks/answer/answer.ts';
import { allowOrigin, answerPreflight } from '#interop/cds-hooks/request/cors.ts';
import { cdsHooksErrors } from './errors.ts';
import { readFeedback, takeFeedback } from './feedback.ts';
import { outcomeOf } from '#interop/fhir-model/outcome.ts';
import type { CdsHooksPorts, CdsHooksSettings } from './ports.ts';
import { readHookRequest } from '#interop/cds-hooks/request/request.ts';
import { rememberRisks } from '#interop/cds-hooks/answer/risk-memory.ts';
import { discovery, SERVICE_ID } from './service.ts';
import type { Caller, TokenChecker } from '#interop/cds-hooks/request/token.ts';

export interface CdsHooksDeps {
  readonly ports: CdsHooksPorts;
  readonly settings: CdsHooksSettings;
  /** Absent: callers are not asked who they are; only fit for loopback or a closed network. */
  readonly tokens?: TokenChecker;
}

/** Prefetched bundles of a patient with a long history. */
const BODY_LIMIT = 8 * 1024 * 1024;
const DISCOVERY = '/cds-services';
const SERVICE = '/cds-services/:id';
const FEEDBACK = '/cds-services/:id/feedback';

const METHODS = [
  { url: DISCOVERY, allow: 'GET, HEAD, OPTIONS', others: ['POST', 'PUT', 'PATCH', 'DELETE'] },
  { url: SERVICE, allow: 'POST, OPTIONS', others: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] },
  { url: FEEDBACK, allow: 'POST, OPTIONS', others: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] },
] as const;

interface DoorConfig {
  readonly scope: 'interop';
  readonly longestText: number;
  readonly knows: (request: FastifyRequest) => Promise<Identity | undefined>;
  readonly origins: readonly string[];
}

/** Answers preflights, which carry no credentials, and 405 with what is allowed instead. */
function refuseOtherMethods(app: FastifyInstance, config: DoorConfig): void {
  const schema = { hide: true };
  const open = { scope: 'public' as const };
  for (const { url, allow, others } of METHODS) {
    app.options(url, { config: open, schema }, (request, reply) => {
      answerPreflight(request, reply, config.origins);
      return reply.header('allow', allow);
    });
    app.route({
      method: [...others],
      url,
      config,
      schema,
      exposeHeadRoute: false,
      handler: async (_request, reply) => {
        reply.header('allow', allow);
        throw cdsHooksErrors.error('wrong-method', { field: 'method' });
      },
    });
  }
}

/** Every refusal, whoever throws it, is an OperationOutcome; a refusal of the guard comes before the hook that allows an origin. */
function refuseWithOutcomes(
  app: FastifyInstance,
  origins: readonly string[],
  languageOf: (request: FastifyRequest) => Language,
): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = asCareError(thrown);
    if (error.status >= 500) {
      request.log.error(
        { route: request.routeOptions.url, code: error.code, frames: framesOf(thrown) },
        'cds hooks failed',
      );
    }
    if (error.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer');
    allowOrigin(request, reply, origins);
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    const language = languageOf(request);
    void reply
      .code(error.status)
      .header('content-language', language)
      .type('application/json')
      .send(outcomeOf(error, language));
  });
}

const idOf = ({ params }: FastifyRequest): string =>
  typeof params === 'object' && params !== null && 'id' in params ? String(params.id) : '';

function checkService(request: FastifyRequest): void {
  if (idOf(request) !== SERVICE_ID) throw cdsHooksErrors.error('unknown-service', { field: 'id' });
}

/** Hooks of one visit come within minutes; new values make a new question. */
const MEMORY = { keepMs: 5 * 60_000, maximum: 500 };

function withMemory({ ports, settings }: CdsHooksDeps): CdsHooksPorts {
  const { assessRisk } = ports;
  if (assessRisk === undefined) return ports;
  return { ...ports, assessRisk: rememberRisks(assessRisk, { clock: settings.clock, ...MEMORY }) };
}

export async function cdsHooksRoutes(app: FastifyInstance, deps: CdsHooksDeps): Promise<void> {
  const { settings, tokens } = deps;
  const ports = withMemory(deps);
  const languageOf = (request: FastifyRequest): Language =>
    preferredLanguage(request.headers['accept-language'], settings.defaultLanguage);

  /** The token's audience is the address called, as the outside knows it. */
  async function checkToken(request: FastifyRequest, checker: TokenChecker): Promise<Caller> {
    const path = request.url.split('?')[0] ?? '';
    return checker.check(request.headers.authorization, `${settings.publicUrl}${path}`);
  }

  async function knows(request: FastifyRequest): Promise<Identity | undefined> {
    if (tokens === undefined || request.headers.authorization === undefined) return undefined;
    const { issuer, facilityId } = await checkToken(request, tokens);
    return { actor: issuer, facilityId, roles: ['his'], scopes: new Set(['interop']), known: 'door' };
  }

  async function callerOf(request: FastifyRequest): Promise<Caller> {
    const { actor, facilityId, known } = request.identity;
    // Without a login the clients that the site names are still asked for their token.
    if (tokens === undefined || known !== 'open') return { issuer: actor, facilityId };
    return checkToken(request, tokens);
  }

  app.addHook('onRequest', async (request, reply) => {
    allowOrigin(request, reply, settings.corsOrigins);
  });
  refuseWithOutcomes(app, settings.corsOrigins, languageOf);

  const config: DoorConfig = { scope: 'interop', longestText: LONGEST_FHIR_TEXT, knows, origins: settings.corsOrigins };
  refuseOtherMethods(app, config);
  // A text is no request: 415, as for every other kind of content.
  app.removeContentTypeParser('text/plain');

  const discover = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await callerOf(request);
    const language = languageOf(request);
    return reply.header('content-language', language).send(discovery(language));
  };
  app.get(
    DISCOVERY,
    { config, schema: { tags: ['cds-hooks'], operationId: 'listCdsServices', summary: 'CDS Hooks discovery' } },
    discover,
  );
  // Where a client was configured with a slash at the end.
  app.get(`${DISCOVERY}/`, { config, schema: { hide: true } }, discover);

  app.post(
    SERVICE,
    {
      config,
      bodyLimit: BODY_LIMIT,
      schema: { tags: ['cds-hooks'], operationId: 'callCdsService', summary: 'A hook is called: cards' },
    },
    async (request, reply) => {
      const { facilityId } = await callerOf(request);
      checkService(request);
      const language = languageOf(request);
      const asked = readHookRequest(request.body);
      const cards = await answer(asked, { facilityId, language }, { ports, settings });
      const { hook, hookInstance } = asked;
      request.log.info({ hook, hookInstance, cards: cards.map(({ uuid }) => uuid) }, 'cds hooks answer');
      return reply.header('content-language', language).send({ cards });
    },
  );

  app.post(
    FEEDBACK,
    { config, schema: { tags: ['cds-hooks'], operationId: 'giveCdsFeedback', summary: 'What became of cards' } },
    async (request, reply) => {
      const caller = await callerOf(request);
      checkService(request);
      const from = { facilityId: caller.facilityId, actor: caller.issuer };
      const taken = await takeFeedback(readFeedback(request.body), from, ports);
      request.log.info({ ...taken }, 'cds hooks feedback');
      // The specification gives no body.
      return reply.code(200).send();
    },
  );
}
