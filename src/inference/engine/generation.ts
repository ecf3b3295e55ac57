// Starts the children with the models and says of each model whether it is ready, or why it is refused.
import { CareError } from '#kernel/errors.ts';
import { type Model, type ModelFile, readModelFile } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import type { LoadResult } from '#inference/process/child.ts';
import type { ModelState } from './engine.ts';
import { type ChildDeath, type Slot, startSlot } from '#inference/process/slot.ts';
import type { LoadedModel, LoadOrder } from '#inference/process/wire.ts';

export interface GenerationOptions {
  /** Absent: of each model the first that it ships. */
  readonly precision?: Precision;
  readonly processes: number;
  readonly threadsPerProcess: number;
  readonly providers: readonly string[];
  readonly niceness: number;
  readonly loadDeadlineMs: number;
  readonly workerFile: URL;
  readonly onIdle: () => void;
  readonly onDeath: (death: ChildDeath) => void;
}

export interface GenerationModel {
  readonly model: Model;
  readonly state: ModelState;
}

/** The models and the children that have loaded them. */
export interface Generation {
  readonly slots: readonly Slot[];
  readonly models: ReadonlyMap<string, GenerationModel>;
}

type LoadEntry = LoadOrder['models'][number];

const refusal = (error: unknown): ModelState => {
  if (!(error instanceof CareError)) throw error;
  return { state: 'refused', reason: `${error.code}: ${error.reason}` };
};

/** The weights are read once and travel to each child, so a file that is overwritten later changes nothing that serves. */
async function entryOf(model: Model, precision?: Precision): Promise<LoadEntry> {
  const file = model.file(precision);
  const parts = await readModelFile(file);
  const { manifest, golden } = model;
  return { manifest, golden, precision: file.precision, sha256: file.sha256, format: file.format, parts };
}

function stateOf(model: Model, { precision, sha256 }: ModelFile, reports: readonly LoadResult[]): ModelState {
  const mine: LoadedModel[] = [];
  for (const report of reports) {
    if (report === 'died') return { state: 'refused', reason: 'the process died while it loaded the models' };
    mine.push(...report.filter((each) => each.modelId === model.manifest.id));
  }
  for (const each of mine)
    if (each.outcome === 'refused') return { state: 'refused', reason: `${each.code}: ${each.reason}` };
  const [ready] = mine;
  if (ready?.outcome !== 'ready') return { state: 'refused', reason: 'no process loaded it' };
  return {
    state: 'ready',
    provider: ready.provider,
    precision,
    sha256,
    passedOver: ready.passedOver,
    goldenDifference: ready.golden.largestDifference,
  };
}

/** Resolves when every child has spoken (or died twice); a bad model is refused and does not stop the others. */
export async function startGeneration(models: readonly Model[], options: GenerationOptions): Promise<Generation> {
  const { precision, providers, niceness } = options;
  const entries: LoadEntry[] = [];
  const states = new Map<string, GenerationModel>();
  for (const model of models) {
    try {
      entries.push(await entryOf(model, precision));
    } catch (error) {
      states.set(model.manifest.id, { model, state: refusal(error) });
    }
  }
  if (entries.length === 0) return { slots: [], models: states };
  const order: LoadOrder = { kind: 'load', models: entries, providers, threads: options.threadsPerProcess, niceness };
  const slots = Array.from({ length: options.processes }, () => startSlot({ ...options, order }));
  const reports = await Promise.all(slots.map((slot) => slot.first));
  for (const { manifest } of entries) {
    const model = models.find((each) => each.manifest.id === manifest.id);
    if (model !== undefined) states.set(manifest.id, { model, state: stateOf(model, model.file(precision), reports) });
  }
  return { slots, models: states };
}
