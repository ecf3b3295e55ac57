// The door for priors: earlier films of the same person with their pre-reads, and what changed since each of them.
import { DAY_MS } from '#kernel/clock.ts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { VERDICTS } from '#calibration/change.ts';
import type { Reading } from '#kernel/finding.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import { problemResponses } from '#http/problem.ts';
import { decisionSchema, outcomeSchema, queryNumber, reasonSchema } from '#http/reading-json.ts';
import { typed } from '#http/server.ts';
import { isVersion, type Model } from '#models/model.ts';
import { prereadErrors } from '#preread/errors.ts';
import { reason } from '#preread/gate/reasons.ts';
import { imageOfStudy, studyParams } from '#preread/schema.ts';
import { imageView } from '#preread/views.ts';
import { type ComparedFinding, compareReadings } from './changes.ts';
import { FETCH_STATES, type FetchRecords, type FetchState, fetchState } from './fetch-state.ts';
import { earlierStudies, type EarlierStudy, type StudySearch, takenAt } from './earlier-studies.ts';

export interface PriorStore extends StudySearch, FetchRecords {
  readonly intake: { study(studyUid: string): Promise<StoredStudy | undefined> };
  readonly readings: { currentOfStudy(studyUid: string): Promise<Reading | undefined> };
}

export interface PriorDeps {
  facility(id: string): Promise<PriorStore>;
  models(): readonly Model[];
  /** Are archives asked? */
  readonly fetches: boolean;
}

const stated = z.strictObject({ probability: z.number().min(0).max(1), decision: decisionSchema });

const changeSchema = z
  .strictObject({
    finding: z.string(),
    now: stated,
    /** Null where the earlier reading does not report this finding. */
    before: stated.nullable(),
    verdict: z.enum(VERDICTS),
    /** Later minus earlier probability, at the same prevalence; null where it cannot be computed, then `reason` says why. */
    difference: z.number().nullable(),
    lower: z.number().nullable(),
    upper: z.number().nullable(),
    /** Of the interval, 0 to 1. */
    coverage: z.number().nullable(),
    reason: reasonSchema.nullable(),
  })
  .meta({ id: 'FindingChange' });

const priorSchema = z
  .strictObject({
    studyUid: z.string(),
    /** Local time of the examination, or of its arrival where the sender gave none. */
    takenAt: z.string(),
    /** Calendar days before the study. */
    daysBefore: z.number().int(),
    modality: z.string().nullable(),
    description: z.string().nullable(),
    /** Brought from an archive only to be compared with. */
    fetched: z.boolean(),
    images: z.array(imageOfStudy),
    /** The image to show beside the study's own: the one that was read, or the first. */
    sopInstanceUid: z.string(),
    readingId: z.string().nullable(),
    outcome: outcomeSchema.nullable(),
    /** One for each finding of the study's current reading. */
    changes: z.array(changeSchema),
    /** Why nothing can be said of any finding; null where something can. */
    obstacle: reasonSchema.nullable(),
  })
  .meta({ id: 'Prior' });

const priorsSchema = z
  .strictObject({
    studyUid: z.string(),
    /** Newest first. */
    priors: z.array(priorSchema),
    /** How many there are, beyond `limit` too. */
    total: z.number().int(),
    /** Studies with the same patient ID that speak against the same person. */
    withheld: z.array(z.strictObject({ studyUid: z.string(), reason: reasonSchema })),
    /** Whether archives were asked for more. */
    fetch: z.strictObject({ state: z.enum(FETCH_STATES), failed: z.array(z.string()) }),
    /** Why there can be none, such as a study without a patient ID. */
    reason: reasonSchema.nullable(),
  })
  .meta({ id: 'Priors' });

function changeView({ now, before, change, reason: why }: ComparedFinding): z.infer<typeof changeSchema> {
  const { code, probability, decision } = now;
  return {
    finding: code,
    now: { probability, decision },
    before: before === undefined ? null : { probability: before.probability, decision: before.decision },
    verdict: change?.verdict ?? 'cannot-tell',
    difference: change?.difference ?? null,
    lower: change?.lower ?? null,
    upper: change?.upper ?? null,
    coverage: change?.coverage ?? null,
    reason: why ?? null,
  };
}

const dayOf = (local: string): number => Date.parse(`${local.slice(0, 10)}T00:00:00Z`) / DAY_MS;

interface Now {
  readonly study: StoredStudy;
  readonly reading: Reading | undefined;
  readonly model: Model | undefined;
}

async function priorView(
  { study, instances }: EarlierStudy,
  now: Now,
  { readings }: PriorStore,
): Promise<z.infer<typeof priorSchema>[]> {
  const before = await readings.currentOfStudy(study.studyUid);
  const { findings, obstacle } = compareReadings({ before, now: now.reading }, now.model);
  const shown = before?.sopInstanceUids[0] ?? instances[0]?.sopInstanceUid;
  if (shown === undefined) return [];
  return [
    {
      studyUid: study.studyUid,
      takenAt: takenAt(study),
      daysBefore: dayOf(takenAt(now.study)) - dayOf(takenAt(study)),
      modality: study.modality ?? null,
      description: study.description ?? null,
      fetched: study.fetchedAt !== undefined,
      images: instances.map(imageView),
      sopInstanceUid: shown,
      readingId: before?.id ?? null,
      outcome: before?.outcome ?? null,
      changes: findings.map(changeView),
      obstacle: obstacle ?? null,
    },
  ];
}

export async function priorRoutes(plain: FastifyInstance, deps: PriorDeps): Promise<void> {
  typed(plain).get(
    '/v1/studies/:uid/priors',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['studies'],
        operationId: 'getPriors',
        summary: 'Earlier films of the same person, newest first, and what changed since each of them',
        params: studyParams,
        querystring: z.strictObject({ limit: queryNumber(1, 50).default(5) }),
        response: { 200: priorsSchema, ...problemResponses },
      },
    },
    async ({ params, query, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const study = await store.intake.study(params.uid);
      if (study === undefined) throw prereadErrors.error('no-such-study', { field: 'uid' });
      const reading = await store.readings.currentOfStudy(study.studyUid);
      const model = deps.models().find(isVersion(reading?.provenance ?? {}));
      const { earlier, withheld } = await earlierStudies(study, store);
      const off: FetchState = { state: 'off', failed: [] };
      const fetched = deps.fetches && study.fetchedAt === undefined ? await fetchState(params.uid, store) : off;
      const shown = earlier.slice(0, query.limit);
      const priors = await Promise.all(shown.map((each) => priorView(each, { study, reading, model }, store)));
      return {
        studyUid: study.studyUid,
        priors: priors.flat(),
        total: earlier.length,
        withheld: [...withheld],
        fetch: { state: fetched.state, failed: [...fetched.failed] },
        reason: study.patient.id === undefined ? reason('priors-without-patient') : null,
      };
    },
  );
}
