// Outcomes of the alerts of each rule: told, taken on, overridden with the reason, or expired.
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { ruleOfKey } from '#alerts/decide/reader-load.ts';
import { share } from '#research/statistics/share.ts';
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';

export interface FollowedAlert {
  readonly alert: Alert;
  readonly events: readonly AlertEvent[];
}

export interface RuleOutcome {
  readonly rule: string;
  readonly modelVersion: string;
  readonly told: number;
  readonly suppressed: number;
  readonly byStatus: Readonly<Partial<Record<AlertStatus, number>>>;
  readonly overrideReasons: Readonly<Record<string, number>>;
  /** Of those that a person answered: taken on, not overridden, not called wrong. No answer is no acceptance. */
  readonly accepted: IntervalEstimate;
  readonly medianMinutesToAnswer: number | null;
}

const ACCEPTED = new Set<AlertStatus>(['acknowledged', 'resolved']);
const DECIDED = new Set(['acknowledged', 'overridden', 'false-positive']);

function count(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** The first decision that a person made, where there is one. */
const decisionOf = ({ events }: FollowedAlert): AlertEvent | undefined =>
  events.find(({ kind, actor, to }) => DECIDED.has(kind) && actor !== 'system' && to !== undefined);

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[middle - 1];
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

function outcomeOf(followed: readonly FollowedAlert[]): Omit<RuleOutcome, 'rule' | 'modelVersion'> {
  const told = followed.filter(({ alert }) => alert.suppressedBecause === undefined);
  const decided = told.flatMap((one) => {
    const decision = decisionOf(one);
    return decision === undefined ? [] : [{ one, decision }];
  });
  const accepted = decided.filter(
    ({ one, decision }) => ACCEPTED.has(one.alert.status) && decision.kind === 'acknowledged',
  );
  const reasons = told.flatMap(({ events }) =>
    events.flatMap(({ kind, reasonCode }) => (kind === 'overridden' && reasonCode !== undefined ? [reasonCode] : [])),
  );
  return {
    told: told.length,
    suppressed: followed.length - told.length,
    byStatus: count(told.map(({ alert }) => alert.status)),
    overrideReasons: count(reasons),
    accepted: share(accepted.length, decided.length),
    medianMinutesToAnswer: median(
      decided.map(({ one, decision }) => (Date.parse(decision.at) - Date.parse(one.alert.createdAt)) / 60_000),
    ),
  };
}

/** One row per rule and model version, by name. */
export function ruleOutcomes(followed: readonly FollowedAlert[]): readonly RuleOutcome[] {
  const groups = Map.groupBy(followed, ({ alert }) => `${ruleOfKey(alert.dedupKey)}\0${alert.provenance.modelVersion}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const [rule = '', modelVersion = ''] = key.split('\0');
      return { rule, modelVersion, ...outcomeOf(group) };
    });
}
