// Puts one version of a model in the place of another, and says what was done.
import type { RunningEngine } from '#inference/engine/start-engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import { CareError } from '#kernel/errors.ts';
import { descriptionSha256 } from '#models/exchange.ts';
import type { RefusedModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Exchanged } from '#preread/model-routes.ts';
import { alone, beside } from './choose-models.ts';
import type { Site } from './site.ts';

export interface ExchangeDeps {
  readonly engine: Pick<RunningEngine, 'versions' | 'lease' | 'put' | 'drop' | 'prefer' | 'offer' | 'spare' | 'memory'>;
  /** The model that reads. */
  readonly modelId: () => string;
  readonly site: Pick<Site, 'prevalence' | 'canary'>;
}

export interface ExchangeRules {
  /** Reads films: is never put out of memory. */
  readonly kept: boolean;
  /** Whose work it takes over under another name or number. */
  readonly replaces?: Model;
  readonly isPromoted?: boolean;
}

export const sameVersion = (a: Model, b: Model): boolean =>
  a.manifest.id === b.manifest.id && a.manifest.version === b.manifest.version;

const sha256Of = (model: Model | undefined): string | null => model?.manifest.files[0]?.sha256 ?? null;

export const refusedFolder = ({ folder, code, reason }: RefusedModel): Exchanged => ({
  modelId: folder.split('/')[0] ?? folder,
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
    const [first] = served(modelId());
    if (first === undefined) throw inferenceErrors.error('unknown-model', { field: modelId() });
    return first;
  }

  const readyOne = (model: Model) =>
    engine.versions().find((each) => sameVersion(each.model, model) && each.state.state === 'ready');
  const isReady = (model: Model): boolean => readyOne(model) !== undefined;

  /** As it is to serve. One that was promoted may have other findings than the one that reads now. */
  function adapted(model: Model, isPromoted: boolean): Model {
    if (isPromoted) return alone(model, site);
    return model.manifest.id === modelId() ? beside(base(), model, site) : model;
  }

  /** Puts one version in service, if it differs from the one there. */
  async function exchange(model: Model, { kept, replaces, isPromoted = false }: ExchangeRules): Promise<Exchanged> {
    const old = served(model.manifest.id).find((each) => sameVersion(each, model));
    const about = {
      modelId: model.manifest.id,
      version: model.manifest.version,
      oldSha256: sha256Of(old ?? replaces),
      newSha256: sha256Of(model),
      calibrationVersion: model.calibration.version,
      reason: null,
    };
    try {
      const next = adapted(model, isPromoted);
      if (old !== undefined && descriptionSha256(old) === descriptionSha256(next) && readyOne(model)?.kept === kept)
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

  /** Takes out the versions of a model that read, but for those of the reading model that are wanted. */
  function dropOthers(id: string, wanted: readonly (string | undefined)[]): Exchanged[] {
    const out = served(id).filter(({ manifest }) => id !== modelId() || !wanted.includes(manifest.version));
    // With a budget a model that reads no longer stays for programs that ask for it, as long as there is room.
    const spared = id !== modelId() && engine.memory().budgetBytes !== undefined;
    for (const { manifest } of out)
      if (spared) engine.spare(id, manifest.version);
      else engine.drop(id, manifest.version);
    return out.map((model) => ({
      modelId: id,
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
