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
  models(): readonly KnownModel[];
  /** The one that reads while nothing was promoted. */
  configured(): ModelIdentity;
  /** It runs here and gives its golden outputs. Throws `promotion.does-not-run`. */
  prove(model: ModelIdentity): Promise<void>;
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
  /** Absent: the version that the files of the model itself describe. */
  readonly modelVersion?: string | undefined;
  readonly to: ModelStage;
  readonly actor: string;
  readonly approver?: string | undefined;
  /** Why, in the words of the person who does it. */
  readonly reason?: string | undefined;
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

/** Throws `promotion.unknown-model`. */
export function known(
  models: readonly KnownModel[],
  { modelId, modelVersion }: Pick<Wanted, 'modelId' | 'modelVersion'>,
): KnownModel {
  const model = models.find(
    (each) => each.modelId === modelId && (modelVersion === undefined || each.modelVersion === modelVersion),
  );
  if (model !== undefined) return model;
  const named = [modelId, modelVersion].join(' ').trim();
  const names = models.map((each) => `${each.modelId} ${each.modelVersion}`).join(', ');
  throw promotionErrors.error('unknown-model', { field: 'id', reason: `${named}: there is ${names || 'none'}` });
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
  wanted: Pick<Wanted, 'modelId' | 'modelVersion' | 'margin' | 'untested' | 'report'>,
  deps: PromotionDeps,
): Promise<ExitVerdict> {
  const candidate = known(deps.models(), wanted);
  const live = known(deps.models(), liveOf(await deps.stages.list(), deps.configured()));
  return computed({ ...wanted, candidate, live }, deps);
}

/** Throws CareError of the room promotion; then nothing was changed. */
export async function promote(wanted: Wanted, deps: PromotionDeps): Promise<Promoted> {
  const { to, actor, report } = wanted;
  const candidate = known(deps.models(), wanted);
  const configured = deps.configured();
  const before = await deps.stages.list();
  const from = stageOf(candidate, before, configured);
  judgeStep(from, to);
  const approver = wanted.approver?.trim();
  if (needsApprover(to) && (approver === undefined || approver === ''))
    throw promotionErrors.error('approver-missing', { field: 'approver' });
  const live = liveOf(before, configured);
  const exit = needsExit(from, to)
    ? await computed({ ...wanted, candidate, live: known(deps.models(), live) }, deps)
    : undefined;
  if (exit?.passed === false)
    throw promotionErrors.error('exit-not-passed', { field: 'exit', reason: exit.against.join('; ') });
  if (to === 'silent' || needsApprover(to)) await deps.prove(candidate);
  const { modelId, modelVersion } = candidate;
  const staged = await deps.stages.change(
    {
      modelId,
      modelVersion,
      to,
      actor,
      ...(approver !== undefined && approver !== '' && { approver }),
      detail: {
        ...(wanted.reason !== undefined && { reason: wanted.reason }),
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
        judgeStep(stageOf(candidate, stages, configured), to);
        const { modelId: id, modelVersion: version } = liveOf(stages, configured);
        if (id !== live.modelId || version !== live.modelVersion)
          throw promotionErrors.error('not-allowed', { field: 'to', reason: 'another model became live meanwhile' });
      },
      replaces: live,
    },
  );
  return { staged, exit };
}
