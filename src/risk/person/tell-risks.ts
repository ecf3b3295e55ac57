// Judged risks meet the ward's policy: what is told is kept before it is shown, and what missing inputs leave open stays open.
import type { RiskItem, RiskTold } from './risk-item.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Sentence } from '#kernel/errors.ts';
import { decideRisk, riskSeverity, type RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import { inSentence } from '#messages/short-text.ts';
import { both, distinct, say } from '#messages/say.ts';
import { withoutStandIns } from './stand-ins.ts';

export interface TellRiskDeps {
  readonly clock: Clock;
  readonly keepRisks:
    | ((facilityId: string, patientCode: string, told: readonly RiskTold[]) => Promise<void>)
    | undefined;
}

export interface ToldRisks {
  readonly alerts: readonly Alert[];
  /** Stored alerts that these replace. */
  readonly replaced: ReadonlySet<string>;
  readonly open: readonly (RiskItem & { kind: 'interval' })[];
  /** What each equation gives now, told or silent: an alert that stands may say an older number. */
  readonly results: ReadonlyMap<string, Sentence>;
  /** What came and could not be used, each once. */
  readonly unusable: readonly Sentence[];
  /** Anything at all was judged. */
  readonly judged: boolean;
}

export interface RiskContext {
  readonly facilityId: string;
  readonly patientCode: string;
  /** The patient's alerts, the suppressed too. */
  readonly previous: readonly Alert[];
  readonly policy: AlertPolicy;
}

/** Both categories are named where they differ; the code stays the lower one's, which is certain. */
function categoryOf({ lower, upper }: RiskItem & { kind: 'interval' }): Pick<RiskFlag, 'category'> {
  const [from, to] = [lower.category, upper.category];
  if (from === undefined || to === undefined || from.code === to.code) return {};
  const title = both((language) =>
    say(language, 'cds-hooks.open-risk.categories', {
      lower: inSentence(from.title[language]),
      upper: inSentence(to.title[language]),
    }),
  );
  return { category: { code: from.code, title } };
}

/** An interval whose two ends mean the same to the ward is as good as settled: told as a range, judged by what is certain. */
const settled = (item: RiskItem & { kind: 'interval' }): RiskFlag => ({
  ...item.lower,
  ...categoryOf(item),
  result: both((language) =>
    say(language, 'cds-hooks.open-risk.range', {
      lower: item.lower.result[language],
      upper: item.upper.result[language],
    }),
  ),
});

function unusableIn(items: readonly RiskItem[]): readonly Sentence[] {
  const sentences = items.flatMap((item) => {
    if (item.kind !== 'unusable') return [];
    const { code, reason } = item;
    return [both((language) => say(language, 'cds-hooks.gap.rejected', { code, reason: reason.text[language] }))];
  });
  return distinct(sentences);
}

/** Decides on each risk, keeps what was told before it is shown, and leaves open what missing inputs leave open. */
export async function tellRisks(
  items: readonly RiskItem[],
  context: RiskContext,
  deps: TellRiskDeps,
): Promise<ToldRisks> {
  const { facilityId, patientCode, previous, policy } = context;
  const told: RiskTold[] = [];
  const open: (RiskItem & { kind: 'interval' })[] = [];
  for (const item of withoutStandIns(items)) {
    if (item.kind === 'not-assessed' || item.kind === 'unusable') continue;
    if (item.kind === 'interval' && riskSeverity(item.lower, policy) !== riskSeverity(item.upper, policy)) {
      open.push(item);
      continue;
    }
    const flag = item.kind === 'assessed' ? item.flag : settled(item);
    const decision = decideRisk(
      flag,
      {
        now: deps.clock.now(),
        subject: { patientCode },
        previous,
      },
      policy,
    );
    told.push({ flag, decision, ...(item.record === undefined ? {} : { record: item.record }) });
  }
  if (told.length > 0) await deps.keepRisks?.(facilityId, patientCode, told);
  const alerts = told.flatMap(({ decision }) => (decision.kind === 'alert' ? [decision.alert] : []));
  const replaced = told.flatMap(({ decision }) =>
    decision.kind === 'alert' && decision.supersedes !== undefined ? [decision.supersedes] : [],
  );
  return {
    alerts,
    replaced: new Set(replaced),
    open,
    results: new Map(told.map(({ flag }) => [flag.equationId, flag.result])),
    unusable: unusableIn(items),
    judged: told.length + open.length > 0,
  };
}
