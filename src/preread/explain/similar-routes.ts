// The door for similar cases: other people's films that the model sees alike, how they were found, and how the confirmed ones vote.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { type SimilarCases, similarCases } from '#similarity/similar-cases.ts';
import type { Neighbour, SimilarityFilter, VectorIndex } from '#similarity/vector-index.ts';
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
    embedding(readingId: string): Promise<Float32Array | undefined>;
  };
  readonly embeddings: VectorIndex;
}

export interface SimilarDeps {
  facility(id: string): Promise<SimilarStore>;
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
    method: z.enum(['exact', 'hnsw']),
    recall: z
      .strictObject({ filter: z.string(), recall: z.number(), k: z.number().int(), measuredAt: z.string().nullable() })
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

async function similarView(found: SimilarCases, reading: ReadingRevision, store: SimilarStore): Promise<SimilarView> {
  const positive = reading.findings.filter(({ decision }) => decision !== 'negative');
  return {
    method: found.method,
    recall: found.recall === undefined ? null : { ...found.recall, measuredAt: found.recall.measuredAt ?? null },
    neighbours: await Promise.all(found.neighbours.map((each) => neighbourView(each, store))),
    nearDuplicates: await Promise.all(found.nearDuplicates.map((each) => neighbourView(each, store))),
    votes: positive.map((finding) => ({ finding: finding.code, ...voteOfNeighbours(found.neighbours, finding) })),
  };
}

export async function similarRoutes(plain: FastifyInstance, deps: SimilarDeps): Promise<void> {
  typed(plain).get(
    '/v1/readings/:id/similar',
    {
      config: { scope: 'readings:read' },
      schema: {
        tags: ['studies'],
        operationId: 'getSimilarCases',
        summary: 'The most similar films of other people, by the same model version',
        params: idParams,
        querystring: similarQuery,
        response: { 200: similarSchema, ...problemResponses },
      },
    },
    async ({ params, query, identity }) => {
      const store = await deps.facility(identity.facilityId);
      const reading = await store.readings.get(params.id);
      const vector = reading && (await store.readings.embedding(reading.id));
      if (reading === undefined || vector === undefined) throw prereadErrors.error('no-such-reading', { field: 'id' });
      const study = await store.intake.study(reading.studyUid);
      if (study === undefined) throw prereadErrors.error('no-such-study', { field: 'id' });
      const { modelId, modelVersion, modelSha256 } = reading.provenance;
      const found = await similarCases(store.embeddings, {
        space: { modelId, modelVersion, modelSha256 },
        vector,
        patientKey: study.patientKey,
        studyUid: reading.studyUid,
        count: query.k,
        filter: filterOf(query),
      });
      return similarView(found, reading, store);
    },
  );
}
