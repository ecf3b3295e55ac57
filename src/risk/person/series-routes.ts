// The door to the kept assessments of one person.
import type { FastifyInstance } from 'fastify';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import type { Assessment } from '#kernel/assessment.ts';
import { keptAnswer, keptQuery, seriesAnswer, seriesParams, seriesQuery } from '#risk/schema.ts';
import { instantOf } from './question.ts';
import { keptResults } from './kept-results.ts';
import { seriesOf } from './series.ts';

/** What the series needs of a facility's store; its own types fit. */
export interface SeriesStore {
  readonly assessments: {
    ofPatient(
      patientId: string,
      filter: { readonly equationId?: string; readonly since?: string; readonly limit?: number },
    ): Promise<readonly Assessment[]>;
  };
}

export interface SeriesDeps {
  facility(id: string): Promise<SeriesStore>;
}

export function seriesRoutes(plain: FastifyInstance, deps: SeriesDeps): void {
  const app = typed(plain);
  app.get(
    '/v1/risk/series/:patientCode',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['risk'],
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

  app.get(
    '/v1/risk/assessments/:patientCode',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['risk'],
        operationId: 'getKeptAssessments',
        summary: 'Kept assessments of one person as they were told, whole: the latest of each equation, or all of one',
        params: seriesParams,
        querystring: keptQuery,
        response: { 200: keptAnswer, ...problemResponses },
      },
    },
    async ({ params, query, identity }) => {
      const { assessments } = await deps.facility(identity.facilityId);
      const { equation } = query;
      const kept = await assessments.ofPatient(
        params.patientCode,
        equation === undefined ? {} : { equationId: equation },
      );
      const results = keptResults(kept, equation === undefined ? 'latest' : 'all');
      return { patientCode: params.patientCode, assessments: results.slice(0, query.limit) };
    },
  );
}
