// Net benefit of acting above a threshold (Vickers and Elkin 2006): what a model is worth against treating all and treating none.

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
