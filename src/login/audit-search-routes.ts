// The door for a search of the audit: by person, actor, action and time, page by page, or as a table.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditRecord } from '#kernel/audit-entry.ts';
import type { AuditQuery, Found } from '#kernel/record-search.ts';
import { CSV_TYPE, csvTable } from '#http/csv.ts';
import { problemResponses } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { auditView, recordSchema } from './audit-json.ts';

export interface AuditSearchDeps {
  readonly facility: (id: string) => Promise<{
    readonly find: {
      audit(query: AuditQuery): Promise<readonly Found<AuditRecord>[]>;
      countAudit(query: AuditQuery): Promise<number>;
    };
  }>;
}

const text = z.string().trim().min(1).max(200).optional();
const moment = z.iso.datetime({ offset: true }).optional();
/** Each that is given must hold. */
const searchShape = {
  /** A person's code: entries about that person's studies, readings, alerts and assessments. */
  patient: text,
  /** Whose acts: a login, a key, `system`. */
  actor: text,
  /** For example `study.opened`. */
  action: text,
  from: moment,
  before: moment,
};
const searchQuery = z.strictObject({
  ...searchShape,
  limit: queryNumber(1, 200).default(50),
  /** `next` of the page before. */
  after: z.string().max(200).optional(),
});
const tableQuery = z.strictObject(searchShape);

type Searched = z.infer<typeof tableQuery>;

const questionOf = ({ patient, actor, action, from, before }: Searched): Omit<AuditQuery, 'limit'> => ({
  ...(patient !== undefined && { patients: [patient] }),
  ...(actor !== undefined && { actors: [actor] }),
  ...(action !== undefined && { actions: [action] }),
  ...((from !== undefined || before !== undefined) && {
    times: [
      [
        {
          ...(from !== undefined && { from: new Date(from).toISOString() }),
          ...(before !== undefined && { before: new Date(before).toISOString() }),
        },
      ],
    ],
  }),
});

/** As the indices are ordered: a page costs the same however long the trail is. */
const NEWEST = { by: 'time', descending: true } as const;

const COLUMNS = ['sequence', 'at', 'actor', 'action', 'subject_type', 'subject_id', 'detail', 'hash'] as const;
/** A table that a spreadsheet still opens; the rest is asked for with a narrower search. */
const MOST_LINES = 50_000;

export function auditSearchRoutes(plain: FastifyInstance, deps: AuditSearchDeps): void {
  const app = typed(plain);
  const tags = ['admin'];
  app.get(
    '/v1/audit/search',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'searchAudit',
        summary: 'The audit trail by person, actor, action and time, the newest first, a page at a time',
        querystring: searchQuery,
        response: {
          200: z.strictObject({
            total: z.number().int(),
            /** For `after`; null where this page is the last. */
            next: z.string().nullable(),
            items: z.array(recordSchema),
          }),
          ...problemResponses,
        },
      },
    },
    async ({ query: { limit, after, ...searched }, identity }) => {
      const { find } = await deps.facility(identity.facilityId);
      const question = questionOf(searched);
      const found = await find.audit({
        ...question,
        sort: NEWEST,
        limit: limit + 1,
        ...(after !== undefined && { after }),
      });
      const total = await find.countAudit({ ...question, limit });
      return {
        total,
        next: found.length > limit ? (found[limit - 1]?.key ?? null) : null,
        items: found.slice(0, limit).map(({ item }) => auditView(item)),
      };
    },
  );
  app.get(
    '/v1/audit.csv',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'getAuditTable',
        summary: `What a search of the audit trail finds as CSV, the newest first, ${MOST_LINES} lines at most`,
        querystring: tableQuery,
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } }, ...problemResponses },
      },
    },
    async ({ query: searched, identity }, reply) => {
      const { find } = await deps.facility(identity.facilityId);
      const found = await find.audit({ ...questionOf(searched), sort: NEWEST, limit: MOST_LINES });
      const lines = found.map(({ item: { sequence, at, actor, action, subjectType, subjectId, detail, hash } }) => [
        sequence,
        at,
        actor,
        action,
        subjectType,
        subjectId,
        detail === undefined ? '' : JSON.stringify(detail),
        hash,
      ]);
      return reply.type(CSV_TYPE).send(csvTable(COLUMNS, lines));
    },
  );
}
