// One place in the pool: it keeps a child alive in it, starts another when that one dies, and waits longer each time that keeps failing.
import { setTimeout as wait } from 'node:timers/promises';
import { type ChildExit, type InferenceChild, type LoadResult, type RunResult, startChild } from './child.ts';
import type { LoadRequest, RunRequest } from './wire.ts';

export interface ChildDeath extends ChildExit {
  readonly pid: number | undefined;
  /** True when the pool itself killed it, at a deadline. */
  readonly expected: boolean;
}

export interface SlotOptions {
  readonly workerFile: URL;
  readonly order: LoadRequest;
  /** A child that has not loaded everything by then is killed. */
  readonly loadDeadlineMs: number;
  readonly onIdle: () => void;
  readonly onDeath: (death: ChildDeath) => void;
}

export interface Slot {
  /** What the first child said of its models, or `died` when two in a row did not live to say it. */
  readonly first: Promise<LoadResult>;
  pid(): number | undefined;
  idle(): boolean;
  serving(): boolean;
  /** Only when idle. Never rejects. */
  run(order: RunRequest): Promise<RunResult>;
  /** Kills the child in mid-run; a new one starts at once. */
  interrupt(): void;
  /** Lets a run in progress finish, then ends the child for good. */
  close(): Promise<void>;
}

type SlotState = 'starting' | 'idle' | 'busy' | 'closed';

/** 0.1 s, 0.2 s, 0.4 s … 10 s: a child that dies at once must not keep a processor busy with starting. */
const backOffMs = (failures: number): number => Math.min(10_000, 50 * 2 ** failures);

const readyIds = (result: LoadResult): ReadonlySet<string> =>
  new Set(result === 'died' ? [] : result.filter((each) => each.outcome === 'ready').map((each) => each.modelId));

/** Loads in a new child; says what came of it, and leaves no child behind when it failed. */
async function load(
  child: InferenceChild,
  { order, loadDeadlineMs }: SlotOptions,
  expected: ReadonlySet<string> | undefined,
): Promise<LoadResult> {
  const timer = setTimeout(() => child.kill(), loadDeadlineMs);
  const result = await child.load(order);
  clearTimeout(timer);
  const ready = readyIds(result);
  if (expected !== undefined && [...expected].some((id) => !ready.has(id))) {
    child.kill();
    return 'died';
  }
  return result;
}

export function startSlot(options: SlotOptions): Slot {
  let state: SlotState = 'starting';
  let child: InferenceChild | undefined;
  let failures = 0;
  let interrupted = false;
  let running: Promise<unknown> = Promise.resolve();
  /** What the first child could serve: a later one that serves less is a failed start. */
  let expected: ReadonlySet<string> | undefined;
  const stopping = new AbortController();
  const firstResult = Promise.withResolvers<LoadResult>();

  const isClosed = (): boolean => state === 'closed';

  /** One child from its start to its death. */
  async function live(): Promise<void> {
    const started = startChild(options.workerFile);
    child = started;
    interrupted = false;
    const result = await load(started, options, expected);
    if (result !== 'died') {
      expected ??= readyIds(result);
      firstResult.resolve(result);
      if (!isClosed()) {
        state = 'idle';
        options.onIdle();
      }
    }
    const exit = await started.exited;
    if (isClosed()) return;
    state = 'starting';
    failures = interrupted ? 0 : failures + 1;
    options.onDeath({ ...exit, pid: started.pid, expected: interrupted });
  }

  async function keepAlive(): Promise<void> {
    while (!isClosed()) {
      await live();
      if (isClosed()) return;
      if (expected === undefined && failures >= 2) {
        state = 'closed';
        firstResult.resolve('died');
        return;
      }
      if (failures > 0) await wait(backOffMs(failures), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const kept = keepAlive();

  return {
    first: firstResult.promise,
    pid: () => child?.pid,
    idle: () => state === 'idle',
    serving: () => state === 'idle' || state === 'busy',
    async run(order) {
      if (child === undefined || state !== 'idle') return { kind: 'died' };
      state = 'busy';
      const run = child.run(order);
      running = run;
      const result = await run;
      if (result.kind !== 'died') {
        failures = 0;
        if (!isClosed()) state = 'idle';
      }
      return result;
    },
    interrupt() {
      interrupted = true;
      child?.kill();
    },
    async close() {
      state = 'closed';
      stopping.abort();
      await running;
      await child?.close();
      firstResult.resolve('died');
      await kept;
    },
  };
}
