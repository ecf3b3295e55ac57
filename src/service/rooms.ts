// Opens database, models in their children, equations and decoding threads beside each other.
import { chooseModels, type Choice, configuredModel, identityOf } from './choose-models.ts';
import type { Config } from './config.ts';
import { pictureThreads } from './cores.ts';
import { remoteTokenOf } from './remote-token.ts';
import { siteOf } from './site-file.ts';
import type { Log } from '#http/log.ts';
import { type EngineOptions, type RunningEngine, startEngine } from '#inference/engine/start-engine.ts';
import { type LoadedModels, loadModels } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { createFilms } from '#preread/intake/decoded-films.ts';
import { startPicturePool } from '#preread/read/decode-pool.ts';
import { headsOf } from '#interop/fhir/door.ts';
import { specFor } from '#preread/read/prepare.ts';
import { siteCodes } from '#interop/xml130/read/indicators.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import { openStore } from '#store/store.ts';
import { liveOf } from '#promotion/stages.ts';
import { changeMessages } from './change-messages.ts';
import type { Here } from './context.ts';
import { allOf, type Owner } from './closing.ts';
import { readingModels } from './reading-models.ts';

const DECODE_DEADLINE_MS = 30_000;

async function loadImagingModels(config: Config, log: Log) {
  const loaded = await loadModels(config.modelsDir);
  for (const { folder, code, reason } of loaded.refused)
    log({ level: 'error', event: 'model refused', folder, code, reason });
  return loaded;
}

const MIB = 1024 * 1024;

/** With a budget, the other models of the folder are there for programs that ask for them (/v2), as long as there is room. */
function memoryOf(
  { modelMemoryMib }: Config,
  { models }: LoadedModels,
  { base }: Choice,
): Pick<EngineOptions, 'onDemand' | 'memoryBytes'> {
  if (modelMemoryMib === undefined) return {};
  const onDemand = models.filter(({ manifest }) => manifest.id !== base.manifest.id);
  return { onDemand, memoryBytes: modelMemoryMib * MIB };
}

/** A batch of this many films takes a GPU little longer than one. */
const GPU_BATCH = 16;
const BATCH_DELAY_MS = 3;

/** Batches where they pay, and the other server that is asked first. */
function scaleOf(config: Config, log: Log): Pick<EngineOptions, 'batching' | 'remote'> {
  const { batch, providers, remoteModels } = config;
  const token = remoteTokenOf(config);
  const rules = (items: number, atOnce: number) => ({ maximumItems: items, maximumDelayMs: BATCH_DELAY_MS, atOnce });
  const here = batch ?? (providers[0] === 'cpu' ? 1 : GPU_BATCH);
  return {
    ...(here > 1 && { batching: rules(here, 2) }),
    ...(remoteModels !== undefined && {
      remote: {
        url: remoteModels,
        ...(token !== undefined && { token }),
        batching: rules(batch ?? GPU_BATCH, 4),
        onState: (model, state) =>
          log({ level: state.state === 'ready' ? 'info' : 'error', event: 'remote models', model, ...state }),
      },
    }),
  };
}

function startModels(loaded: LoadedModels, choice: Choice, { config, log }: Here): Promise<RunningEngine> {
  return startEngine({
    ...scaleOf(config, log),
    // Only versions of the model that reads: two models would raise two alerts for one film.
    models: [choice.base, ...(choice.canary === undefined ? [] : [choice.canary])],
    ...memoryOf(config, loaded, choice),
    ...(config.precision !== undefined && { precision: config.precision }),
    processes: config.processes,
    threadsPerProcess: config.threadsPerProcess,
    providers: config.providers,
    queueLimit: config.queueLimit,
    onDeath: (death) => log({ level: 'error', event: 'inference child died', ...death }),
    onEvicted: ({ id, version }) => log({ level: 'info', event: 'model put out of memory', model: id, version }),
  });
}

/** The store first: it knows which model is live. */
async function openStoreAndEngine(loaded: LoadedModels, configured: Model, here: Here, { own }: Owner) {
  const { config, log, clock, site, routes } = here;
  const { dataDir, blobs, databaseUrl } = config;
  let known: () => readonly Model[] = () => [configured];
  const store = await own(
    openStore({
      dataDir,
      blobs,
      clock,
      tell: changeMessages(routes, {
        receivers: config.hl7Receivers,
        clock,
        language: site.defaultLanguage,
        heads: headsOf(() => known()),
      }),
      log: (entry) => log({ ...entry }),
      ...(databaseUrl !== undefined && { databaseUrl }),
    }),
    (opened) => opened.close(),
  );
  const { modelStages } = await store.facility(site.facility);
  const stages = await modelStages.list();
  const choice = chooseModels(loaded, { live: liveOf(stages, identityOf(configured)), stages }, here);
  const engine = await own(startModels(loaded, choice, here), (started) => started.close());
  const { id: modelId } = choice.base.manifest;
  const reading = readingModels({
    engine,
    modelId,
    modelsDir: config.modelsDir,
    loaded,
    site,
    canary: () => siteOf(config).canary,
    stages: () => modelStages.list(),
  });
  known = reading.models;
  return { store, engine, reading };
}

/** Throws CareError `store.*`, `config.invalid`, `interop.site`. A missing or damaged model is refused in the engine's states, and stops nothing else. */
export async function openRooms(here: Here, owned: Owner) {
  const { config, log, site } = here;
  const { own } = owned;
  const loaded = await loadImagingModels(config, log);
  const configured = configuredModel(loaded, config.cxrModel, site);
  const [{ store, engine, reading }, library] = await allOf(
    openStoreAndEngine(loaded, configured, here, owned),
    own(openRiskLibrary(config.modelsDir), (opened) => opened.close()).then((opened) => ({
      ...opened,
      siteCodes: siteCodes(config.indicatorsFile),
    })),
  );
  for (const [id, state] of engine.states())
    if (state.state === 'refused')
      log({ level: 'error', event: 'model does not run', model: id, reason: state.reason });
  for (const { folder, code, reason } of library.refused)
    log({ level: 'error', event: 'equation refused', folder, code, reason });
  const pictures = await own(
    startPicturePool({ threads: pictureThreads(), deadlineMs: DECODE_DEADLINE_MS }),
    (started) => started.close(),
  );
  const films = createFilms({ pictures, spec: () => specFor(reading.base().manifest) });
  return { ...loaded, reading, store, engine, library, pictures, films };
}
export type Rooms = Awaited<ReturnType<typeof openRooms>>;
