// Puts one version of a model in the place of another, and says what was done.
import type { RunningEngine } from '#inference/engine/start-engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { CareError } from '#kernel/errors.ts';
import { descriptionSha256 } from '#models/exchange.ts';
import type { RefusedModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Exchanged } from '#preread/model-routes.ts';
import { beside } from './choose-models.ts';
import type { Site } from './site.ts';

export interface ExchangeDeps {
  readonly engine: Pick<RunningEngine, 'versions' | 'lease' | 'put' | 'drop' | 'prefer'>;
  /** The model that reads. */
  readonly modelId: string;
  readonly site: Pick<Site, 'prevalence' | 'canary'>;
}

export const sameVersion = (a: Model, b: Model): boolean =>
  a.manifest.id === b.manifest.id && a.manifest.version === b.manifest.version;

const sha256Of = (model: Model | undefined): string | null => model?.manifest.files[0]?.sha256 ?? null;

export const refusedFolder = ({ folder, code, reason }: RefusedModel): Exchanged => ({
  version: folder.split('/')[1] ?? null,
  outcome: 'refused',
  reason: `${code}: ${reason}`,
  oldSha256: null,
  newSha256: null,
  calibrationVersion: null,
});

/** The versions in service, as the engine has them. */
export function createExchange({ engine, modelId, site }: ExchangeDeps) {
  const served = (id: string): Model[] =>
    engine.versions().flatMap(({ model }) => (model.manifest.id === id ? [model] : []));

  /** Answers who names no version. */
  function base(): Model {
    const [first] = served(modelId);
    if (first === undefined) throw inferenceErrors.error('unknown-model', { field: modelId });
    return first;
  }

  const isReady = (model: Model): boolean =>
    engine.versions().some((each) => sameVersion(each.model, model) && each.state.state === 'ready');

  /** Puts one version in service, if it differs from the one there. `replaces`: whose work it takes over under another number. */
  async function exchange(model: Model, kept: boolean, replaces?: Model): Promise<Exchanged> {
    const old = served(model.manifest.id).find((each) => sameVersion(each, model));
    const about = {
      version: model.manifest.version,
      oldSha256: sha256Of(old ?? replaces),
      newSha256: sha256Of(model),
      calibrationVersion: model.calibration.version,
      reason: null,
    };
    try {
      const next = model.manifest.id === modelId ? beside(base(), model, site) : model;
      if (old !== undefined && descriptionSha256(old) === descriptionSha256(next) && isReady(model))
        return { ...about, outcome: 'unchanged' };
      const state = await engine.put(next, kept);
      if (state.state === 'ready') return { ...about, outcome: 'loaded' };
      return {
        ...about,
        outcome: 'refused',
        reason: state.state === 'refused' ? state.reason : 'the service is closing',
      };
    } catch (thrown) {
      if (!(thrown instanceof CareError)) throw thrown;
      return { ...about, outcome: 'refused', reason: `${thrown.code}: ${thrown.reason}` };
    }
  }

  /** Takes out what is none of these versions of the reading model. */
  function dropOthers(wanted: readonly (string | undefined)[]): Exchanged[] {
    const out = served(modelId).filter(({ manifest }) => !wanted.includes(manifest.version));
    for (const { manifest } of out) engine.drop(manifest.id, manifest.version);
    return out.map((model) => ({
      version: model.manifest.version,
      outcome: 'removed',
      reason: null,
      oldSha256: sha256Of(model),
      newSha256: null,
      calibrationVersion: null,
    }));
  }

  return { served, base, isReady, exchange, dropOthers };
}
