// The door for a province's totals: counts of each of its facilities and their sums, without data of persons.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Clock, DAY_MS } from '#kernel/clock.ts';
import type { FacilityTotals } from '#kernel/facility-totals.ts';
import { problemResponses } from '#http/problem.ts';
import { queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';

export interface TotalsDeps {
  readonly clock: Clock;
  readonly facilities: () => Promise<readonly string[]>;
  readonly facility: (id: string) => Promise<{ readonly totals: (since: Date) => Promise<FacilityTotals> }>;
}

const count = z.number().int();

const totalsSchema = z.strictObject({
  studies: z.strictObject({ received: count, assessed: count, notAssessed: count, failed: count }),
  turnaround: z.strictObject({
    /** Studies of which there is a first reading. */
    n: count,
    medianMinutes: z.number().nullable(),
    p90Minutes: z.number().nullable(),
  }),
  alerts: z.strictObject({
    raised: count,
    answered: count,
    overridden: count,
    suppressed: count,
    bySeverity: z.record(z.string(), count),
  }),
});

const sumsSchema = z.strictObject({
  facilities: count,
  studies: totalsSchema.shape.studies,
  alerts: totalsSchema.shape.alerts,
});

const provinceSchema = z
  .strictObject({
    since: z.string(),
    facilities: z.array(totalsSchema.extend({ facility: z.string() })),
    /** Times have no sum: they stand with their facility. */
    sums: sumsSchema,
  })
  .meta({ id: 'ProvinceTotals' });

const query = z.strictObject({ days: queryNumber(1, 366).default(30) });

const viewOf = ({ studies, turnaround, alerts }: FacilityTotals): z.infer<typeof totalsSchema> => ({
  studies: { ...studies },
  turnaround: {
    n: turnaround.n,
    medianMinutes: turnaround.medianMinutes ?? null,
    p90Minutes: turnaround.p90Minutes ?? null,
  },
  alerts: { ...alerts, bySeverity: { ...alerts.bySeverity } },
});

const sumOf = (all: readonly FacilityTotals[], one: (totals: FacilityTotals) => number): number =>
  all.reduce((sum, totals) => sum + one(totals), 0);

function sumsOf(all: readonly FacilityTotals[]): z.infer<typeof sumsSchema> {
  const severities = [...new Set(all.flatMap(({ alerts }) => Object.keys(alerts.bySeverity)))].toSorted();
  return {
    facilities: all.length,
    studies: {
      received: sumOf(all, ({ studies }) => studies.received),
      assessed: sumOf(all, ({ studies }) => studies.assessed),
      notAssessed: sumOf(all, ({ studies }) => studies.notAssessed),
      failed: sumOf(all, ({ studies }) => studies.failed),
    },
    alerts: {
      raised: sumOf(all, ({ alerts }) => alerts.raised),
      answered: sumOf(all, ({ alerts }) => alerts.answered),
      overridden: sumOf(all, ({ alerts }) => alerts.overridden),
      suppressed: sumOf(all, ({ alerts }) => alerts.suppressed),
      bySeverity: Object.fromEntries(
        severities.map((severity) => [severity, sumOf(all, ({ alerts }) => alerts.bySeverity[severity] ?? 0)]),
      ),
    },
  };
}

export async function totalsRoutes(plain: FastifyInstance, { clock, facilities, facility }: TotalsDeps): Promise<void> {
  typed(plain).get(
    '/v1/facilities/totals',
    {
      config: { scope: 'facilities:read' },
      schema: {
        tags: ['alerts'],
        operationId: 'provinceTotals',
        summary: 'Studies, turnaround and alerts of every facility as counts, with their sums; nothing of a person',
        querystring: query,
        response: { 200: provinceSchema, ...problemResponses },
      },
    },
    async ({ query: { days } }) => {
      const since = new Date(clock.now().getTime() - days * DAY_MS);
      const found: (FacilityTotals & { readonly facility: string })[] = [];
      // One after the other: each question names one facility, and none waits for long.
      for (const id of await facilities()) found.push({ facility: id, ...(await (await facility(id)).totals(since)) });
      return {
        since: since.toISOString(),
        facilities: found.map((totals) => ({ facility: totals.facility, ...viewOf(totals) })),
        sums: sumsOf(found),
      };
    },
  );
}
