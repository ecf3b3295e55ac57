// Starts the children of one version of one model and says whether it is ready, or why it is refused.
import { CareError } from '#kernel/errors.ts';
import { type Model, readModelFile } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import type { LoadResult } from '#inference/process/child.ts';
import type { ModelState } from './engine.ts';
import { type ChildDeath, type Slot, startSlot } from '#inference/process/slot.ts';
import type { LoadedModel, LoadRequest } from '#inference/process/wire.ts';

export interface ChildrenOptions {
  /** Absent: of each model the first that it ships. */
  readonly precision?: Precision;
  readonly processes: number;
  readonly threadsPerProcess: number;
  readonly providers: readonly string[];
  readonly niceness: number;
  readonly loadDeadlineMs: number;
  readonly workerFile: URL;
  readonly onDeath: (death: ChildDeath) => void;
}

export interface Children {
  readonly slots: readonly Slot[];
  readonly state: ModelState;
}

const refusal = (error: unknown): ModelState => {
  if (!(error instanceof CareError)) throw error;
  return { state: 'refused', reason: `${error.code}: ${error.reason}` };
};

function stateOf({ sha256, precision }: LoadRequest['models'][number], reports: readonly LoadResult[]): ModelState {
  const mine: LoadedModel[] = [];
  for (const report of reports) {
    if (report === 'died') return { state: 'refused', reason: 'the process died while it loaded the model' };
    mine.push(...report);
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

/**
 * Resolves when every child has spoken (or died twice). The weights are read once and travel to each child, so a file that is
 * overwritten later changes nothing that serves. A refused model leaves no child behind.
 */
export async function startChildren(
  model: Model,
  options: ChildrenOptions & { readonly onIdle: () => void },
): Promise<Children> {
  const { precision, providers, niceness, threadsPerProcess } = options;
  let entry: LoadRequest['models'][number];
  try {
    const file = model.file(precision);
    const parts = await readModelFile(file);
    const { manifest, golden } = model;
    entry = { manifest, golden, precision: file.precision, sha256: file.sha256, format: file.format, parts };
  } catch (error) {
    return { slots: [], state: refusal(error) };
  }
  const order: LoadRequest = { kind: 'load', models: [entry], providers, threads: threadsPerProcess, niceness };
  const slots = Array.from({ length: options.processes }, () => startSlot({ ...options, order }));
  const state = stateOf(entry, await Promise.all(slots.map((slot) => slot.first)));
  if (state.state === 'ready') return { slots, state };
  await Promise.all(slots.map((slot) => slot.close()));
  return { slots: [], state };
}
