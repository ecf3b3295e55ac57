// One version of one model: its children, the other server that may hold it, and who is using it.
import type { Tensor } from '#kernel/frame.ts';
import type { Model } from '#models/model.ts';
import type { BatchRules } from '#inference/batching/batcher.ts';
import { type LocalRunner, localRunner } from '#inference/batching/local-runner.ts';
import { openRemoteRunner, type RemoteRunner, type RemoteServer } from '#inference/batching/remote-runner.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { Slot } from '#inference/process/slot.ts';
import type { Place, Pool } from '#inference/queue/pool.ts';
import { type ChildrenOptions, startChildren } from './children.ts';
import type { ModelOutputs, ModelState, RemoteState, RunOptions } from './engine.ts';
import { residentBytes } from './resident-bytes.ts';

export interface VersionOptions extends ChildrenOptions {
  readonly batching?: BatchRules;
  readonly remote?: RemoteServer;
}

export interface Version {
  readonly model: Model;
  state(): ModelState;
  remote(): RemoteState | undefined;
  /** Starts its children, once; resolves with what came of it. */
  load(): Promise<ModelState>;
  /** True from the end of `load` on, refused or not. */
  loaded(): boolean;
  /** From now on it is not loaded; resolves when what runs in its children is finished and they have ended. */
  unload(): Promise<void>;
  /** Only while it is loaded. Throws what the engine throws. */
  run(input: Tensor, options: RunOptions): Promise<ModelOutputs>;
  /** Somebody uses it until the returned function is called. */
  hold(): () => void;
  /** Resolves when no request holds it. */
  released(): Promise<void>;
  /** Somebody holds it, or something runs. */
  busy(): boolean;
  lastUsedMs(): number;
  /** Resident memory of its children; 0 where it is not loaded. */
  bytes(): number;
  /** What it will need: what it needed, or a first guess by the size of its file. */
  expectedBytes(): number;
  processIds(): readonly number[];
}

/** Node with ONNX Runtime before any model, and what a session needs per byte of weights: a first guess, replaced by what is measured. */
const CHILD_BYTES = 100 * 1024 * 1024;
const SESSION_FACTOR = 3;

function guessedBytes(model: Model, { precision, processes }: VersionOptions): number {
  const declared = model.manifest.files.find((file) => precision === undefined || file.precision === precision);
  return processes * (CHILD_BYTES + SESSION_FACTOR * (declared?.bytes ?? 0));
}

/** What exists between `load` and `unload`. */
interface Loaded {
  readonly place: Place;
  readonly run: LocalRunner;
  readonly remote: RemoteRunner | undefined;
  readonly done: Promise<ModelState>;
  slots: readonly Slot[];
  state: ModelState;
  finished: boolean;
}

function startLoading(model: Model, pool: Pool, options: VersionOptions): Loaded {
  const { precision, batching, remote } = options;
  const place = Symbol(model.manifest.id);
  async function start(): Promise<ModelState> {
    const children = await startChildren(model, { ...options, onIdle: pool.pump });
    loaded.slots = children.slots;
    pool.add(place, children.slots);
    // A server that is there at the start is asked from the first film on.
    await loaded.remote?.checked;
    loaded.state = children.state;
    loaded.finished = true;
    return children.state;
  }
  const starting = Promise.withResolvers<ModelState>();
  const loaded: Loaded = {
    place,
    run: localRunner(pool, { place, modelId: model.manifest.id, rules: batching }),
    remote:
      remote === undefined
        ? undefined
        : openRemoteRunner(model, { ...remote, ...(precision !== undefined && { precision }) }),
    done: starting.promise,
    slots: [],
    state: { state: 'starting' },
    finished: false,
  };
  start().then(starting.resolve, starting.reject);
  return loaded;
}

export function openVersion(model: Model, pool: Pool, options: VersionOptions): Version {
  const waiting = new Set<() => void>();
  let loaded: Loaded | undefined;
  let holders = 0;
  let usedMs = 0;
  let measuredBytes = 0;
  const slots = (): readonly Slot[] => loaded?.slots ?? [];
  const bytes = (): number => slots().reduce((sum, slot) => sum + residentBytes(slot.pid()), 0);

  function state(): ModelState {
    const known = loaded?.state ?? { state: 'unloaded' };
    // Ready by its checks, but every child is being started again.
    return known.state === 'ready' && !slots().some((slot) => slot.serving()) ? { state: 'starting' } : known;
  }

  return {
    model,
    state,
    remote: () => loaded?.remote?.state(),
    load: () => (loaded ??= startLoading(model, pool, options)).done,
    loaded: () => loaded?.finished === true,
    async unload() {
      const old = loaded;
      if (old === undefined) return;
      measuredBytes = Math.max(bytes(), measuredBytes);
      loaded = undefined;
      await old.done;
      await old.remote?.close();
      await pool.remove(old.place);
    },
    async run(input, run) {
      if (loaded === undefined) throw inferenceErrors.error('closed');
      if (loaded.state.state === 'refused')
        throw inferenceErrors.error('model-refused', { field: model.manifest.id, reason: loaded.state.reason });
      const local = loaded.run;
      const started = performance.now();
      const far = await loaded.remote?.tryRun(input, run);
      return far ?? local(input, { ...run, deadlineMs: run.deadlineMs - (performance.now() - started) });
    },
    hold() {
      let held = true;
      holders += 1;
      usedMs = performance.now();
      return () => {
        if (!held) return;
        held = false;
        holders -= 1;
        usedMs = performance.now();
        if (holders === 0) for (const done of waiting) done();
      };
    },
    released: () =>
      new Promise((resolve) => {
        if (holders === 0) return resolve();
        const done = (): void => {
          waiting.delete(done);
          resolve();
        };
        waiting.add(done);
      }),
    busy: () => holders > 0 || (loaded !== undefined && pool.working(loaded.place)),
    lastUsedMs: () => usedMs,
    bytes,
    expectedBytes: () => (measuredBytes > 0 ? measuredBytes : guessedBytes(model, options)),
    processIds: () => slots().flatMap((slot) => slot.pid() ?? []),
  };
}
