// Decides on what each equation answers for one person: an alert, a silence with its reason, a range that stays open, a refusal that is told, and
// which earlier alerts fall because what they told no longer holds. The only decision about a risk; it writes nothing.
import type { Alert } from '#kernel/alert.ts';
import type { Sentence } from '#kernel/errors.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { decideRisk, riskSeverity, type RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { AlertDecision } from '#alerts/decide/raise.ts';
import { type AlertLoad, ruleOfKey } from '#alerts/decide/reader-load.ts';
import { type Acted, act, isOpen } from '#alerts/lifecycle/lifecycle.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import { inSentence } from '#messages/short-text.ts';
import { both, distinct, say } from '#messages/say.ts';
import type { EquationResult } from '#risk/assess/result.ts';
import type { RiskItem } from './risk-item.ts';
import { withoutStandIns } from './stand-ins.ts';

export interface DecidedRisk {
  readonly flag: RiskFlag;
  readonly from?: EquationResult;
  readonly decision: AlertDecision;
}

export interface Decided {
  readonly told: readonly DecidedRisk[];
  /** Earlier alerts that no longer hold, resolved by the system. */
  readonly fallen: readonly Acted[];
  readonly open: readonly (RiskItem & { kind: 'interval' })[];
  /** Equations that would have told something, were it not for the person's age or a pregnancy. */
  readonly withheld: readonly (RiskItem & { kind: 'not-assessed' })[];
  /** What each equation gives now, told or silent. */
  readonly results: ReadonlyMap<string, Sentence>;
  /** What came and could not be used, each once. */
  readonly unusable: readonly Sentence[];
  /** Anything at all was judged. */
  readonly judged: boolean;
}

export interface RiskContext {
  readonly patientCode: string;
  /** The patient's alerts, the suppressed too. */
  readonly previous: readonly Alert[];
  readonly policy: AlertPolicy;
  readonly now: Date;
  readonly load?: AlertLoad;
  /** Alerts whose own values are known to be gone, where an equation now lacks inputs. */
  readonly gone: ReadonlySet<string>;
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

/** An interval whose two ends mean the same to the ward is as good as settled: told as a range, judged by the end that is certain. */
const settled = (item: RiskItem & { kind: 'interval' }): RiskFlag => ({
  ...item.lower,
  ...categoryOf(item),
  result: item.range,
  missing: item.missing,
});

function unusableIn(items: readonly RiskItem[]): readonly Sentence[] {
  const sentences = items.flatMap((item) => {
    if (item.kind !== 'unusable') return [];
    const { code, reason } = item;
    return [both((language) => say(language, 'cds-hooks.gap.rejected', { code, reason: reason.text[language] }))];
  });
  return distinct(sentences);
}

const isSettled = ({ lower, upper }: RiskItem & { kind: 'interval' }, policy: AlertPolicy): boolean =>
  riskSeverity(lower, policy) === riskSeverity(upper, policy);

/** With more missing inputs the interval is too wide to ask a clinician for the rest. */
const MOST_MISSING = 4;

/**
 * An open range is worth a card where it may hide an alarm, rests on something that was measured, and can be closed: by the one input that
 * settles it, or by very few.
 */
function canBeActedOn(
  { upper, from, missing, settledBy }: RiskItem & { kind: 'interval' },
  policy: AlertPolicy,
): boolean {
  if (riskSeverity(upper, policy) === undefined) return false;
  const isMeasured =
    from === undefined || from.inputs.some(({ origin }) => origin !== null && origin.kind !== 'stated');
  return isMeasured && (settledBy !== undefined || missing.length <= MOST_MISSING);
}

/** Undefined for a range that stays open and for what was not assessed. */
function flagIn(item: RiskItem, policy: AlertPolicy): RiskFlag | undefined {
  if (item.kind === 'assessed') return item.flag;
  return item.kind === 'interval' && isSettled(item, policy) ? settled(item) : undefined;
}

type Cause = 'lower' | 'open' | 'not-applicable' | 'facts-withdrawn';

/** Why an alert of this equation no longer holds; undefined where it does, or where nothing is known against it. */
function causeAgainst(alert: Alert, item: RiskItem, { policy, gone }: RiskContext): Cause | undefined {
  if (item.kind === 'not-assessed') {
    if (item.because === 'person') return 'not-applicable';
    return gone.has(alert.id) ? 'facts-withdrawn' : undefined;
  }
  const flag = flagIn(item, policy);
  if (flag !== undefined) return riskSeverity(flag, policy) === undefined ? 'lower' : undefined;
  return item.kind === 'interval' ? 'open' : undefined;
}

const equationOf = (item: RiskItem): string | undefined => {
  if (item.kind === 'unusable') return undefined;
  if (item.kind === 'not-assessed') return item.equationId;
  return item.kind === 'assessed' ? item.flag.equationId : item.lower.equationId;
};

function fallenAlerts(items: readonly RiskItem[], context: RiskContext): Acted[] {
  const byRule = new Map(items.map((item) => [`risk/${equationOf(item)}`, item]));
  return context.previous.flatMap((alert) => {
    const item = byRule.get(ruleOfKey(alert.dedupKey));
    if (item === undefined || !isOpen(alert.status)) return [];
    const cause = causeAgainst(alert, item, context);
    if (cause === undefined) return [];
    const by = { eventId: derivedUuid('fallen', alert.id), at: context.now, actor: 'system', channel: 'risk' };
    return [act(alert, { kind: 'resolved', reasonCode: cause }, by)];
  });
}

export function decideRisks(items: readonly RiskItem[], context: RiskContext): Decided {
  const { patientCode, policy, now, load } = context;
  const fallen = fallenAlerts(items, context);
  const standing = new Map(fallen.map(({ alert }) => [alert.id, alert]));
  const previous = context.previous.map((alert) => standing.get(alert.id) ?? alert);
  const told: DecidedRisk[] = [];
  const open: (RiskItem & { kind: 'interval' })[] = [];
  const withheld: (RiskItem & { kind: 'not-assessed' })[] = [];
  for (const item of withoutStandIns(items)) {
    const flag = flagIn(item, policy);
    if (flag !== undefined) {
      const known = { now, subject: { patientCode }, previous, ...(load === undefined ? {} : { load }) };
      const from = item.kind === 'assessed' || item.kind === 'interval' ? item.from : undefined;
      told.push({ flag, decision: decideRisk(flag, known, policy), ...(from === undefined ? {} : { from }) });
    } else if (item.kind === 'interval') {
      if (canBeActedOn(item, policy)) open.push(item);
    } else if (item.kind === 'not-assessed' && item.despite !== undefined) {
      if (riskSeverity(item.despite, policy) !== undefined) withheld.push(item);
    }
  }
  return {
    told,
    fallen,
    open,
    withheld,
    results: new Map(told.map(({ flag }) => [flag.equationId, flag.result])),
    unusable: unusableIn(items),
    judged: told.length + open.length + withheld.length > 0,
  };
}
