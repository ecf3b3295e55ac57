// The memory budget of all models: what is used on demand is loaded when there is room, and the one unused for longest makes room, if nobody
// uses it. The models that read films are never put out.
import { inferenceErrors } from '#inference/errors.ts';
import { type RunOptions, URGENCIES } from './engine.ts';
import type { Version } from './version.ts';

export interface MemoryPorts {
  readonly budgetBytes: number | undefined;
  /** All versions, loaded or not. */
  versions(): readonly Version[];
  /** Reads films: stays in memory. */
  isKept(version: Version): boolean;
  readonly onEvicted: (version: Version) => void;
}

export interface Memory {
  /**
   * Resolves when it is loaded (or refused) and held, with the way to let it go. The most urgent comes first, then who came first; who
   * waits for a model holds none, so that two cannot wait for each other. Throws CareError `inference.memory` when the budget can never
   * hold it, or no model became idle before the deadline.
   */
  enter(version: Version, options: Pick<RunOptions, 'deadlineMs' | 'urgency'>): Promise<() => void>;
  /** Somebody has stopped using a model: who waits for room tries again. */
  freed(): void;
  usedBytes(): number;
}

export interface Occupant {
  readonly bytes: number;
  readonly lastUsedMs: number;
  readonly mayGo: boolean;
}

/** Those to put out, the one unused for longest first; undefined where even all of them are not enough. */
export function evictions<Each extends Occupant>(
  occupants: readonly Each[],
  { budgetBytes, neededBytes }: { readonly budgetBytes: number; readonly neededBytes: number },
): readonly Each[] | undefined {
  let free = budgetBytes - neededBytes - occupants.reduce((sum, { bytes }) => sum + bytes, 0);
  const out: Each[] = [];
  for (const each of occupants.filter(({ mayGo }) => mayGo).toSorted((a, b) => a.lastUsedMs - b.lastUsedMs)) {
    if (free >= 0) break;
    out.push(each);
    free += each.bytes;
  }
  return free >= 0 ? out : undefined;
}

interface Waiting {
  readonly version: Version;
  readonly rank: number;
  readonly settle: (how: { readonly release: () => void } | { readonly error: unknown }) => void;
}

/** Who waits for room, in order of arrival. */
function createWaitingRoom() {
  const waiting: Waiting[] = [];
  return {
    isBefore: (rank: number): boolean => waiting.some((other) => other.rank <= rank),
    isEmpty: (): boolean => waiting.length === 0,
    includes: (request: Waiting): boolean => waiting.includes(request),
    byUrgency: (): readonly Waiting[] => waiting.toSorted((a, b) => a.rank - b.rank),
    /** All that wait for it: one loading serves them together. */
    admit(version: Version): void {
      for (const request of waiting.filter((each) => each.version === version))
        request.settle({ release: version.hold() });
    },
    wait(version: Version, rank: number, deadlineMs: number): Promise<() => void> {
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const late = { reason: 'no other model became idle in time', retryAfterSeconds: 5 };
      const timer = setTimeout(() => request.settle({ error: inferenceErrors.error('memory', late) }), deadlineMs);
      const request: Waiting = {
        version,
        rank,
        settle(how) {
          clearTimeout(timer);
          const at = waiting.indexOf(request);
          if (at >= 0) waiting.splice(at, 1);
          if ('release' in how) resolve(how.release);
          else reject(how.error);
        },
      };
      waiting.push(request);
      return promise;
    },
  };
}

const MIB = 1024 * 1024;
const inMib = (bytes: number): number => Math.ceil(bytes / MIB);

const tooLarge = (neededBytes: number, freeBytes: number, budgetBytes: number) =>
  inferenceErrors.error('memory', {
    reason: `it needs ${inMib(neededBytes)} MiB, and beside the models that read there are ${Math.max(0, inMib(freeBytes))} MiB of ${inMib(budgetBytes)} MiB`,
  });

export function createMemory({ budgetBytes = Infinity, versions, isKept, onEvicted }: MemoryPorts): Memory {
  const room = createWaitingRoom();
  let loading = false;
  let again = false;
  const loaded = (): Version[] => versions().filter((version) => version.processIds().length > 0);
  const usedBytes = (): number => loaded().reduce((sum, version) => sum + version.bytes(), 0);

  const occupantsBeside = (wanted: Version) =>
    loaded()
      .filter((version) => version !== wanted)
      .map((version) => ({
        version,
        bytes: version.bytes(),
        lastUsedMs: version.lastUsedMs(),
        mayGo: !isKept(version) && !version.busy(),
      }));

  /** False when one of them is wanted again. */
  async function putOut(chosen: readonly { readonly version: Version }[]): Promise<boolean> {
    for (const { version } of chosen) {
      if (version.busy()) return false;
      await version.unload();
      onEvicted(version);
    }
    return true;
  }

  /** False: there is no room now. Throws `inference.memory` where there never will be. */
  async function tryLoad(wanted: Version): Promise<boolean> {
    const neededBytes = wanted.expectedBytes();
    const occupants = occupantsBeside(wanted);
    const least = occupants.filter(({ version }) => isKept(version)).reduce((sum, { bytes }) => sum + bytes, 0);
    if (least + neededBytes > budgetBytes) throw tooLarge(neededBytes, budgetBytes - least, budgetBytes);
    const out = evictions(occupants, { budgetBytes, neededBytes });
    if (out === undefined || !(await putOut(out))) return false;
    await wanted.load();
    // It may have turned out larger than expected.
    const more = evictions(occupantsBeside(wanted), { budgetBytes, neededBytes: wanted.bytes() });
    if (more === undefined && !isKept(wanted)) {
      await wanted.unload();
      return false;
    }
    await putOut(more ?? []);
    return true;
  }

  async function serve(): Promise<void> {
    for (const request of room.byUrgency()) {
      if (!room.includes(request)) continue;
      try {
        // Only the most urgent may make room; the others come after it.
        if (!request.version.loaded() && !(await tryLoad(request.version))) return;
        room.admit(request.version);
      } catch (error) {
        request.settle({ error });
      }
    }
  }

  function turn(): void {
    if (loading) {
      again = true;
      return;
    }
    if (room.isEmpty()) return;
    loading = true;
    again = false;
    void serve().finally(() => {
      loading = false;
      if (again) turn();
    });
  }

  return {
    enter(version, { deadlineMs, urgency = 'now' }) {
      const rank = URGENCIES.indexOf(urgency);
      if (version.loaded() && (isKept(version) || !room.isBefore(rank))) return Promise.resolve(version.hold());
      const entered = room.wait(version, rank, deadlineMs);
      turn();
      return entered;
    },
    freed: turn,
    usedBytes,
  };
}
