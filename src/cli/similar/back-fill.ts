// Fills the space of a model from stored films. Each vector is a commit of its own, so that a run that is broken off loses nothing and the next
// one goes on.
import { Presets, SingleBar } from 'cli-progress';
import { startEngine } from '#inference/engine/start-engine.ts';
import type { Engine } from '#inference/engine/engine.ts';
import { systemClock } from '#kernel/clock.ts';
import { CareError } from '#kernel/errors.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Model } from '#models/model.ts';
import { imagesOf } from '#preread/commit/study-reader.ts';
import { prepareImage, specFor } from '#preread/read/prepare.ts';
import { readStudy } from '#preread/read/read-study.ts';
import type { Config } from '#service/config.ts';
import type { EmbeddingSpace } from '#similarity/vector-index.ts';
import type { FacilityStore, Store } from '#store/store.ts';

const RUN_DEADLINE_MS = 60_000;
const PAGE = 100;
const IN_FLIGHT = 3;

export interface BackFilled {
  readonly vectors: number;
  /** By the gate of this model: they are not compared in its space. */
  readonly refused: number;
  /** Films that cannot be read now; the next run tries them again. */
  readonly failed: number;
}

export const spaceOf = ({ manifest, ...model }: Model, { precision }: Pick<Config, 'precision'>): EmbeddingSpace => ({
  modelId: manifest.id,
  modelVersion: manifest.version,
  modelSha256: model.file(precision).sha256,
});

type Vector = Awaited<ReturnType<typeof readStudy>>['embedding'];

interface Bench {
  readonly model: Model;
  readonly engine: Engine;
  readonly blobs: Store['blobs'];
}

async function vectorOf(studyUid: string, { facilityId, intake }: FacilityStore, bench: Bench): Promise<Vector> {
  const { model, engine, blobs } = bench;
  const study = await intake.study(studyUid);
  if (study === undefined || study.instances.length === 0) return undefined;
  const { embedding } = await readStudy(imagesOf(study, blobs), {
    model,
    engine,
    clock: systemClock,
    facilityId,
    policyVersion: 'none',
    deadlineMs: RUN_DEADLINE_MS,
    open: async (image) => prepareImage(await image.load(), specFor(model.manifest)),
  });
  return embedding;
}

/** Of all facilities. Throws CareError of the inference room where the model does not run here. */
export async function backFillSpace(store: Store, model: Model, config: Config): Promise<BackFilled> {
  const { precision, providers } = config;
  const space = spaceOf(model, config);
  await using engine = await startEngine({
    models: [model],
    providers,
    ...(precision !== undefined && { precision }),
  });
  const bench: Bench = { model, engine, blobs: store.blobs };
  const counts = { vectors: 0, refused: 0, failed: 0 };
  const facilities = await Promise.all((await store.facilities()).map((id) => store.facility(id)));
  const totals = await Promise.all(facilities.map(({ embeddings }) => embeddings.unfilledCount(space)));
  const progress = new SingleBar(
    { format: 'vectors {bar} {value}/{total} films, {eta_formatted} left', stream: process.stderr },
    Presets.shades_classic,
  );
  progress.start(
    totals.reduce((sum, n) => sum + n, 0),
    0,
  );

  async function fill(facility: FacilityStore, one: { readonly readingId: Uuid; readonly studyUid: string }) {
    try {
      const embedding = await vectorOf(one.studyUid, facility, bench);
      if (embedding === undefined) counts.refused += 1;
      else if (await facility.embeddings.fill(space, { readingId: one.readingId, ...embedding })) counts.vectors += 1;
    } catch (thrown) {
      if (!(thrown instanceof CareError)) throw thrown;
      counts.failed += 1;
      process.stderr.write(`\n${one.readingId}: ${thrown.code}\n`);
    }
    progress.increment();
  }

  try {
    for (const facility of facilities) {
      let after: Uuid | undefined;
      for (;;) {
        const page = await facility.embeddings.unfilled(space, { ...(after !== undefined && { after }), limit: PAGE });
        if (page.length === 0) break;
        after = page.at(-1)?.readingId;
        const queue = page.values();
        const worker = async () => {
          for (const one of queue) await fill(facility, one);
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
      }
    }
  } finally {
    progress.stop();
  }
  return counts;
}
