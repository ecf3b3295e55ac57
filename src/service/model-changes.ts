// Changes what reads while requests run: the folder is read again, another version is put in place, a promoted model takes over. One change at a
// time.
import { join } from 'node:path';
import { inferenceErrors } from '#inference/errors.ts';
import type { CareError } from '#kernel/errors.ts';
import type { ModelIdentity, StagedModel } from '#kernel/model-stage.ts';
import type { Canary } from '#models/canary.ts';
import { type LoadedModels, loadVersions } from '#models/load.ts';
import { isVersion, type Model } from '#models/model.ts';
import type { Exchanged } from '#preread/model-routes.ts';
import { canaryFault } from './choose-models.ts';
import { createExchange, type ExchangeDeps, refusedFolder, sameVersion } from './model-exchange.ts';

export interface ModelChanges {
  /** Answers who names no version. */
  base(): Model;
  isReady(model: Model): boolean;
  /** In service beside it. */
  tried(): Model | undefined;
  /** The setting as it was at the last reload. */
  canary(): Canary | undefined;
  /** As it lies in the folder, without what the site changes. */
  folder(): LoadedModels;
  /** Reads the folder of one model again; what serves stays as it is. */
  look(modelId: string): Promise<void>;
  /** Reads the folder and the canary's setting again. One change at a time. Throws CareError `inference.unknown-model`. */
  reload(modelId: string): Promise<readonly Exchanged[]>;
  /** Lets the model that was promoted read from now on. Where it is refused, what serves stays. Nothing where it reads already. */
  follow(live: ModelIdentity): Promise<readonly Exchanged[]>;
}

export interface ChangesDeps extends Omit<ExchangeDeps, 'modelId'> {
  /** Reads at the start. */
  readonly modelId: string;
  readonly modelsDir: string;
  readonly loaded: LoadedModels;
  /** The setting as it is now. */
  readonly canary: () => Canary | undefined;
  /** While none is live, the files of the model itself say which reads. */
  readonly stages: () => Promise<readonly StagedModel[]>;
}

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

const inTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};

export function modelChanges(deps: ChangesDeps): ModelChanges {
  const { engine } = deps;
  let reads = deps.modelId;
  const { served, base, isReady, exchange, dropOthers } = createExchange({ ...deps, modelId: () => reads });
  let { models: found, refused } = deps.loaded;
  let { canary } = deps.site;
  const tried = (): Model | undefined =>
    canary?.model !== reads
      ? undefined
      : served(reads).find((model) => model !== base() && model.manifest.version === canary?.version);

  /** The version that reads, the one that is tried beside it, and nothing else. */
  async function reloadReading(now: LoadedModels): Promise<readonly Exchanged[]> {
    const next = deps.canary();
    const done = now.refused.map(refusedFolder);
    const stages = await deps.stages();
    const promoted = stages.find(({ stage, modelId }) => stage === 'live' && modelId === reads)?.modelVersion;
    const wanted = wantedVersion(now, { reads, promoted, tried: next?.version });
    if (promoted !== undefined && wanted === undefined) done.push(promotedAway(`${reads}/${promoted}`));
    if (wanted !== undefined) {
      const exchanged = await exchange(wanted, { kept: true, replaces: base() });
      done.push(exchanged);
      if (exchanged.outcome !== 'refused') engine.prefer(reads, wanted.manifest.version);
    }
    const asked = next?.model === reads && next.share > 0 ? next : undefined;
    const fault =
      asked === undefined || asked.version === base().manifest.version ? undefined : canaryFault(asked, stages);
    if (fault !== undefined) done.push(refusedSetting(`${reads}/${asked?.version}`, fault));
    const triedVersion = fault === undefined ? asked?.version : undefined;
    const tryOut = now.models.find(({ manifest }) => manifest.version === triedVersion);
    if (tryOut !== undefined && !sameVersion(tryOut, base())) done.push(await exchange(tryOut, { kept: true }));
    canary = next;
    return [...done, ...dropOthers(reads, [base().manifest.version, triedVersion])];
  }

  async function lookAt(modelId: string): Promise<LoadedModels> {
    const now = await loadVersions(join(deps.modelsDir, modelId));
    const others = <Each>(list: readonly Each[], idOf: (each: Each) => string): Each[] =>
      list.filter((each) => idOf(each) !== modelId);
    found = [...others(found, ({ manifest }) => manifest.id), ...now.models];
    refused = [...others(refused, ({ folder }) => folder.split('/')[0] ?? ''), ...now.refused];
    // With a budget every model of the folder is there for programs that ask for it.
    if (modelId !== reads && engine.memory().budgetBytes !== undefined)
      for (const model of now.models)
        if (!served(modelId).some((each) => sameVersion(each, model))) engine.offer(model);
    return now;
  }

  async function reloadOnce(modelId: string): Promise<readonly Exchanged[]> {
    const now = await lookAt(modelId);
    if (now.models.length + now.refused.length === 0) throw inferenceErrors.error('unknown-model', { field: modelId });
    if (modelId === reads) return reloadReading(now);
    const exchanged: Exchanged[] = now.refused.map(refusedFolder);
    // No film is read with it: it serves only requests of other programs.
    if (served(modelId).length > 0)
      for (const model of now.models) exchanged.push(await exchange(model, { kept: false }));
    return exchanged;
  }

  async function followOnce(live: ModelIdentity): Promise<readonly Exchanged[]> {
    const { modelId, modelVersion } = live;
    const isIt = isVersion(live);
    const before = base();
    if (isIt(before)) return [];
    const model = found.find(isIt) ?? (await lookAt(modelId)).models.find(isIt);
    if (model === undefined) return [promotedAway(`${modelId}/${modelVersion}`)];
    const exchanged = await exchange(model, { kept: true, replaces: before, isPromoted: true });
    if (exchanged.outcome === 'refused') return [exchanged];
    engine.prefer(modelId, modelVersion);
    reads = modelId;
    return [exchanged, ...dropOthers(before.manifest.id, [modelVersion, tried()?.manifest.version])];
  }

  const inTurn = inTurns();
  return {
    base,
    isReady,
    tried,
    canary: () => canary,
    folder: () => ({ models: found, refused }),
    look: (modelId) => inTurn(async () => void (await lookAt(modelId))),
    reload: (modelId) => inTurn(() => reloadOnce(modelId)),
    follow: (live) => inTurn(() => followOnce(live)),
  };
}
