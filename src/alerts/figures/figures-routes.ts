// The doors for whoever tends the alerts: figures per rule, every answer as CSV, and a history to try a policy on.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type AlertFilter, ALERT_STATUSES, type Alert } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import type { AlertHead } from '#alerts/decide/decide.ts';
import { AGE_BOUNDS_MINUTES, LEAST_FOR_P90, RESPONSE_GROUPS, responseFigures } from './response.ts';
import { feedbackTable } from './feedback-table.ts';
import { ruleOutcomes, type FollowedAlert } from './figures.ts';
import { historyRowOf } from '#alerts/decide/history-of.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';

/** What these doors need of the store. */
export interface FiguresStore {
  readonly alerts: {
    list(filter: Required<Pick<AlertFilter, 'since' | 'include' | 'limit'>>): Promise<readonly Alert[]>;
    eventsOf(alertIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, readonly AlertEvent[]>>;
  };
  readonly worklist: {
    list(
      filter: { readonly state: 'all'; readonly receivedFrom: string },
      page: { readonly limit: number; readonly after?: string },
    ): Promise<
      readonly {
        readonly study: {
          readonly studyUid: string;
          readonly patient: { readonly id?: string };
          readonly patientKey: string;
          readonly receivedAt: string;
        };
        readonly reading?: Reading;
      }[]
    >;
  };
}

export interface FiguresDeps {
  readonly clock: Clock;
  readonly heads: readonly AlertHead[];
  /** A rule (`cxr-findings/Effusion`, `risk/news2`) as a person reads it. */
  readonly ruleTitle: (rule: string) => Sentence;
  facility(id: string): Promise<FiguresStore>;
}

const MAX_ALERTS = 20_000;
const PAGE = 200;
const DAY_MS = 24 * 3_600_000;

const query = z.strictObject({ days: queryNumber(1, 366).default(30) });

const shareSchema = z.strictObject({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  n: z.number().int(),
});

const outcomeSchema = z
  .strictObject({
    rule: z.string(),
    title: sentenceSchema,
    modelVersion: z.string(),
    told: z.number().int(),
    suppressed: z.number().int(),
    byStatus: z.partialRecord(z.enum(ALERT_STATUSES), z.number().int()),
    overrideReasons: z.record(z.string(), z.number().int()),
    accepted: shareSchema,
    medianMinutesToAnswer: z.number().nullable(),
  })
  .meta({ id: 'RuleOutcome' });

const minutes = z.number().nullable();
const responseSchema = z
  .strictObject({
    group: z.enum(RESPONSE_GROUPS),
    /** Empty for all. */
    name: z.string(),
    told: z.number().int(),
    answered: z.number().int(),
    /** Run out or replaced by a newer alert, without an answer. */
    ended: z.number().int(),
    /** Null where half are not answered yet. */
    medianMinutes: minutes,
    /** Null also where fewer than `leastForP90` alerts were told. */
    p90Minutes: minutes,
    unanswered: z.array(
      z.strictObject({ fromMinutes: z.number().int(), toMinutes: z.number().int().nullable(), n: z.number().int() }),
    ),
  })
  .meta({ id: 'ResponseFigures' });

/** Alerts with what was done about each; nothing was done yet about one that is new. */
async function follow(store: FiguresStore, since: string): Promise<FollowedAlert[]> {
  const alerts = await store.alerts.list({ since, include: ['suppressed', 'superseded'], limit: MAX_ALERTS });
  const events = await store.alerts.eventsOf(alerts.flatMap(({ id, status }) => (status === 'new' ? [] : [id])));
  return alerts.map((alert) => ({ alert, events: events.get(alert.id) ?? [] }));
}

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

export async function alertFiguresRoutes(plain: FastifyInstance, deps: FiguresDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['alerts'];
  const counts = { scope: 'figures:read' } as const;
  const config = { scope: 'admin:read' } as const;
  const sinceOf = (days: number): string => new Date(deps.clock.now().getTime() - days * DAY_MS).toISOString();

  app.get(
    '/v1/alert-figures',
    {
      config: counts,
      schema: {
        tags,
        operationId: 'getAlertFigures',
        summary: 'Per rule and model version: told, suppressed, answered and how, with the share that was accepted',
        querystring: query,
        response: { 200: z.array(outcomeSchema), ...problemResponses },
      },
    },
    async ({ query: { days }, identity }) => {
      const store = await deps.facility(identity.facilityId);
      return ruleOutcomes(await follow(store, sinceOf(days))).map((row) => ({
        ...row,
        title: deps.ruleTitle(row.rule),
        byStatus: { ...row.byStatus },
      }));
    },
  );

  app.get(
    '/v1/alert-response',
    {
      config: counts,
      schema: {
        tags,
        operationId: 'getAlertResponse',
        summary: 'How fast alerts are answered, per severity, receiver and ward; unanswered ones by age',
        querystring: query,
        response: {
          200: z.strictObject({
            asOf: z.string(),
            leastForP90: z.number().int(),
            ageBoundsMinutes: z.array(z.number().int()),
            figures: z.array(responseSchema),
          }),
          ...problemResponses,
        },
      },
    },
    async ({ query: { days }, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const now = deps.clock.now();
      const figures = responseFigures(await follow(store, sinceOf(days)), now);
      return {
        asOf: now.toISOString(),
        leastForP90: LEAST_FOR_P90,
        ageBoundsMinutes: [...AGE_BOUNDS_MINUTES],
        figures: figures.map((row) => ({ ...row, unanswered: [...row.unanswered] })),
      };
    },
  );

  app.get(
    '/v1/alert-feedback.csv',
    {
      config: counts,
      schema: {
        tags,
        operationId: 'getAlertFeedback',
        summary: 'Every answer to an alert as CSV, without patients',
        querystring: query,
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } }, ...problemResponses },
      },
    },
    async ({ query: { days }, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const table = feedbackTable(await follow(store, sinceOf(days)));
      return reply.type('text/csv; charset=utf-8').send(table);
    },
  );

  app.get(
    '/v1/alert-history.ndjson',
    {
      config,
      schema: {
        tags,
        operationId: 'getAlertHistory',
        summary: 'What was read, one JSON line per study, to try a policy on: haidang alerts simulate --history',
        querystring: query,
        response: {
          200: { description: 'NDJSON', content: { 'application/x-ndjson': { schema: z.string() } } },
          ...problemResponses,
        },
      },
    },
    async ({ query: { days }, identity }, reply) => {
      const store = await deps.facility(identity.facilityId);
      const since = sinceOf(days);
      const lines = await historyLines(store, await follow(store, since), { since, heads: deps.heads });
      return reply.type('application/x-ndjson').send(lines.join(''));
    },
  );
}
