// Silent models read the films of the live one, when it is idle: their readings are kept out of every view of a study. They run in children
// of their own, so that a slow or broken one costs the live model nothing.
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { ModelIdentity, SilentReading } from '#kernel/model-stage.ts';
import { type Rounds, startRounds } from '#kernel/rounds.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';

export interface SilentModel extends ModelIdentity {
  /** ISO 8601: films from then on are read. */
  readonly since: string;
}

/** A silent model that runs. */
export interface SilentBench {
  read(study: StoredStudy, facilityId: string): Promise<Reading>;
  /** The reading of a study that a technical fault kept from being read. */
  failed(study: StoredStudy, facilityId: string, thrown: unknown): Reading;
  close(): Promise<void>;
}

interface SilentStore {
  readonly facilityId: string;
  readonly intake: { study(studyUid: string): Promise<StoredStudy | undefined> };
  readonly silent: {
    next(model: SilentModel): Promise<{ readonly beside: Uuid; readonly studyUid: string } | undefined>;
    keep(silent: SilentReading): Promise<void>;
  };
}

export interface SilentReaderDeps {
  /** Those that are silent or in pilot now. */
  models(): Promise<readonly SilentModel[]>;
  open(model: ModelIdentity): Promise<SilentBench>;
  facilities(): Promise<readonly string[]>;
  facility(id: string): Promise<SilentStore>;
  /** Films wait for the live model. */
  busy(): Promise<boolean>;
  fault(event: string, thrown: unknown): void;
  readonly pauseMs?: number;
}

const PAUSE_MS = 2_000;
/** A model that could not be opened is tried again after this. */
const REOPEN_MS = 60_000;

const keyOf = ({ modelId, modelVersion }: ModelIdentity): string => `${modelId} ${modelVersion}`;

async function readNext(
  model: SilentModel,
  bench: SilentBench,
  store: SilentStore,
  { fault }: SilentReaderDeps,
): Promise<boolean> {
  const due = await store.silent.next(model);
  if (due === undefined) return false;
  const { modelId, modelVersion } = model;
  const study = await store.intake.study(due.studyUid);
  // Its images were withdrawn, or its person erased: another reading follows, or none.
  if (study === undefined) return false;
  const kept = { modelId, modelVersion, beside: due.beside };
  try {
    await store.silent.keep({ ...kept, reading: await bench.read(study, store.facilityId) });
    return true;
  } catch (thrown) {
    fault('silent model could not read', thrown);
    await store.silent.keep({ ...kept, reading: bench.failed(study, store.facilityId, thrown) });
    // The next try waits for the next round.
    return false;
  }
}

/** Runs until it is stopped. A failure is logged and tried again: no clinician waits for a silent reading. */
export function startSilentReader(deps: SilentReaderDeps): Rounds {
  const benches = new Map<string, SilentBench>();
  const notBefore = new Map<string, number>();

  async function benchOf(model: SilentModel): Promise<SilentBench | undefined> {
    const key = keyOf(model);
    const open = benches.get(key);
    if (open !== undefined) return open;
    if (performance.now() < (notBefore.get(key) ?? 0)) return undefined;
    try {
      const bench = await deps.open(model);
      benches.set(key, bench);
      return bench;
    } catch (thrown) {
      notBefore.set(key, performance.now() + REOPEN_MS);
      deps.fault('silent model not opened', thrown);
      return undefined;
    }
  }

  async function closeOthers(wanted: readonly SilentModel[]): Promise<void> {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, bench] of benches) {
      if (keys.has(key)) continue;
      benches.delete(key);
      await bench.close();
    }
  }

  async function pass(signal: AbortSignal): Promise<void> {
    const models = await deps.models();
    await closeOthers(models);
    for (const model of models) {
      const bench = await benchOf(model);
      if (bench === undefined) continue;
      for (const id of await deps.facilities()) {
        const store = await deps.facility(id);
        let more = true;
        while (more && !signal.aborted && !(await deps.busy())) more = await readNext(model, bench, store, deps);
      }
    }
  }

  const rounds = startRounds(async (signal) => {
    await pass(signal).catch((thrown: unknown) => deps.fault('silent models not run', thrown));
    return deps.pauseMs ?? PAUSE_MS;
  });
  return {
    async stop() {
      await rounds.stop();
      await closeOthers([]);
    },
  };
}
