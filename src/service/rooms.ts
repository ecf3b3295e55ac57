// Opens database, models in their children, equations and decoding threads beside each other.
import type { Config } from './config.ts';
import { pictureThreads } from './cores.ts';
import { siteCalibration } from '#calibration/prevalence.ts';
import { configErrors, interopErrors } from './errors.ts';
import type { Site } from './site.ts';
import type { Log } from '#http/log.ts';
import { type EngineOptions, startEngine } from '#inference/engine/start-engine.ts';
import { CareError } from '#kernel/errors.ts';
import type { ModelIdentity } from '#kernel/model-stage.ts';
import { type LoadedModels, loadModels, modelOrStandIn } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import { createFilms } from '#preread/intake/decoded-films.ts';
import { startPicturePool } from '#preread/read/decode-pool.ts';
import { headsOf } from '#interop/fhir/door.ts';
import { specFor } from '#preread/read/prepare.ts';
import { siteCodes } from '#interop/xml130/read/indicators.ts';
import { openRiskLibrary } from '#risk/equation/library.ts';
import type { ModelStages } from '#store/reading/model-stages.ts';
import { openStore } from '#store/store.ts';
import { liveOf } from '#promotion/stages.ts';
import { changeMessages } from './change-messages.ts';
import type { Here } from './context.ts';
import { allOf, type Owner } from './closing.ts';

const DECODE_DEADLINE_MS = 30_000;

async function loadImagingModels(config: Config, log: Log) {
  const loaded = await loadModels(config.modelsDir);
  for (const { folder, code, reason } of loaded.refused)
    log({ level: 'error', event: 'model refused', folder, code, reason });
  return loaded;
}

/** A stand-in has no findings whose prevalence could be declared. Throws CareError `interop.site`. */
export function calibrationHere(
  { manifest, calibration }: Model,
  prevalence: Site['prevalence'],
): Model['calibration'] {
  if (manifest.heads.length === 0) return calibration;
  try {
    return siteCalibration(calibration, prevalence);
  } catch (cause) {
    if (!(cause instanceof CareError) || cause.code !== 'calibration.unknown-head') throw cause;
    const reason = 'the model has no such finding';
    throw interopErrors.error('site', { field: `prevalence.${cause.field}`, reason, cause });
  }
}

/** As it reads at this site, or what stands in its place. Throws CareError `interop.site`. */
function readingModel(loaded: LoadedModels, id: string, { prevalence }: Site): Model {
  const model = modelOrStandIn(loaded, id);
  return { ...model, calibration: calibrationHere(model, prevalence) };
}

const identityOf = ({ manifest }: Model): ModelIdentity => ({ modelId: manifest.id, modelVersion: manifest.version });

/** The one that was promoted, in the version that was promoted; while none was, the one that the settings name. */
async function liveModel(configured: Model, loaded: LoadedModels, stages: ModelStages, { site, log }: Here) {
  const live = liveOf(await stages.list(), identityOf(configured));
  if (live.modelId === configured.manifest.id && live.modelVersion === configured.manifest.version) return configured;
  const model = readingModel(loaded, live.modelId, site);
  // A folder that cannot be read has no version: the engine says why it does not run.
  if (model.manifest.files.length > 0 && model.manifest.version !== live.modelVersion)
    throw configErrors.error('invalid', {
      field: 'HAIDANG_MODELS_DIR',
      reason: `${live.modelId} ${live.modelVersion} is live; the folder holds version ${model.manifest.version}`,
    });
  log({ level: 'info', event: 'promoted model reads', model: live.modelId, version: live.modelVersion });
  return model;
}

/** A batch of this many films takes a GPU little longer than one. */
const GPU_BATCH = 16;
const BATCH_DELAY_MS = 3;

/** Batches where they pay, and the other server that is asked first. */
function scaleOf({ batch, providers, remoteModels }: Config, log: Log): Pick<EngineOptions, 'batching' | 'remote'> {
  const rules = (items: number, atOnce: number) => ({ maximumItems: items, maximumDelayMs: BATCH_DELAY_MS, atOnce });
  const here = batch ?? (providers[0] === 'cpu' ? 1 : GPU_BATCH);
  return {
    ...(here > 1 && { batching: rules(here, 2) }),
    ...(remoteModels !== undefined && {
      remote: {
        url: remoteModels,
        batching: rules(batch ?? GPU_BATCH, 4),
        onState: (model, state) =>
          log({ level: state.state === 'ready' ? 'info' : 'error', event: 'remote models', model, ...state }),
      },
    }),
  };
}

interface Loaded extends LoadedModels {
  readonly configured: Model;
}

/** The store first: it knows which model is live. */
async function openStoreAndEngine({ configured, ...loaded }: Loaded, here: Here, { own }: Owner) {
  const { config, log, clock, site, routes } = here;
  const { dataDir, blobs, databaseUrl } = config;
  let model = configured;
  const store = await own(
    openStore({
      dataDir,
      blobs,
      clock,
      tell: changeMessages(routes, {
        receivers: config.hl7Receivers,
        clock,
        language: site.defaultLanguage,
        heads: (provenance, code) => headsOf(model)(provenance, code),
      }),
      log: (entry) => log({ ...entry }),
      ...(databaseUrl !== undefined && { databaseUrl }),
    }),
    (opened) => opened.close(),
  );
  const { modelStages } = await store.facility(site.facility);
  model = await liveModel(configured, loaded, modelStages, here);
  const engine = await own(
    startEngine({
      ...scaleOf(config, log),
      // Only the model that reads: two models would raise two alerts for one film and need more memory.
      models: [model],
      ...(config.precision !== undefined && { precision: config.precision }),
      processes: config.processes,
      threadsPerProcess: config.threadsPerProcess,
      providers: config.providers,
      queueLimit: config.queueLimit,
      onDeath: (death) => log({ level: 'error', event: 'inference child died', ...death }),
    }),
    (started) => started.close(),
  );
  return { store, engine, model };
}

/** Throws CareError `store.*`, `config.invalid`, `interop.site`. A missing or damaged model is refused in the engine's states, and stops nothing else. */
export async function openRooms(here: Here, owned: Owner) {
  const { config, log, site } = here;
  const { own } = owned;
  const loaded = await loadImagingModels(config, log);
  const configured = readingModel(loaded, config.cxrModel, site);
  const [{ store, engine, model }, library] = await allOf(
    openStoreAndEngine({ ...loaded, configured }, here, owned),
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
  const films = createFilms({ pictures, spec: specFor(model.manifest) });
  return { ...loaded, model, configured: identityOf(configured), store, engine, library, pictures, films };
}
export type Rooms = Awaited<ReturnType<typeof openRooms>>;
