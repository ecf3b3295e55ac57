// The worklist's door: open studies in the order of reading, each with its outcome and the reason for its place.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#kernel/clock.ts';
import type { Outcome } from '#kernel/finding.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type OpenStudy, itemOf, listed } from './worklist-item.ts';
import { type AgeingPolicy, defaultAgeing, order } from './ranking.ts';
import { worklistAnswer, worklistQuery } from './schema.ts';

export interface WorklistStore {
  readonly worklist: {
    list(
      filter: {
        readonly state: 'open' | 'closed' | 'all';
        readonly outcome?: Outcome;
        readonly finding?: string;
        readonly patientId?: string;
      },
      page: { readonly limit: number },
    ): Promise<readonly OpenStudy[]>;
  };
}

export interface WorklistDeps {
  readonly clock: Clock;
  readonly ageing?: AgeingPolicy;
  facility(id: string): Promise<WorklistStore>;
}

/** All open studies are ordered at once, because age may lift one from far below; a hospital's busiest day has some hundreds. */
const MOST_STUDIES = 5000;

export async function worklistRoutes(plain: FastifyInstance, deps: WorklistDeps): Promise<void> {
  const { clock, ageing = defaultAgeing } = deps;
  typed(plain).get(
    '/v1/worklist',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'getWorklist',
        summary:
          'Studies in the order of reading: by urgency, never below what was asked for, and nobody waits for ever',
        querystring: worklistQuery,
        response: { 200: worklistAnswer, ...problemResponses },
      },
    },
    async ({ query, identity }) => {
      const { worklist } = await deps.facility(identity.facilityId);
      const { state, outcome, finding, patientId } = query;
      const rows = await worklist.list(
        {
          state,
          ...(outcome !== undefined && { outcome }),
          ...(finding !== undefined && { finding }),
          ...(patientId !== undefined && { patientId }),
        },
        { limit: MOST_STUDIES },
      );
      const now = clock.now();
      const placed = order(rows.map(listed), now, ageing).filter(
        ({ place }) => query.place === undefined || place === query.place,
      );
      const page = placed.slice(query.offset, query.offset + query.limit);
      return { total: placed.length, asOf: now.toISOString(), items: page.map(itemOf) };
    },
  );
}
