// Labelled embeddings: of a data set, whose films are run once, or of the films that a service has read and people have answered.
import { Presets, SingleBar } from 'cli-progress';
import { type DatasetChoice, openDataset } from '#cli/evaluate/evaluate-model.ts';
import { scoreFilm } from '#cli/evaluate/score-film.ts';
import { openStoreOf } from '#cli/open-store.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import type { Model } from '#models/model.ts';
import { questionsOf } from '#research/dataset/question.ts';
import type { Config } from '#service/config.ts';

export interface LabelledCase {
  readonly patient: string;
  /** Of the data set, or the facility. */
  readonly source: string;
  readonly embedding: Float32Array;
  readonly labels: ReadonlyMap<string, boolean>;
}

export interface Gathered {
  /** Names them in the calibration. */
  readonly from: { readonly dataset: string; readonly split: string };
  readonly cases: readonly LabelledCase[];
  readonly refused: number;
}

const IN_FLIGHT = 4;

/** The first question that asks for a finding of a film counts. */
export async function casesOfDataset(
  choice: DatasetChoice,
  model: Model,
  providers: readonly string[],
): Promise<Gathered> {
  const dataset = await openDataset(choice);
  const { questions } = questionsOf(dataset.data);
  await using engine = await startEngine({ models: [model], processes: 2, providers });
  const progress = new SingleBar(
    { format: 'embeddings {bar} {value}/{total} films, {eta_formatted} left', stream: process.stderr },
    Presets.shades_classic,
  );
  progress.start(dataset.films.length, 0);
  const cases: { readonly at: number; readonly labelled: LabelledCase }[] = [];
  let refused = 0;
  const queue = dataset.films.entries();
  async function worker(): Promise<void> {
    for (const [at, film] of queue) {
      const { ran } = await scoreFilm(film, { model, engine, dataset });
      progress.increment();
      const embedding = ran?.outputs[model.manifest.outputs.embedding]?.data;
      if (embedding === undefined) {
        refused += 1;
        continue;
      }
      const labels = new Map<string, boolean>();
      for (const { finding, truth } of questions) {
        const present = truth(film);
        if (present !== undefined && !labels.has(finding)) labels.set(finding, present);
      }
      cases.push({ at, labelled: { patient: film.patientId, source: film.source, embedding, labels } });
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  progress.stop();
  return {
    from: { dataset: dataset.data.id, split: choice.split ?? 'all' },
    // The order of arrival must not change a sum.
    cases: cases.toSorted((a, b) => a.at - b.at).map(({ labelled }) => labelled),
    refused,
  };
}

/** Of all facilities. Throws CareError `store.*`: a running service that owns the embedded database has to be stopped first. */
export async function casesOfStore(config: Config, model: Model): Promise<Gathered> {
  const store = await openStoreOf(config);
  const { id, version } = model.manifest;
  const cases: LabelledCase[] = [];
  try {
    for (const facilityId of await store.facilities()) {
      const { embeddings } = await store.facility(facilityId);
      const space = { modelId: id, modelVersion: version, modelSha256: model.file(config.precision).sha256 };
      for (const { patient, vector, present, absent } of await embeddings.labelled(space))
        cases.push({
          patient: `${facilityId} ${patient}`,
          source: facilityId,
          embedding: vector,
          labels: new Map([
            ...absent.map((code): [string, boolean] => [code, false]),
            ...present.map((code): [string, boolean] => [code, true]),
          ]),
        });
    }
  } finally {
    await store.close();
  }
  return { from: { dataset: 'confirmed', split: 'all' }, cases, refused: 0 };
}
