// Brings a model to another stage, or refuses with the reason: the way must be open, the exit computed and passed, a person named.
import { sha256Hex } from '#kernel/ids.ts';
import type {
  ConfirmedCase,
  ModelIdentity,
  ModelStage,
  StageChange,
  StagedModel,
  StageRules,
} from '#kernel/model-stage.ts';
import { promotionErrors } from './errors.ts';
import { type ExitVerdict, casesOf, DEFAULT_MARGIN, exitOf } from './exit.ts';
import { type ReportedModel, reportCases, type TrialReport } from './report.ts';
import { judgeStep, liveOf, needsApprover, needsExit, stageOf } from './stages.ts';

/** What the folder says of a model. */
export interface KnownModel extends ReportedModel {
  readonly findings: readonly string[];
}

export interface PromotionDeps {
  /** All that can be used here. */
  readonly models: readonly KnownModel[];
  /** The one that HAIDANG_CXR_MODEL names. */
  readonly configured: ModelIdentity;
  readonly stages: {
    list(): Promise<readonly StagedModel[]>;
    change(change: StageChange, rules: StageRules): Promise<StagedModel>;
  };
  /** Of all facilities. */
  confirmed(pair: {
    readonly candidate: ModelIdentity;
    readonly live: ModelIdentity;
  }): Promise<readonly ConfirmedCase[]>;
}

export interface Wanted {
  readonly modelId: string;
  readonly to: ModelStage;
  readonly actor: string;
  readonly approver?: string | undefined;
  readonly margin?: number | undefined;
  /** Findings that the approver lets pass without a test. */
  readonly untested?: readonly string[] | undefined;
  /** Absent: the confirmed cases of this service. */
  readonly report?: TrialReport | undefined;
}

export interface Promoted {
  readonly staged: StagedModel;
  readonly exit: ExitVerdict | undefined;
}

function known(models: readonly KnownModel[], modelId: string): KnownModel {
  const model = models.find((each) => each.modelId === modelId);
  if (model !== undefined) return model;
  const names = models.map((each) => each.modelId).join(', ');
  throw promotionErrors.error('unknown-model', { field: 'id', reason: `${modelId}: there is ${names || 'none'}` });
}

interface Question extends Pick<Wanted, 'margin' | 'untested' | 'report'> {
  readonly candidate: KnownModel;
  readonly live: KnownModel;
}

async function computed(
  { candidate, live, margin = DEFAULT_MARGIN, untested = [], report }: Question,
  deps: PromotionDeps,
): Promise<ExitVerdict> {
  const cases =
    report === undefined
      ? casesOf(await deps.confirmed({ candidate, live }))
      : reportCases(report, { candidate: reported(candidate), live: reported(live) });
  return exitOf(cases, { margin, findings: live.findings, untested });
}

const reported = ({ findings: _findings, ...model }: KnownModel): ReportedModel => model;

/** The figures as they stand, without a step. Throws `promotion.unknown-model`, `promotion.report-unfit`. */
export async function exitNow(
  wanted: Pick<Wanted, 'modelId' | 'margin' | 'untested' | 'report'>,
  deps: PromotionDeps,
): Promise<ExitVerdict> {
  const candidate = known(deps.models, wanted.modelId);
  const live = known(deps.models, liveOf(await deps.stages.list(), deps.configured).modelId);
  return computed({ ...wanted, candidate, live }, deps);
}

/** Throws CareError of the room promotion; then nothing was changed. */
export async function promote(wanted: Wanted, deps: PromotionDeps): Promise<Promoted> {
  const { to, actor, report } = wanted;
  const candidate = known(deps.models, wanted.modelId);
  const before = await deps.stages.list();
  const from = stageOf(candidate, before, deps.configured);
  judgeStep(from, to);
  const approver = wanted.approver?.trim();
  if (needsApprover(to) && (approver === undefined || approver === ''))
    throw promotionErrors.error('approver-missing', { field: 'approver' });
  const live = liveOf(before, deps.configured);
  const exit = needsExit(from, to)
    ? await computed({ ...wanted, candidate, live: known(deps.models, live.modelId) }, deps)
    : undefined;
  if (exit?.passed === false)
    throw promotionErrors.error('exit-not-passed', { field: 'exit', reason: exit.against.join('; ') });
  const { modelId, modelVersion } = candidate;
  const staged = await deps.stages.change(
    {
      modelId,
      modelVersion,
      to,
      actor,
      ...(approver !== undefined && approver !== '' && { approver }),
      detail: {
        sha256: candidate.sha256,
        against: `${live.modelId} ${live.modelVersion}`,
        ...(exit !== undefined && {
          basis:
            report === undefined
              ? 'confirmed cases'
              : { ...report.dataset, reportSha256: sha256Hex(JSON.stringify(report)) },
          margin: exit.margin,
          untested: wanted.untested ?? [],
          findings: exit.findings,
        }),
      },
    },
    {
      // Somebody else may have moved it, or the live one, while the figures were computed.
      judge: (stages) => {
        judgeStep(stageOf(candidate, stages, deps.configured), to);
        if (liveOf(stages, deps.configured).modelId !== live.modelId)
          throw promotionErrors.error('not-allowed', { field: 'to', reason: 'another model became live meanwhile' });
      },
      replaces: live,
    },
  );
  return { staged, exit };
}
