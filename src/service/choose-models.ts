// Choice of the versions of the reading model: by the settings, by the promotions and by the versions in the models folder.
import { siteCalibration } from '#calibration/prevalence.ts';
import { CareError } from '#kernel/errors.ts';
import type { ModelIdentity, StagedModel } from '#kernel/model-stage.ts';
import type { Canary } from '#models/canary.ts';
import { checkExchange } from '#models/exchange.ts';
import { type LoadedModels, modelOrStandIn } from '#models/load.ts';
import { isVersion, type Model } from '#models/model.ts';
import { isPilot } from '#promotion/stages.ts';
import type { Here } from './context.ts';
import { configErrors, interopErrors } from './errors.ts';
import type { Site } from './site.ts';

/** What is to be in service, before anything is started. */
export interface Choice {
  readonly base: Model;
  /** Beside it; absent where none is set, or where its version cannot be used. */
  readonly canary: Model | undefined;
}

/** Probabilities at the prevalences that the site declares. Throws CareError `calibration.unknown-head`. */
const atSite = (model: Model, { prevalence }: Pick<Site, 'prevalence'>): Model => ({
  ...model,
  calibration: siteCalibration(model.calibration, prevalence),
});

/** As it reads beside another version, or in its place. Throws CareError `models.other-findings`, `calibration.unknown-head`. */
export function beside(base: Model, model: Model, site: Pick<Site, 'prevalence'>): Model {
  checkExchange(base, model);
  return atSite(model, site);
}

export const identityOf = ({ manifest }: Model): ModelIdentity => ({
  modelId: manifest.id,
  modelVersion: manifest.version,
});

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

/** As it reads by itself, whatever read before it. Throws CareError `interop.site`. */
export const alone = (model: Model, { prevalence }: Pick<Site, 'prevalence'>): Model => ({
  ...model,
  calibration: calibrationHere(model, prevalence),
});

/**
 * The one that the settings name, as it reads at this site, or what stands in its place. Where the files of the model itself describe none,
 * the newest version; not the one that is only tried. Throws CareError `interop.site`.
 */
export function configuredModel(loaded: LoadedModels, id: string, site: Pick<Site, 'prevalence' | 'canary'>): Model {
  const named = modelOrStandIn(loaded, id);
  const isRefused = loaded.refused.some(({ folder }) => folder === id);
  const versions = isRefused ? [] : loaded.models.filter(({ manifest }) => manifest.id === id);
  return alone(versions.find(({ manifest }) => manifest.version !== site.canary?.version) ?? named, site);
}

/** The one that was promoted, in the version that was promoted; while none was, the one that the settings name. */
function liveModel(loaded: LoadedModels, live: ModelIdentity, { site }: Pick<Here, 'site'>): Model {
  const { modelId, modelVersion } = live;
  const found = loaded.models.find(isVersion(live));
  if (found !== undefined) return alone(found, site);
  const there = configuredModel(loaded, modelId, site);
  // A folder that cannot be read has no version: the engine says why it does not run.
  if (there.manifest.files.length === 0 || there.manifest.version === modelVersion) return there;
  throw configErrors.error('invalid', {
    field: 'HAIDANG_MODELS_DIR',
    reason: `${modelId} ${modelVersion} is live; the folder holds version ${there.manifest.version}`,
  });
}

/** Undefined where the canary may read for people. The service goes on without one that may not. */
export function canaryFault({ model, version }: Canary, stages: readonly StagedModel[]): CareError | undefined {
  if (isPilot({ modelId: model, modelVersion: version }, stages)) return undefined;
  const reason = `${model} ${version} is no pilot: a share above 0 needs the stage pilot (haidang models promote)`;
  return interopErrors.error('site', { field: 'canary.share', reason });
}

export interface Stages {
  readonly live: ModelIdentity;
  readonly stages: readonly StagedModel[];
}

/** Throws CareError `config.invalid` or `interop.site` with the setting's name. A canary that cannot be used is told in the log. */
export function chooseModels(
  loaded: LoadedModels,
  { live, stages }: Stages,
  { site, log }: Pick<Here, 'site' | 'log'>,
): Choice {
  const base = liveModel(loaded, live, { site });
  const { canary } = site;
  if (canary === undefined || canary.share === 0) return { base, canary: undefined };
  const { model, version } = canary;
  const tried = loaded.models.find(isVersion({ modelId: model, modelVersion: version }));
  const told = (reason: string): Choice => {
    log({ level: 'error', event: 'canary not in service', field: 'canary.share', model, version, reason });
    return { base, canary: undefined };
  };
  const fault = canaryFault(canary, stages);
  if (tried === undefined) return told('the folder does not hold it, or it is refused');
  if (model !== base.manifest.id || version === base.manifest.version)
    return told(`${live.modelId} ${live.modelVersion} reads`);
  if (fault !== undefined) return told(fault.reason);
  try {
    return { base, canary: beside(base, tried, site) };
  } catch (thrown) {
    if (!(thrown instanceof CareError)) throw thrown;
    return told(thrown.reason);
  }
}
