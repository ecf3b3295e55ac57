// The engine: runs trusted models in child processes, so that no model can block or crash the process that answers.
import type { Tensor } from '#kernel/frame.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { defaultWorkerFile } from '#inference/process/child.ts';
import type { BatchRules } from '#inference/batching/batcher.ts';
import { localRunner } from '#inference/batching/local-runner.ts';
import { openRemoteRunner, type RemoteRunner, type RemoteServer } from '#inference/batching/remote-runner.ts';
import type { Engine, ModelOutputs, ModelState, RemoteState, RunOptions } from './engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { type GenerationModel, startGeneration } from './generation.ts';
import { createPool, type PoolStats } from '#inference/queue/pool.ts';
import type { ChildDeath } from '#inference/process/slot.ts';

export interface EngineOptions {
  readonly models: readonly Model[];
  /** Of the files that are run; a model that has none of it is refused. */
  readonly precision?: Precision;
  /** Children, each with all models; one runs one tensor at a time. */
  readonly processes?: number;
  readonly threadsPerProcess?: number;
  /** Runs that may wait; more are told `inference.queue-full`. */
  readonly queueLimit?: number;
  /** Execution providers in order of preference; each is tried by itself, and the one taken is in every result. */
  readonly providers?: readonly string[];
  /** 0 to 19: how far the children stand back for the process that answers. */
  readonly niceness?: number;
  readonly loadDeadlineMs?: number;
  /** The bundled worker, where it does not lie beside this file. */
  readonly workerFile?: URL;
  /** Joins runs on this machine; absent where one film costs as much alone (a processor: benchmarks/inference). */
  readonly batching?: BatchRules;
  readonly remote?: RemoteServer;
  /** A child died: to be logged. Its work is retried and another one started without the caller's help. */
  readonly onDeath?: (death: ChildDeath) => void;
}

export interface RunningEngine extends Engine {
  /** By model; empty where no other server is configured. */
  remotes(): ReadonlyMap<string, RemoteState>;
  stats(): PoolStats;
  /** Of the living children. */
  processIds(): readonly number[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Resolves when each has been checked once: a server that is there at the start is asked from the first film on. */
async function openRemotes({ models, remote, precision }: EngineOptions): Promise<ReadonlyMap<string, RemoteRunner>> {
  if (remote === undefined) return new Map();
  const runners = models.map((model) =>
    openRemoteRunner(model, { ...remote, ...(precision !== undefined && { precision }) }),
  );
  await Promise.all(runners.map((runner) => runner.checked));
  return new Map(runners.map((runner) => [runner.modelId, runner]));
}

/**
 * Resolves when every child has loaded its models and reproduced their golden outputs. A model that fails is `refused` in
 * `states()` with the reason; that does not throw, so the rest can serve.
 */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const { queueLimit = 64, onDeath = () => undefined } = options;
  const pool = createPool(queueLimit);
  const generationOptions = {
    ...(options.precision !== undefined && { precision: options.precision }),
    processes: options.processes ?? 1,
    threadsPerProcess: options.threadsPerProcess ?? 1,
    providers: options.providers ?? ['cpu'],
    niceness: options.niceness ?? 5,
    loadDeadlineMs: options.loadDeadlineMs ?? 60_000,
    workerFile: options.workerFile ?? defaultWorkerFile(),
    onIdle: pool.pump,
    onDeath,
  };
  const generation = await startGeneration(options.models, generationOptions);
  await pool.replaceSlots(generation.slots);
  const remotes = await openRemotes(options);
  const local = localRunner(pool, options.batching);
  let closing: Promise<void> | undefined;

  function currentState({ state }: GenerationModel): ModelState {
    // Ready by its checks, but every child is being started again.
    return state.state === 'ready' && !generation.slots.some((slot) => slot.serving()) ? { state: 'starting' } : state;
  }

  function checkServable(modelId: string): void {
    if (closing !== undefined) throw inferenceErrors.error('closed');
    const known = generation.models.get(modelId);
    if (known === undefined) throw inferenceErrors.error('unknown-model', { field: modelId });
    if (known.state.state === 'refused')
      throw inferenceErrors.error('model-refused', { field: modelId, reason: known.state.reason });
  }

  async function run(modelId: string, input: Tensor, runOptions: RunOptions): Promise<ModelOutputs> {
    checkServable(modelId);
    const started = performance.now();
    const far = await remotes.get(modelId)?.tryRun(input, runOptions);
    if (far !== undefined) return far;
    return local(modelId, input, { ...runOptions, deadlineMs: runOptions.deadlineMs - (performance.now() - started) });
  }

  async function close(): Promise<void> {
    await Promise.all([...remotes.values()].map((remote) => remote.close()));
    await pool.drained();
    await pool.replaceSlots([]);
  }
  const closeOnce = (): Promise<void> => (closing ??= close());

  return {
    run,
    states: () => new Map([...generation.models].map(([id, model]) => [id, currentState(model)])),
    remotes: () => new Map([...remotes].map(([id, remote]) => [id, remote.state()])),
    stats: pool.stats,
    processIds: () => generation.slots.flatMap((slot) => slot.pid() ?? []),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
