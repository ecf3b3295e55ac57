// The worklist's door: studies in the order of reading, each with its outcome and the reason for its place, and what changes among them.
import type { ReadingOrderFilter } from '#kernel/reading-order-filter.ts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Clock, MINUTE_MS } from '#kernel/clock.ts';
import { CSV_TYPE } from '#http/csv.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type Cursor, cursorText, readCursor } from './cursor.ts';
import {
  type FindingHead,
  itemOf,
  listed,
  type ListedStudy,
  type OpenStudy,
  headsByCode,
  rowOf,
} from './worklist-item.ts';
import { type AgeingPolicy, defaultAgeing, place, type Placed } from './ranking.ts';
import { type WorklistQuery, worklistAnswer, worklistQuery, type WorklistRow, worklistRowsAnswer } from './schema.ts';
import { worklistTable } from './worklist-table.ts';

type Position = Cursor['position'];

export interface WorklistStore {
  readonly worklist: {
    page(
      filter: ReadingOrderFilter,
      page: { readonly limit: number; readonly after?: Position },
    ): Promise<{ readonly rows: readonly OpenStudy[]; readonly next?: Position }>;
    counts(filter: ReadingOrderFilter): Promise<Readonly<Record<Position['group'], number>>>;
  };
}

export interface WorklistDeps {
  readonly clock: Clock;
  readonly ageing?: AgeingPolicy;
  /** Titles and urgency of findings, those of the model that reads now first. */
  readonly heads: () => readonly FindingHead[];
  facility(id: string): Promise<WorklistStore>;
}

const LINES_AT_ONCE = 500;
/** A table that a spreadsheet still opens. */
const MOST_LINES = 50_000;

/** Only what was asked for: an absent filter stands in no condition. */
function filterOf({ limit: _limit, after: _after, ...query }: WorklistQuery, agedBefore: string): ReadingOrderFilter {
  const { state, outcome, finding, patientId, modality, search } = query;
  return {
    state,
    agedBefore,
    ...(query.place !== undefined && { place: query.place }),
    ...(outcome !== undefined && { outcome }),
    ...(finding !== undefined && { finding }),
    ...(patientId !== undefined && { patientId }),
    ...(modality !== undefined && { modality }),
    ...(search !== undefined && { search }),
  };
}

function rowsBy({ heads }: Pick<WorklistDeps, 'heads'>) {
  const known = headsByCode(heads());
  return (placed: Placed<ListedStudy>): WorklistRow => rowOf(placed, known);
}

export async function worklistRoutes(plain: FastifyInstance, deps: WorklistDeps): Promise<void> {
  const app = typed(plain);
  const { clock, ageing = defaultAgeing } = deps;
  const agedAfterMs = ageing.routineBecomesUrgentMinutes * MINUTE_MS;

  async function pageOf<Item>(facilityId: string, query: WorklistQuery, view: (placed: Placed<ListedStudy>) => Item) {
    const { worklist } = await deps.facility(facilityId);
    const cursor = query.after === undefined ? undefined : readCursor(query.after);
    const asOf = cursor?.asOf ?? clock.now().toISOString();
    const now = new Date(asOf);
    const filter = filterOf(query, new Date(now.getTime() - agedAfterMs).toISOString());
    const counts = await worklist.counts(filter);
    const { rows, next } = await worklist.page(filter, {
      limit: query.limit,
      ...(cursor !== undefined && { after: cursor.position }),
    });
    return {
      total: counts.critical + counts.urgent + counts.routine + counts.closed,
      counts,
      asOf,
      next: next === undefined ? null : cursorText({ asOf, position: next }),
      items: rows.map((row) => view(place(listed(row), now, ageing))),
    };
  }

  app.get(
    '/v1/worklist',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'getWorklist',
        summary: 'Studies in the order of reading: by urgency, never below what was asked for; age lifts routine ones',
        querystring: worklistQuery,
        response: { 200: worklistAnswer, ...problemResponses },
      },
    },
    async ({ query, identity }) => pageOf(identity.facilityId, query, itemOf),
  );

  app.get(
    '/v1/worklist.csv',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'getWorklistTable',
        summary: `The same list as CSV, with patient codes and without names, ${MOST_LINES} lines at most`,
        querystring: worklistQuery.omit({ limit: true, after: true }),
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } }, ...problemResponses },
      },
    },
    async ({ query, identity }, reply) => {
      const rows: WorklistRow[] = [];
      const view = rowsBy(deps);
      for (let after: string | undefined; rows.length < MOST_LINES;) {
        const asked = { ...query, limit: LINES_AT_ONCE, ...(after !== undefined && { after }) };
        const page = await pageOf(identity.facilityId, asked, view);
        rows.push(...page.items);
        if (page.next === null) break;
        after = page.next;
      }
      return reply.type(CSV_TYPE).send(worklistTable(rows));
    },
  );

  app.get(
    '/v1/worklist/rows',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'getWorklistRows',
        summary:
          'The same list with what a row shows: positive findings with their titles instead of the whole reading',
        querystring: worklistQuery,
        response: { 200: worklistRowsAnswer, ...problemResponses },
      },
    },
    ({ query, identity }) => pageOf(identity.facilityId, query, rowsBy(deps)),
  );
}
