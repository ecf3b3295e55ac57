// The door for similar cases: other people's films that the model sees alike, how they were found, and how the confirmed ones vote.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type SimilarCases, similarCases } from '#similarity/similar-cases.ts';
import { isVersion, type Model } from '#models/model.ts';
import type { EmbeddingSpace, Neighbour, SimilarityFilter, VectorIndex } from '#similarity/vector-index.ts';
import { LABEL_SOURCES } from '#kernel/embedding.ts';
import { voteOfNeighbours } from '#similarity/vote.ts';
import { prereadErrors } from '#preread/errors.ts';
import { type SimilarQuery, idParams, similarQuery } from '#preread/schema.ts';
import type { ReadingRevision } from '#preread/views.ts';

export interface SimilarStore {
  readonly intake: {
    study(
      studyUid: string,
    ): Promise<
      { readonly patientKey: string; readonly instances: readonly { readonly sopInstanceUid: string }[] } | undefined
    >;
  };
  readonly readings: {
    get(id: string): Promise<ReadingRevision | undefined>;
  };
  readonly embeddings: VectorIndex & {
    /** The space that all similar cases are read from; undefined: that of each reading's own model. */
    readFrom(): Promise<EmbeddingSpace | undefined>;
    vectorOf(readingId: string, space: EmbeddingSpace): Promise<Float32Array | undefined>;
  };
}

export interface SimilarDeps {
  facility(id: string): Promise<SimilarStore>;
  models(): readonly Model[];
}

const neighbourSchema = z.strictObject({
  readingId: z.string(),
  studyUid: z.string(),
  /** The film to show; null where the study holds none any more. */
  sopInstanceUid: z.string().nullable(),
  /** Cosine, -1 to 1. */
  similarity: z.number(),
  ageYears: z.number().nullable(),
  sex: z.string().nullable(),
  view: z.string().nullable(),
  findings: z.array(z.string()),
  /** Who says that these findings are there. A model’s own label is no proof. */
  labelSource: z.enum(LABEL_SOURCES),
  /** Findings of which a clinician said in answer to an alert that they are there, or are not. */
  confirmed: z.strictObject({ present: z.array(z.string()), absent: z.array(z.string()) }),
});

const similarSchema = z
  .strictObject({
    /** Whose vectors were compared. */
    space: z.strictObject({ modelId: z.string(), modelVersion: z.string() }),
    method: z.enum(['exact', 'hnsw']),
    recall: z
      .strictObject({ filter: z.string(), recall: z.number(), k: z.number().int(), measuredAt: z.string().nullable() })
      .nullable(),
    /** Null where it was not measured for this model: then the least like are offered too. */
    cutOff: z
      .strictObject({
        /** Cosine. */
        minimum: z.number(),
        /** How many of the nearest lie below it, and so are not offered. */
        belowMinimum: z.number().int(),
        /** Share of pairs at or above it that have a finding in common or none of either, on films with labels. */
        alike: z.number(),
        /** The same share of all pairs. */
        chance: z.number(),
        dataset: z.string(),
      })
      .nullable(),
    neighbours: z.array(neighbourSchema),
    /** The same film under another patient’s name, most likely: one of the two names may be wrong. */
    nearDuplicates: z.array(neighbourSchema),
    votes: z.array(
      z.strictObject({
        finding: z.string(),
        kind: z.enum(['too-few', 'agrees', 'disagrees', 'undecided']),
        confirmed: z.number().int(),
        positive: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'SimilarCases' });

type SimilarView = z.infer<typeof similarSchema>;
type NeighbourView = z.infer<typeof neighbourSchema>;

const OLDEST = 130;

function filterOf({ sex, view, finding, ageFrom, ageTo }: SimilarQuery): SimilarityFilter {
  const ages = ageFrom === undefined && ageTo === undefined ? undefined : { from: ageFrom ?? 0, to: ageTo ?? OLDEST };
  return {
    ...(sex !== undefined && { sex }),
    ...(view !== undefined && { view }),
    ...(finding !== undefined && { finding }),
    ...(ages !== undefined && { ageYears: ages }),
  };
}

async function neighbourView(neighbour: Neighbour, store: SimilarStore): Promise<NeighbourView> {
  const [reading, study] = await Promise.all([
    store.readings.get(neighbour.readingId),
    store.intake.study(neighbour.studyUid),
  ]);
  return {
    readingId: neighbour.readingId,
    studyUid: neighbour.studyUid,
    sopInstanceUid: reading?.sopInstanceUids[0] ?? study?.instances[0]?.sopInstanceUid ?? null,
    similarity: neighbour.similarity,
    ageYears: neighbour.ageYears ?? null,
    sex: neighbour.sex ?? null,
    view: neighbour.view ?? null,
    findings: [...neighbour.findings],
    labelSource: neighbour.labelSource,
    confirmed: { present: [...(neighbour.confirmed?.present ?? [])], absent: [...(neighbour.confirmed?.absent ?? [])] },
  };
}

function cutOffView(measured: Model['similarity'], { belowMinimum }: SimilarCases): SimilarView['cutOff'] {
  if (measured === undefined) return null;
  const { minimum, alike, measuredOn } = measured;
  return { minimum, belowMinimum, alike: alike.value, chance: alike.chance, dataset: measuredOn.dataset };
}

type Answered = Pick<SimilarView, 'cutOff' | 'space'> & { readonly found: SimilarCases };

async function similarView(
  { found, ...about }: Answered,
  reading: ReadingRevision,
  store: SimilarStore,
): Promise<SimilarView> {
  const positive = reading.findings.filter(({ decision }) => decision !== 'negative');
  return {
    method: found.method,
    recall: found.recall === undefined ? null : { ...found.recall, measuredAt: found.recall.measuredAt ?? null },
    ...about,
    neighbours: await Promise.all(found.neighbours.map((each) => neighbourView(each, store))),
    nearDuplicates: await Promise.all(found.nearDuplicates.map((each) => neighbourView(each, store))),
    votes: positive.map((finding) => ({ finding: finding.code, ...voteOfNeighbours(found.neighbours, finding) })),
  };
}

interface Compared {
  readonly space: EmbeddingSpace;
  readonly vector: Float32Array;
}

/** A film that has no vector yet in the space that is read from is compared within that of its own model. */
async function comparedIn(
  { id, provenance }: ReadingRevision,
  { embeddings }: SimilarStore,
): Promise<Compared | undefined> {
  const { modelId, modelVersion, modelSha256 } = provenance;
  for (const space of [await embeddings.readFrom(), { modelId, modelVersion, modelSha256 }]) {
    if (space === undefined) continue;
    const vector = await embeddings.vectorOf(id, space);
    if (vector !== undefined) return { space, vector };
  }
  return undefined;
}

export async function similarRoutes(plain: FastifyInstance, deps: SimilarDeps): Promise<void> {
  typed(plain).get(
    '/v1/readings/:id/similar',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['studies'],
        operationId: 'getSimilarCases',
        summary: 'The most similar films of other people, by one model version',
        params: idParams,
        querystring: similarQuery,
        response: { 200: similarSchema, ...problemResponses },
      },
    },
    async ({ params, query, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const reading = await store.readings.get(params.id);
      const compared = reading && (await comparedIn(reading, store));
      if (reading === undefined || compared === undefined)
        throw prereadErrors.error('no-such-reading', { field: 'id' });
      const study = await store.intake.study(reading.studyUid);
      if (study === undefined) throw prereadErrors.error('no-such-study', { field: 'id' });
      const { modelId, modelVersion } = compared.space;
      const measured = deps.models().find(isVersion(compared.space))?.similarity;
      const found = await similarCases(store.embeddings, {
        ...compared,
        patientKey: study.patientKey,
        studyUid: reading.studyUid,
        count: query.k,
        filter: filterOf(query),
        ...(measured !== undefined && { minimum: measured.minimum }),
      });
      const about = { space: { modelId, modelVersion }, cutOff: cutOffView(measured, found) };
      return similarView({ found, ...about }, reading, store);
    },
  );
}
