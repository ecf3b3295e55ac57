// The door for figures of alerts: per rule, and how fast they are answered; beside it the door for tables to take away.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ALERT_STATUSES } from '#kernel/alert.ts';
import { problemResponses, sentenceSchema } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { AGE_BOUNDS_MINUTES, LEAST_FOR_P90, RESPONSE_GROUPS, responseFigures } from './response.ts';
import { figuresExportRoutes } from './figures-export-routes.ts';
import { ruleOutcomes } from './figures.ts';
import { type FiguresDeps, figuresQuery, follow, sinceOf } from './followed-alerts.ts';

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

export async function alertFiguresRoutes(plain: FastifyInstance, deps: FiguresDeps): Promise<void> {
  const app = typed(plain);
  const tags = ['alerts'];
  const counts = { scope: 'figures:read' } as const;

  app.get(
    '/v1/alert-figures',
    {
      config: counts,
      schema: {
        tags,
        operationId: 'getAlertFigures',
        summary: 'Per rule and model version: told, suppressed, answered and how, with the share that was accepted',
        querystring: figuresQuery,
        response: { 200: z.array(outcomeSchema), ...problemResponses },
      },
    },
    async ({ query: { days }, identity }) => {
      const store = await deps.facility(identity.facilityId);
      return ruleOutcomes(await follow(store, sinceOf(deps.clock.now(), days))).map((row) => ({
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
        querystring: figuresQuery,
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
      const figures = responseFigures(await follow(store, sinceOf(deps.clock.now(), days)), now);
      return {
        asOf: now.toISOString(),
        leastForP90: LEAST_FOR_P90,
        ageBoundsMinutes: [...AGE_BOUNDS_MINUTES],
        figures: figures.map((row) => ({ ...row, unanswered: [...row.unanswered] })),
      };
    },
  );

  figuresExportRoutes(plain, deps);
}
