// Load of the readers: the alerts already raised, counted per rule and per role, and the patients among whom they fell.
import { type Clock, HOUR_MS } from '#kernel/clock.ts';
import { type Alert, SEVERITIES, type Severity } from '#kernel/alert.ts';
import { interrupts, type AlertPolicy } from '#alerts/policy/policy.ts';

export interface AlertLoad {
  /** Alerts raised (not suppressed) in the last hour, by rule id. */
  readonly raisedLastHour: Readonly<Record<string, number>>;
  /** Interruptive alerts raised in the budget's window, by role of the audience. */
  readonly interruptiveByRole: Readonly<Record<string, number>>;
  /** Distinct patients read or assessed in the budget's window. */
  readonly patients: number;
}

const DAY_HOURS = 24;

/** The rule id inside a dedup key (`rule:kind:id:sub key`); rule ids hold no colon. */
export const ruleOfKey = (dedupKey: string): string => dedupKey.slice(0, Math.max(dedupKey.indexOf(':'), 0));

/** Counts that a policy needs of the store. Starts are exclusive: an alert exactly as old as its window is not counted. */
export interface LoadQuestion {
  readonly now: Date;
  readonly hourStart: Date;
  readonly windowStart: Date;
  /** Severities that count against the budget. */
  readonly interruptive: readonly Severity[];
}

export interface LoadStore {
  readonly alerts: {
    load(question: LoadQuestion): Promise<AlertLoad>;
    turn<T>(decide: () => Promise<T>): Promise<T>;
  };
}

/**
 * Counted anew for each decision, from what is stored: the budget is one for all processes of a facility and survives a restart.
 * No other decision of the facility runs until `decide` has stored what it raised, or two would take the same last share of the budget.
 */
export const withLoad = <T>(
  store: LoadStore,
  { clock, policy }: { readonly clock: Clock; readonly policy: AlertPolicy },
  decide: (known: { readonly now: Date; readonly load: AlertLoad }) => Promise<T>,
): Promise<T> =>
  store.alerts.turn(async () => {
    const now = clock.now();
    return decide({ now, load: await loadFrom(store, { now, policy }) });
  });

const loadFrom = ({ alerts }: LoadStore, at: { now: Date; policy: AlertPolicy }): Promise<AlertLoad> =>
  alerts.load(loadQuestion(at));

/** What a store must count for a decision of this moment. */
export function loadQuestion({ now, policy }: { readonly now: Date; readonly policy: AlertPolicy }): LoadQuestion {
  const ago = (hours: number): Date => new Date(now.getTime() - hours * HOUR_MS);
  return {
    now,
    hourStart: ago(1),
    windowStart: ago(policy.budget.windowDays * DAY_HOURS),
    interruptive: SEVERITIES.filter((severity) => interrupts(severity, policy)),
  };
}

/** Counts a load from recent alerts: `patients` is the number of distinct patients in the budget's window. */
export function measureLoad(
  alerts: readonly Alert[],
  patients: number,
  at: { now: Date; policy: AlertPolicy },
): AlertLoad {
  const raisedLastHour: Record<string, number> = {};
  const interruptiveByRole: Record<string, number> = {};
  const windowMs = at.policy.budget.windowDays * DAY_HOURS * HOUR_MS;
  for (const alert of alerts) {
    const ageMs = at.now.getTime() - Date.parse(alert.createdAt);
    if (alert.suppressedBecause !== undefined || ageMs < 0) continue;
    if (ageMs < HOUR_MS) {
      const ruleId = ruleOfKey(alert.dedupKey);
      raisedLastHour[ruleId] = (raisedLastHour[ruleId] ?? 0) + 1;
    }
    if (ageMs >= windowMs || !interrupts(alert.severity, at.policy)) continue;
    for (const role of alert.audience.roles) interruptiveByRole[role] = (interruptiveByRole[role] ?? 0) + 1;
  }
  return { raisedLastHour, interruptiveByRole, patients };
}
