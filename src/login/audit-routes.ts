// Who did what, entry by entry, for a facility's administrator; and which facilities there are, for whoever compares their counts.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AuditRecord } from '#kernel/audit-entry.ts';
import type { AuditQuery, Found } from '#kernel/record-search.ts';
import { CSV_TYPE, csvTable } from '#http/csv.ts';
import { problemResponses } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';

export interface AuditDoorDeps {
  readonly facilities: () => Promise<readonly string[]>;
  readonly facility: (id: string) => Promise<{
    readonly audit: {
      list(filter: { readonly afterSequence: number; readonly limit: number }): Promise<readonly AuditRecord[]>;
    };
    readonly find: {
      audit(query: AuditQuery): Promise<readonly Found<AuditRecord>[]>;
      countAudit(query: AuditQuery): Promise<number>;
    };
  }>;
}

const recordSchema = z
  .strictObject({
    sequence: z.number().int(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    detail: z.record(z.string(), z.unknown()).nullable(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditRecord' });

const query = z.strictObject({
  after: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: queryNumber(1, 500).default(100),
});

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

const view = (record: AuditRecord): z.infer<typeof recordSchema> => {
  const { sequence, at, actor, action, subjectType, subjectId, detail, previousHash, hash } = record;
  return {
    sequence,
    at,
    actor,
    action,
    subjectType,
    subjectId,
    detail: detail === undefined ? null : { ...detail },
    previousHash,
    hash,
  };
};

const COLUMNS = ['sequence', 'at', 'actor', 'action', 'subject_type', 'subject_id', 'detail', 'hash'] as const;
/** A table that a spreadsheet still opens; the rest is asked for with a narrower search. */
const MOST_LINES = 50_000;

export async function auditRoutes(plain: FastifyInstance, deps: AuditDoorDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['admin'];
  app.get(
    '/v1/audit',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'listAudit',
        summary: 'The audit trail of this facility, oldest first',
        querystring: query,
        response: { 200: z.array(recordSchema), ...problemResponses },
      },
    },
    async ({ query: { after, limit }, identity }) => {
      const { audit } = await deps.facility(identity.facilityId);
      return (await audit.list({ afterSequence: after, limit })).map(view);
    },
  );
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
      const found = await find.audit({ ...question, limit: limit + 1, ...(after !== undefined && { after }) });
      const total = await find.countAudit({ ...question, limit });
      return {
        total,
        next: found.length > limit ? (found[limit - 1]?.key ?? null) : null,
        items: found.slice(0, limit).map(({ item }) => view(item)),
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
      const found = await find.audit({ ...questionOf(searched), limit: MOST_LINES });
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
  app.get(
    '/v1/facilities',
    {
      config: { scope: 'facilities:read' },
      schema: {
        tags,
        operationId: 'listFacilities',
        summary: 'Which facilities there are; nothing of a patient',
        response: { 200: z.array(z.string()), ...problemResponses },
      },
    },
    async () => [...(await deps.facilities())],
  );
}
