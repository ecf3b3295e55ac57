// The engine: runs trusted models in child processes, so that no model can block or crash the process that answers. It keeps several
// versions of a model beside each other and puts another one in place without dropping a run.
import type { Tensor } from '#kernel/frame.ts';
import type { Model } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { defaultWorkerFile } from '#inference/process/child.ts';
import type { BatchRules } from '#inference/batching/batcher.ts';
import type { RemoteServer } from '#inference/batching/remote-runner.ts';
import type { Engine, Lease, ModelOutputs, ModelState, RemoteState, RunOptions, VersionState } from './engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { createFleet } from './fleet.ts';
import { createMemory, type Memory } from './memory.ts';
import { createPool, type PoolStats } from '#inference/queue/pool.ts';
import type { ChildDeath } from '#inference/process/slot.ts';
import { openVersion, type Version, type VersionOptions } from './version.ts';

export interface EngineOptions {
  /** Of each model the first version answers who names none. They are loaded at the start and stay. */
  readonly models: readonly Model[];
  /** Loaded when they are first asked for, and put out again when the budget wants their room. */
  readonly onDemand?: readonly Model[];
  /** Of the files that are run; a model that has none of it is refused. */
  readonly precision?: Precision;
  /** Runs at a time, and children of each model; one runs one tensor at a time. */
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
  /** Resident memory of all children together; absent: no bound. */
  readonly memoryBytes?: number;
  /** A child died: to be logged. Its work is retried and another one started without the caller's help. */
  readonly onDeath?: (death: ChildDeath) => void;
  readonly onEvicted?: (model: { readonly id: string; readonly version: string }) => void;
}

export interface RunningEngine extends Engine {
  /** By model; empty where no other server is configured. */
  remotes(): ReadonlyMap<string, RemoteState>;
  stats(): PoolStats;
  /** Every version of every model, the one that answers who names none first. */
  versions(): readonly VersionState[];
  /** Resident memory of all children, and its bound. */
  memory(): { readonly usedBytes: number; readonly budgetBytes: number | undefined };
  /**
   * Loads a version in new children, beside the others or in the place of the one of the same number; what uses the old one is finished
   * there. Anything but `ready` changes nothing. `kept`: never put out of memory. Throws CareError `inference.memory`.
   */
  put(model: Model, kept: boolean): Promise<ModelState>;
  /** Takes a version out when no request uses it any longer. */
  drop(modelId: string, version: string): void;
  /** Adds a version that is loaded when it is first asked for; in the place of the one of the same number. */
  offer(model: Model): void;
  /** From now on it may be put out of memory for others. Throws `inference.unknown-model`. */
  spare(modelId: string, version: string): void;
  /** From now on it answers who names no version. Throws `inference.unknown-model`. */
  prefer(modelId: string, version: string): void;
  /** That very version answers and stays until it is released. Absent: the first. Throws `inference.unknown-model`. */
  lease(modelId: string, version?: string): Lease;
  /** Of the living children. */
  processIds(): readonly number[];
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const versionOptionsOf = (options: EngineOptions): VersionOptions => ({
  ...(options.precision !== undefined && { precision: options.precision }),
  ...(options.batching !== undefined && { batching: options.batching }),
  ...(options.remote !== undefined && { remote: options.remote }),
  processes: options.processes ?? 1,
  threadsPerProcess: options.threadsPerProcess ?? 1,
  providers: options.providers ?? ['cpu'],
  niceness: options.niceness ?? 5,
  loadDeadlineMs: options.loadDeadlineMs ?? 60_000,
  workerFile: options.workerFile ?? defaultWorkerFile(),
  onDeath: options.onDeath ?? (() => undefined),
});

/** What an engine is made of. */
function partsOf(options: EngineOptions) {
  const versionOptions = versionOptionsOf(options);
  const fleet = createFleet();
  /** Replaced versions, until no request uses them. */
  const leaving = new Set<Version>();
  const pool = createPool({
    queueLimit: options.queueLimit ?? 64,
    atOnce: versionOptions.processes,
    onFreed: () => memory.freed(),
  });
  const memory = createMemory({
    budgetBytes: options.memoryBytes,
    versions: () => [...fleet.all(), ...leaving],
    isKept: (version) => fleet.isKept(version) || leaving.has(version),
    onEvicted: ({ model: { manifest } }) => options.onEvicted?.(manifest),
  });
  const open = (model: Model): Version => openVersion(model, pool, versionOptions);
  return { fleet, leaving, pool, memory, open, loadDeadlineMs: versionOptions.loadDeadlineMs };
}
type Parts = ReturnType<typeof partsOf>;

/** Runs there, once there is room for it. */
async function runOn(version: Version, memory: Memory, input: Tensor, run: RunOptions): Promise<ModelOutputs> {
  const started = performance.now();
  const release = await memory.enter(version, run);
  try {
    return await version.run(input, { ...run, deadlineMs: run.deadlineMs - (performance.now() - started) });
  } finally {
    release();
    memory.freed();
  }
}

function leaseOf(version: Version, memory: Memory): Lease {
  const hold = version.hold();
  return {
    model: version.model,
    engine: {
      run: (_id, input, run) => runOn(version, memory, input, run),
      states: () => new Map([[version.model.manifest.id, version.state()]]),
    },
    release() {
      hold();
      memory.freed();
    },
  };
}

/** Changes of what is in service. */
function changesOf({ fleet, leaving, memory, open, loadDeadlineMs }: Parts, isClosing: () => boolean) {
  async function letGo(version: Version): Promise<void> {
    leaving.add(version);
    await version.released();
    await version.unload();
    leaving.delete(version);
    memory.freed();
  }
  return {
    async put(model: Model, kept: boolean): Promise<ModelState> {
      const next = open(model);
      (await memory.enter(next, { deadlineMs: loadDeadlineMs, urgency: 'stat' }))();
      const state = next.state();
      if (state.state !== 'ready' || isClosing()) {
        await next.unload();
        return state;
      }
      const old = fleet.add(next, kept);
      if (old !== undefined) void letGo(old);
      return state;
    },
    offer(model: Model): void {
      const old = fleet.add(open(model), false);
      if (old !== undefined) void letGo(old);
    },
    drop(modelId: string, number: string): void {
      const version = fleet.find(modelId, number);
      if (version === undefined) return;
      fleet.remove(version);
      void letGo(version);
    },
  };
}

/** What there is to be seen of it. */
function viewsOf({ fleet, memory }: Parts, { memoryBytes }: EngineOptions) {
  const firsts = <Value>(of: (version: Version) => Value | undefined): ReadonlyMap<string, Value> =>
    new Map(
      fleet.firsts().flatMap((version) => {
        const value = of(version);
        return value === undefined ? [] : [[version.model.manifest.id, value] as const];
      }),
    );
  return {
    states: () => firsts((version) => version.state()),
    remotes: () => firsts((version) => version.remote()),
    versions: () =>
      fleet.all().map((version) => ({
        model: version.model,
        state: version.state(),
        kept: fleet.isKept(version),
        bytes: () => version.bytes(),
      })),
    memory: () => ({ usedBytes: memory.usedBytes(), budgetBytes: memoryBytes }),
    processIds: () => fleet.all().flatMap((version) => version.processIds()),
  };
}

/**
 * Resolves when every child has loaded its model and reproduced its golden outputs. A model that fails is `refused` in `states()` with the
 * reason; that does not throw, so the rest can serve.
 */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const parts = partsOf(options);
  const { fleet, leaving, pool, memory, open } = parts;
  for (const model of options.models) fleet.add(open(model), true);
  for (const model of options.onDemand ?? []) fleet.add(open(model), false);
  await Promise.all(fleet.all().map((version) => (fleet.isKept(version) ? version.load() : undefined)));
  let closing: Promise<void> | undefined;

  function find(modelId: string, version?: string): Version {
    if (closing !== undefined) throw inferenceErrors.error('closed');
    const found = fleet.find(modelId, version);
    if (found === undefined) throw inferenceErrors.error('unknown-model', { field: modelId });
    return found;
  }

  async function close(): Promise<void> {
    await pool.drained();
    await Promise.all([...fleet.all(), ...leaving].map((version) => version.unload()));
  }
  const closeOnce = (): Promise<void> => (closing ??= close());

  return {
    ...viewsOf(parts, options),
    ...changesOf(parts, () => closing !== undefined),
    run: async (modelId, input, run) => runOn(find(modelId, run.version), memory, input, run),
    stats: pool.stats,
    prefer: (modelId, version) => fleet.prefer(find(modelId, version)),
    spare: (modelId, version) => fleet.spare(find(modelId, version)),
    lease: (modelId, version) => leaseOf(find(modelId, version), memory),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
