// The door for tables to take away: alerts and every answer to one as CSV, and a history to try a policy on.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CSV_TYPE } from '#http/csv.ts';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import type { AlertHead } from '#alerts/decide/decide.ts';
import { historyRowOf } from '#alerts/decide/history-of.ts';
import { alertTable } from './alert-table.ts';
import { feedbackTable } from './feedback-table.ts';
import type { FollowedAlert } from './figures.ts';
import { type FiguresDeps, figuresQuery, type FiguresStore, follow, sinceOf } from './followed-alerts.ts';

const PAGE = 200;

/** One JSON line per study that was read, page by page. */
async function historyLines(
  store: FiguresStore,
  followed: readonly FollowedAlert[],
  { since, heads }: { readonly since: string; readonly heads: readonly AlertHead[] },
): Promise<readonly string[]> {
  const alertsOf = Map.groupBy(followed, ({ alert }) => alert.subject.studyUid);
  const lines: string[] = [];
  for (let after: string | undefined; ;) {
    const rows = await store.worklist.list(
      { state: 'all', receivedFrom: since },
      { limit: PAGE, ...(after === undefined ? {} : { after }) },
    );
    for (const { study, reading } of rows) {
      if (reading === undefined) continue;
      const read = { patientCode: study.patient.id ?? study.patientKey, receivedAt: study.receivedAt, reading };
      lines.push(`${JSON.stringify(historyRowOf(read, alertsOf.get(study.studyUid) ?? [], heads))}\n`);
    }
    after = rows.at(-1)?.study.studyUid;
    if (rows.length < PAGE || after === undefined) break;
  }
  return lines;
}

export function figuresExportRoutes(plain: FastifyInstance, deps: FiguresDeps): void {
  const app = typed(plain);
  const tags = ['alerts'];

  app.get(
    '/v1/alert-feedback.csv',
    {
      config: { scope: 'figures:read' },
      schema: {
        tags,
        operationId: 'getAlertFeedback',
        summary: 'Every answer to an alert as CSV, without patients',
        querystring: figuresQuery,
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } }, ...problemResponses },
      },
    },
    async ({ query: { days }, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const table = feedbackTable(await follow(store, sinceOf(deps.clock.now(), days)));
      return reply.type(CSV_TYPE).send(table);
    },
  );

  app.get(
    '/v1/alerts.csv',
    {
      config: { scope: 'alerts:read' },
      schema: {
        tags,
        operationId: 'getAlertTable',
        summary:
          'Alerts as CSV, one line each, with patient codes; what was kept silent stands among them with its reason',
        querystring: figuresQuery,
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } }, ...problemResponses },
      },
    },
    async ({ query: { days }, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const followed = await follow(store, sinceOf(deps.clock.now(), days));
      return reply.type(CSV_TYPE).send(alertTable(followed, deps.ruleTitle));
    },
  );

  app.get(
    '/v1/alert-history.ndjson',
    {
      config: { scope: 'admin:read' },
      schema: {
        tags,
        operationId: 'getAlertHistory',
        summary: 'What was read, one JSON line per study, to try a policy on: haidang alerts simulate --history',
        querystring: figuresQuery,
        response: {
          200: { description: 'NDJSON', content: { 'application/x-ndjson': { schema: z.string() } } },
          ...problemResponses,
        },
      },
    },
    async ({ query: { days }, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const since = sinceOf(deps.clock.now(), days);
      const lines = await historyLines(store, await follow(store, since), { since, heads: deps.heads() });
      return reply.type('application/x-ndjson').send(lines.join(''));
    },
  );
}
