// Versions of the reading model in service, and the version that reads each study.
import type { Lease } from '#inference/engine/engine.ts';
import type { Provenance } from '#kernel/provenance.ts';
import { isOfCanary } from '#models/canary.ts';
import type { RefusedModel } from '#models/load.ts';
import { isVersion, type Model } from '#models/model.ts';
import { type ChangesDeps, type ModelChanges, modelChanges } from './model-changes.ts';
import { sameVersion } from './model-exchange.ts';

export interface ReadingModels extends Pick<ModelChanges, 'folder' | 'look' | 'reload' | 'follow'> {
  /** Answers who names no version. */
  base(): Model;
  /** Those in service first, then those that only lie in the folder. */
  models(): readonly Model[];
  refused(): readonly RefusedModel[];
  /** Until it is released, that version reads this study. The same study gets the same version while the setting stays. */
  lease(studyUid: string): Lease;
  /** The version that gave a reading; undefined where it is not in service any longer. */
  leaseOf(provenance: Pick<Provenance, 'modelId' | 'modelVersion' | 'modelSha256'>): Lease | undefined;
  /** Of the studies that come, 0 to 1. */
  shareOf(model: Model): number;
  /** A study was read by it. */
  counted(model: Pick<Provenance, 'modelId' | 'modelVersion'>): void;
  /** Studies read since this process started. */
  readingsOf(model: Model): number;
  /** Findings of all models by their codes; those of the model that reads come first, and say what a code is called. */
  heads(): readonly Head[];
  /** Those of the version that gave a reading. */
  headsOf(provenance: Pick<Provenance, 'modelId' | 'modelVersion'>): readonly Head[];
}
type Head = Model['manifest']['heads'][number];

const keyOf = ({ modelId, modelVersion }: Pick<Provenance, 'modelId' | 'modelVersion'>): string =>
  `${modelId}/${modelVersion}`;
export function readingModels(deps: ChangesDeps): ReadingModels {
  const { engine } = deps;
  const { base, isReady, tried, canary, folder, look, reload, follow } = modelChanges(deps);
  const readings = new Map<string, number>();

  function shareOf(model: Model): number {
    const other = tried();
    const share = other === undefined ? 0 : (canary()?.share ?? 0);
    if (sameVersion(model, base())) return 1 - share;
    return other !== undefined && sameVersion(model, other) ? share : 0;
  }

  function models(): readonly Model[] {
    // What stands in for a missing model is none.
    const inService = engine.versions().flatMap(({ model }) => (model.manifest.files.length === 0 ? [] : [model]));
    const first = inService.toSorted((a, b) => Number(b === base()) - Number(a === base()));
    return [...first, ...folder().models.filter((model) => !inService.some((each) => sameVersion(each, model)))];
  }

  return {
    base,
    models,
    refused: () => folder().refused,
    folder,
    heads() {
      const all = [base(), ...models()].flatMap(({ manifest }) => manifest.heads);
      return all.filter((head, at) => all.findIndex(({ code }) => code === head.code) === at);
    },
    headsOf: (identity) => (models().find(isVersion(identity)) ?? base()).manifest.heads,
    lease(studyUid) {
      const other = tried();
      const rule = canary();
      // A version that does not answer at the moment costs no study its turn.
      const isOther = other !== undefined && rule !== undefined && isOfCanary(studyUid, rule) && isReady(other);
      const { id, version } = (isOther ? other : base()).manifest;
      return engine.lease(id, version);
    },
    leaseOf({ modelId, modelVersion, modelSha256 }) {
      const isIt = isVersion({ modelId, modelVersion });
      const gave = engine.versions().find(({ model }) => isIt(model));
      const isSame = gave?.model.manifest.files.some(({ sha256 }) => sha256 === modelSha256);
      return isSame === true ? engine.lease(modelId, modelVersion) : undefined;
    },
    shareOf,
    counted: (model) => void readings.set(keyOf(model), (readings.get(keyOf(model)) ?? 0) + 1),
    readingsOf: ({ manifest }) => readings.get(keyOf({ modelId: manifest.id, modelVersion: manifest.version })) ?? 0,
    look,
    reload,
    follow,
  };
}
