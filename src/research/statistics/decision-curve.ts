// Net benefit of acting above a threshold (Vickers and Elkin 2006): what a model is worth against treating all and treating none.
import { type Followed, survivalCurve } from './kaplan-meier.ts';

export interface DecisionPoint {
  readonly threshold: number;
  /** Per case: true positives less false positives weighed by the odds of the threshold. */
  readonly netBenefit: number;
  readonly treatAll: number;
}

export function decisionCurve(
  probabilities: readonly number[],
  outcomes: readonly boolean[],
  thresholds: readonly number[],
): DecisionPoint[] {
  const n = outcomes.length;
  const prevalence = outcomes.filter(Boolean).length / n;
  return thresholds.map((threshold) => {
    let [hits, alarms] = [0, 0];
    probabilities.forEach((probability, at) => {
      if (probability < threshold) return;
      if (outcomes[at] === true) hits += 1;
      else alarms += 1;
    });
    const odds = threshold / (1 - threshold);
    return {
      threshold,
      netBenefit: hits / n - (alarms / n) * odds,
      treatAll: prevalence - (1 - prevalence) * odds,
    };
  });
}

/** Where observation may end before the event, both shares are those of Kaplan and Meier among the flagged (Vickers 2008). */
export function survivalDecisionCurve(
  followed: Followed,
  risks: readonly number[],
  { horizon, thresholds }: { readonly horizon: number; readonly thresholds: readonly number[] },
): DecisionPoint[] {
  const all = 1 - survivalCurve(followed).at(horizon);
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold);
    const flagged = [...risks.keys()].filter((at) => risks[at]! >= threshold);
    const among = survivalCurve({
      times: flagged.map((at) => followed.times[at]!),
      events: flagged.map((at) => followed.events[at] === true),
    }).at(horizon);
    const share = flagged.length / risks.length;
    return {
      threshold,
      netBenefit: share === 0 ? 0 : (1 - among) * share - among * share * odds,
      treatAll: all - (1 - all) * odds,
    };
  });
}
