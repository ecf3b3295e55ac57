// Versions of the reading model in service, the version that reads each study, and their exchange while
// requests run.
import { join } from 'node:path';
import type { CareError } from '#kernel/errors.ts';
import type { Lease } from '#inference/engine/engine.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { StagedModel } from '#kernel/model-stage.ts';
import type { Provenance } from '#kernel/provenance.ts';
import { type Canary, isOfCanary } from '#models/canary.ts';
import { type LoadedModels, loadVersions, type RefusedModel } from '#models/load.ts';
import type { Model } from '#models/model.ts';
import type { Exchanged } from '#preread/model-routes.ts';
import { canaryFault } from './choose-models.ts';
import { createExchange, type ExchangeDeps, refusedFolder, sameVersion } from './model-exchange.ts';

export interface ReadingModels {
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
  /** Reads the folder and the canary's setting again. One reload at a time. Throws CareError `inference.unknown-model`. */
  reload(modelId: string): Promise<readonly Exchanged[]>;
}

export interface ReadingDeps extends ExchangeDeps {
  readonly modelsDir: string;
  readonly loaded: LoadedModels;
  /** The setting as it is now. */
  readonly canary: () => Canary | undefined;
  /** While none is live, the files of the model itself say which reads. */
  readonly stages: () => Promise<readonly StagedModel[]>;
}

const keyOf = ({ modelId, modelVersion }: Pick<Provenance, 'modelId' | 'modelVersion'>): string =>
  `${modelId}/${modelVersion}`;
/** Undefined: the version that serves stays. */
function wantedVersion(
  { models, refused }: LoadedModels,
  {
    reads,
    promoted,
    tried,
  }: { readonly reads: string; readonly promoted: string | undefined; readonly tried: string | undefined },
): Model | undefined {
  if (promoted !== undefined) return models.find(({ manifest }) => manifest.version === promoted);
  // Where the files of the model itself are refused, no other version takes its place unasked.
  if (refused.some(({ folder }) => folder === reads)) return undefined;
  return models.find(({ manifest }) => manifest.version !== tried);
}

const promotedAway = (folder: string): Exchanged =>
  refusedFolder({ folder, code: 'promotion', reason: 'it is live, and the folder does not hold it' });

const refusedSetting = (folder: string, { code, field, reason }: CareError): Exchanged =>
  refusedFolder({ folder, code, reason: `${field}: ${reason}` });

export function readingModels(deps: ReadingDeps): ReadingModels {
  const { engine, modelId: reads } = deps;
  const { served, base, isReady, exchange, dropOthers } = createExchange(deps);
  let { models: found, refused } = deps.loaded;
  let { canary } = deps.site;
  const readings = new Map<string, number>();
  const tried = (): Model | undefined =>
    served(reads).find((model) => model !== base() && model.manifest.version === canary?.version);

  function shareOf(model: Model): number {
    const share = tried() === undefined ? 0 : (canary?.share ?? 0);
    if (sameVersion(model, base())) return 1 - share;
    const isTried = tried() !== undefined && model.manifest.id === reads;
    return isTried && model.manifest.version === canary?.version ? share : 0;
  }

  /** The version that reads, the one that is tried beside it, and nothing else. */
  async function reloadReading(now: LoadedModels): Promise<readonly Exchanged[]> {
    const next = deps.canary();
    const done = now.refused.map(refusedFolder);
    const stages = await deps.stages();
    const promoted = stages.find(({ stage }) => stage === 'live')?.modelVersion;
    const wanted = wantedVersion(now, { reads, promoted, tried: next?.version });
    if (promoted !== undefined && wanted === undefined) done.push(promotedAway(`${reads}/${promoted}`));
    if (wanted !== undefined) {
      const exchanged = await exchange(wanted, true, base());
      done.push(exchanged);
      if (exchanged.outcome !== 'refused') engine.prefer(reads, wanted.manifest.version);
    }
    const asked = next?.model === reads && next.share > 0 ? next : undefined;
    const fault =
      asked === undefined || asked.version === base().manifest.version ? undefined : canaryFault(asked, stages);
    if (fault !== undefined) done.push(refusedSetting(`${reads}/${asked?.version}`, fault));
    const triedVersion = fault === undefined ? asked?.version : undefined;
    const tryOut = now.models.find(({ manifest }) => manifest.version === triedVersion);
    if (tryOut !== undefined && !sameVersion(tryOut, base())) done.push(await exchange(tryOut, true));
    canary = next;
    return [...done, ...dropOthers([base().manifest.version, triedVersion])];
  }

  async function reloadOnce(modelId: string): Promise<readonly Exchanged[]> {
    const now = await loadVersions(join(deps.modelsDir, modelId));
    if (now.models.length + now.refused.length === 0) throw inferenceErrors.error('unknown-model', { field: modelId });
    const others = <Each>(list: readonly Each[], idOf: (each: Each) => string): Each[] =>
      list.filter((each) => idOf(each) !== modelId);
    found = [...others(found, ({ manifest }) => manifest.id), ...now.models];
    refused = [...others(refused, ({ folder }) => folder.split('/')[0] ?? ''), ...now.refused];
    if (modelId === reads) return reloadReading(now);
    const exchanged: Exchanged[] = now.refused.map(refusedFolder);
    // No film is read with it: it serves only requests of other programs.
    if (served(modelId).length > 0) for (const model of now.models) exchanged.push(await exchange(model, false));
    return exchanged;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    base,
    models() {
      // What stands in for a missing model is none.
      const inService = engine.versions().flatMap(({ model }) => (model.manifest.files.length === 0 ? [] : [model]));
      return [...inService, ...found.filter((model) => !inService.some((each) => sameVersion(each, model)))];
    },
    refused: () => refused,
    lease(studyUid) {
      const other = tried();
      // A version that does not answer at the moment costs no study its turn.
      const isOther = other !== undefined && canary !== undefined && isOfCanary(studyUid, canary) && isReady(other);
      return engine.lease(reads, (isOther ? other : base()).manifest.version);
    },
    leaseOf({ modelId, modelVersion, modelSha256 }) {
      const gave = engine
        .versions()
        .find(({ model: { manifest } }) => manifest.id === modelId && manifest.version === modelVersion);
      const isSame = gave?.model.manifest.files.some(({ sha256 }) => sha256 === modelSha256);
      return isSame === true ? engine.lease(modelId, modelVersion) : undefined;
    },
    shareOf,
    counted: (model) => void readings.set(keyOf(model), (readings.get(keyOf(model)) ?? 0) + 1),
    readingsOf: ({ manifest }) => readings.get(keyOf({ modelId: manifest.id, modelVersion: manifest.version })) ?? 0,
    reload(modelId) {
      const mine = last.then(() => reloadOnce(modelId));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
