// The door to the effect of re-ordering: a simulated reading room, and the real one by its own time stamps.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { prioritySchema } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import type { WaitedStudy } from '#kernel/waited-study.ts';
import { measuredEffect } from '#research/simulation/measured-effect.ts';
import { triageEffect } from '#research/simulation/triage-effect.ts';

export interface TriageDeps {
  facility(id: string): Promise<{ readonly waitedStudies: (limit: number) => Promise<readonly WaitedStudy[]> }>;
}

const share = z.coerce.number().min(0).max(1);
const roomQuery = z.strictObject({
  arrivalsPerHour: z.coerce.number().min(0.1).max(500),
  prevalence: share,
  sensitivity: share,
  specificity: share,
  readers: z.coerce.number().int().min(1).max(50),
  minutesPerFilm: z.coerce.number().min(0.1).max(240),
  ageingMinutes: z.coerce.number().min(0).max(100_000).optional(),
  seed: z.coerce.number().int().min(0).max(1_000_000).default(1),
});

const interval = z.strictObject({ value: z.number(), lower: z.number(), upper: z.number() });
const effectAnswer = z.strictObject({
  utilisation: z.number(),
  runs: z.number().int(),
  films: z.number().int(),
  /** Mean and ninth decile of waiting minutes, with 95 % intervals over the runs. */
  groups: z.array(
    z.strictObject({
      group: z.enum(['grave', 'others', 'all']),
      arrival: interval,
      urgency: interval,
      difference: interval,
      arrivalP90: interval,
      urgencyP90: interval,
    }),
  ),
  /** By queueing theory, in the long run; null with ageing. */
  expected: z
    .strictObject({
      arrival: z.number(),
      flagged: z.number(),
      unflagged: z.number(),
      grave: z.number(),
      others: z.number(),
    })
    .nullable(),
});
const measuredAnswer = z.strictObject({
  /** Opened studies that were counted, the newest. */
  studies: z.number().int(),
  groups: z.array(
    z.strictObject({
      priority: prioritySchema,
      studies: z.number().int(),
      waited: interval,
      byArrival: interval,
      difference: interval,
    }),
  ),
});

/** `haidang worklist simulate` runs more; this one must not hold up other answers. */
const RUNS = 40;
const FILMS_PER_RUN = 1_200;
const MOST_STUDIES = 5_000;

export async function triageRoutes(plain: FastifyInstance, deps: TriageDeps): Promise<void> {
  const app = typed(plain);
  app.get(
    '/v1/triage/simulation',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'simulateTriage',
        summary: 'A simulated reading room, read in order of arrival and by urgency: how long films wait',
        querystring: roomQuery,
        response: { 200: effectAnswer, ...problemResponses },
      },
    },
    ({ query }) => {
      const { seed, ageingMinutes, ...room } = query;
      const { groups, ...effect } = triageEffect(
        { ...room, ...(ageingMinutes !== undefined && { ageingMinutes }) },
        { runs: RUNS, hours: FILMS_PER_RUN / room.arrivalsPerHour, seed },
      );
      return { ...effect, groups: [...groups], runs: RUNS };
    },
  );

  app.get(
    '/v1/triage/measured',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['worklist'],
        operationId: 'measureTriage',
        summary: 'How long real studies waited, and would have waited in order of arrival with the same readers',
        response: { 200: measuredAnswer, ...problemResponses },
      },
    },
    async ({ identity }) => {
      const { waitedStudies } = await deps.facility(identity.facilityId);
      const studies = await waitedStudies(MOST_STUDIES);
      return { studies: studies.length, groups: [...measuredEffect(studies)] };
    },
  );
}
