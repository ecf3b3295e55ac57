// Stages of models and the steps between them; the live model may be named by the settings alone.
import { isSameModel, type ModelIdentity, type ModelStage, type StagedModel } from '#kernel/model-stage.ts';
import { promotionErrors } from './errors.ts';

const NEXT: Readonly<Record<ModelStage, readonly ModelStage[]>> = {
  draft: ['silent', 'pilot', 'live', 'retired'],
  silent: ['draft', 'pilot', 'live', 'retired'],
  pilot: ['silent', 'live', 'retired'],
  // Another one takes its place; a service without a live model would read nothing.
  live: [],
  retired: ['draft', 'silent', 'live'],
};

/** `configured`: the one that HAIDANG_CXR_MODEL names; it is live while nothing else was promoted. */
export function stageOf(
  model: ModelIdentity,
  stages: readonly StagedModel[],
  configured: ModelIdentity,
): Pick<StagedModel, 'stage' | 'wasLive'> & Partial<StagedModel> {
  const written = stages.find((each) => isSameModel(each, model));
  const isLive = !stages.some(({ stage }) => stage === 'live') && isSameModel(model, configured);
  if (isLive) return { ...written, stage: 'live', wasLive: true };
  return written ?? { stage: 'draft', wasLive: false };
}

export function liveOf(stages: readonly StagedModel[], configured: ModelIdentity): ModelIdentity {
  return stages.find(({ stage }) => stage === 'live') ?? configured;
}

/** Beside the live model only a pilot reads for people: its exit was passed, and a named person approved it. */
export const isPilot = (model: ModelIdentity, stages: readonly StagedModel[]): boolean =>
  stages.some((each) => isSameModel(each, model) && each.stage === 'pilot');

/** Both read for people, or are about to: figures and a named approver are asked for. */
export const needsApprover = (to: ModelStage): boolean => to === 'pilot' || to === 'live';

/** One that was live comes back on a name alone: a roll-back must not wait for a study. */
export const needsExit = (from: Pick<StagedModel, 'stage' | 'wasLive'>, to: ModelStage): boolean =>
  needsApprover(to) && !(from.stage === 'retired' && from.wasLive);

/** Throws `promotion.not-allowed`. */
export function judgeStep({ stage, wasLive }: Pick<StagedModel, 'stage' | 'wasLive'>, to: ModelStage): void {
  const isRollBack = stage === 'retired' && to === 'live';
  if (NEXT[stage].includes(to) && (!isRollBack || wasLive)) return;
  const ways = NEXT[stage].filter((way) => !(stage === 'retired' && way === 'live' && !wasLive));
  const open = ways.length === 0 ? 'another model must take its place' : `it may become ${ways.join(', ')}`;
  throw promotionErrors.error('not-allowed', { field: 'to', reason: `it is ${stage}, not to become ${to}: ${open}` });
}
