// The door of the risk room: one person, the list of equations, a cohort as a stream, and a person's series.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import type { RiskRoom } from '#risk/assess/assess-patient.ts';
import { answerNdjson } from '#risk/cohort/ndjson.ts';
import { riskErrors } from './errors.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { Clock } from '#kernel/clock.ts';
import { assessmentOf } from '#risk/person/assessment.ts';
import { fitsVietNam } from '#risk/person/flag.ts';
import { itemOf } from '#risk/person/items.ts';
import type { TellRisks } from '#risk/person/tell.ts';
import { instantOf, questionOf } from '#risk/person/question.ts';
import {
  assessAnswer,
  assessBody,
  cohortQuery,
  equationsAnswer,
  seriesAnswer,
  seriesParams,
  seriesQuery,
} from './schema.ts';
import { seriesOf } from '#risk/person/series.ts';
import { equationsView } from './views.ts';

/** What the series needs of a facility's store; its own types fit. */
export interface SeriesStore {
  readonly assessments: {
    ofPatient(
      patientId: string,
      filter: { readonly equationId?: string; readonly since?: string; readonly limit?: number },
    ): Promise<readonly Assessment[]>;
  };
}

export interface RiskRoutesDeps {
  readonly room: RiskRoom;
  readonly clock: Clock;
  readonly policy: AlertPolicy;
  readonly tell: TellRisks;
  facility(id: string): Promise<SeriesStore>;
}

export async function riskRoutes(plain: FastifyInstance, deps: RiskRoutesDeps): Promise<void> {
  const { room, clock, policy, tell } = deps;
  const app = typed(plain);
  const tags = ['risk'];
  // The stream itself is the body: it is read as it comes, never held whole.
  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));

  app.post(
    '/v1/risk/assess',
    {
      config: { scope: 'risk:assess' },
      schema: {
        tags,
        operationId: 'assessRisk',
        summary:
          'One person: every equation that applies, or those that are named, with reasons, intervals and what-ifs',
        body: assessBody,
        response: { 200: assessAnswer, ...problemResponses },
      },
    },
    async ({ body, identity }) => {
      const question = questionOf(body, clock.now());
      const answer = await room.assessPatient(question);
      const patientCode = body.patient?.code;
      if (body.keep !== true || patientCode === undefined) return { ...answer, alertIds: [] };
      // Asked for by name an equation may raise a flag; unasked only those that fit Viet Nam.
      const mayTell = answer.results.filter((result) => body.equations !== undefined || fitsVietNam(result));
      const { alerts } = await tell(
        mayTell.map((result) => itemOf(result, identity.facilityId)),
        {
          facilityId: identity.facilityId,
          patientCode,
          policy,
          actor: identity.actor,
          facts: 'request',
          complete: false,
          alsoKept: answer.results
            .filter(({ outcome }) => outcome === 'assessed')
            .map((result) => assessmentOf(result, patientCode, answer.asOf)),
        },
      );
      const alertIds = alerts.map(({ id }) => id);
      return { ...answer, alertIds };
    },
  );

  app.get(
    '/v1/risk/equations',
    {
      config: { scope: 'models:read' },
      schema: {
        tags,
        operationId: 'listEquations',
        summary: 'The equations that are served, with their inputs, and those that were refused',
        response: { 200: equationsAnswer, ...problemResponses },
      },
    },
    async () => equationsView(room),
  );

  app.get(
    '/v1/risk/series/:patientCode',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags,
        operationId: 'getRiskSeries',
        summary: 'Kept assessments of one person over time, with their trend',
        params: seriesParams,
        querystring: seriesQuery,
        response: { 200: seriesAnswer, ...problemResponses },
      },
    },
    async ({ params, query, identity }) => {
      const { assessments } = await deps.facility(identity.facilityId);
      const { equation, since } = query;
      const kept = await assessments.ofPatient(params.patientCode, {
        ...(equation !== undefined && { equationId: equation }),
        ...(since !== undefined && { since: instantOf(since).toISOString() }),
      });
      return { patientCode: params.patientCode, series: seriesOf(kept) };
    },
  );

  app.post(
    '/v1/risk/cohort',
    {
      config: { scope: 'risk:assess' },
      // The stream is never held whole, so its length needs no bound.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      schema: {
        tags,
        operationId: 'assessCohort',
        summary:
          'A cohort as NDJSON, in and out as a stream: {"id"?, "inputs"} per line; read the answer while sending',
        querystring: cohortQuery,
        consumes: ['application/x-ndjson'],
      },
    },
    async ({ body, query }, reply) => {
      const served = room.library.equations.get(query.equation);
      if (served === undefined) throw riskErrors.error('unknown-equation', { field: 'equation' });
      if (!(body instanceof Readable)) throw riskErrors.error('bad-row', { field: 'Content-Type' });
      const { firstRow = 1 } = query;
      const lines = answerNdjson(body, { served, registry: room.registry, firstRow });
      return reply
        .type('application/x-ndjson')
        .send(Readable.from(lines, { objectMode: false, highWaterMark: 256 * 1024 }));
    },
  );
}
