// The doors to the service's own figures: how long studies take, and whether a device's films have changed.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Clock, DAY_MS } from '#kernel/clock.ts';
import type { DeviceReadings, StudyTimes } from '#kernel/service-times.ts';
import { problemResponses } from '#http/problem.ts';
import { prioritySchema, queryNumber } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { deviceDrift, LEAST_FILMS } from '#research/analysis/device-drift.ts';
import { LEGS, turnaround } from '#research/analysis/turnaround.ts';

interface FiguresStore {
  readonly serviceTimes: {
    studies(since: Date, limit: number): Promise<readonly StudyTimes[]>;
    devices(bounds: { readonly earlier: Date; readonly recent: Date }): Promise<readonly DeviceReadings[]>;
  };
}

export interface ServiceFiguresDeps {
  readonly clock: Clock;
  facility(id: string): Promise<FiguresStore>;
}

const MOST_STUDIES = 20_000;
/** The earlier window is as many times as long: its figure should not be the one that trembles. */
const EARLIER_TIMES = 4;

const minutes = z.number().nullable();
const turnaroundAnswer = z.strictObject({
  asOf: z.string(),
  /** Studies that were counted, the newest; `most` is where it stops. */
  studies: z.number().int(),
  most: z.number().int(),
  rows: z.array(
    z.strictObject({
      priority: prioritySchema,
      studies: z.number().int(),
      legs: z.array(
        z.strictObject({
          leg: z.enum(LEGS),
          begun: z.number().int(),
          ended: z.number().int(),
          /** Null where so many have not ended it yet. */
          medianMinutes: minutes,
          p90Minutes: minutes,
          p95Minutes: minutes,
        }),
      ),
    }),
  ),
});

const estimate = z.strictObject({
  value: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  n: z.number().int(),
});
const change = z.strictObject({ recent: estimate, earlier: estimate, difference: estimate });
const driftAnswer = z.strictObject({
  recentFrom: z.string(),
  earlierFrom: z.string(),
  asOf: z.string(),
  leastFilms: z.number().int(),
  devices: z.array(
    z.strictObject({
      /** Empty where the files name none. */
      device: z.string(),
      recentFilms: z.number().int(),
      earlierFilms: z.number().int(),
      tooFew: z.boolean(),
      /** Share of assessed films that the model places as urgent or critical. */
      positive: change,
      /** Share of films that the model’s gate refuses. */
      refused: change,
      /** In standard deviations of the log-odds of the highest finding. */
      score: estimate,
    }),
  ),
});

export async function serviceFiguresRoutes(plain: FastifyInstance, deps: ServiceFiguresDeps): Promise<void> {
  const app = typed(plain);
  const config = { scope: 'figures:read' } as const;
  const tags = ['figures'];
  const ago = (days: number): Date => new Date(deps.clock.now().getTime() - days * DAY_MS);

  app.get(
    '/v1/turnaround',
    {
      config,
      schema: {
        tags,
        operationId: 'getTurnaround',
        summary:
          'How long studies take from arrival to reading, opening and closing, by urgency; those under way count too',
        querystring: z.strictObject({ days: queryNumber(1, 366).default(30) }),
        response: { 200: turnaroundAnswer, ...problemResponses },
      },
    },
    async ({ query: { days }, identity }) => {
      const { serviceTimes } = await deps.facility(identity.facilityId);
      const now = deps.clock.now();
      const studies = await serviceTimes.studies(ago(days), MOST_STUDIES);
      return {
        asOf: now.toISOString(),
        studies: studies.length,
        most: MOST_STUDIES,
        rows: turnaround(studies, now).map((row) => ({ ...row, legs: [...row.legs] })),
      };
    },
  );

  app.get(
    '/v1/drift',
    {
      config,
      schema: {
        tags,
        operationId: 'getDrift',
        summary:
          'Each device’s newest films against its own earlier ones: positive share, refused share, shift of the score',
        querystring: z.strictObject({ days: queryNumber(1, 90).default(7) }),
        response: { 200: driftAnswer, ...problemResponses },
      },
    },
    async ({ query: { days }, identity }) => {
      const { serviceTimes } = await deps.facility(identity.facilityId);
      const bounds = { recent: ago(days), earlier: ago(days * (1 + EARLIER_TIMES)) };
      const devices = await serviceTimes.devices(bounds);
      return {
        recentFrom: bounds.recent.toISOString(),
        earlierFrom: bounds.earlier.toISOString(),
        asOf: deps.clock.now().toISOString(),
        leastFilms: LEAST_FILMS,
        devices: [...deviceDrift(devices)],
      };
    },
  );
}
