// Discrimination and error of a binary score, each case with a weight, so that a bootstrap is only a change of weights.

/** Scores, 0/1 labels and weights, one entry per case, all of the same length. */
export interface Scored {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
  /** Indices of the cases by ascending score; made once by `scored`. */
  readonly order: Uint32Array;
}

/** Sorts once; ties keep together in the metrics below. */
export function scored(scores: readonly number[], labels: readonly boolean[]): Scored {
  const values = Float64Array.from(scores);
  const order = Uint32Array.from(values.keys()).sort((left, right) => values[left]! - values[right]!);
  return { scores: values, labels: Uint8Array.from(labels, (label) => (label ? 1 : 0)), order };
}

/** A statistic over weighted cases; NaN where it is not defined (for example one class is absent). */
export type Metric = (cases: Scored, weights: Float64Array) => number;

/** Area under the ROC curve: the share of (positive, negative) pairs in the right order, ties count half (Hanley & McNeil 1982). */
export const auroc: Metric = ({ scores, labels, order }, weights) => {
  let negativesBelow = 0;
  let rightPairs = 0;
  let positives = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tiedPositive = 0;
    let tiedNegative = 0;
    const score = scores[order[start]!]!;
    for (; end < order.length && scores[order[end]!]! === score; end++) {
      const index = order[end]!;
      if (labels[index]! === 1) tiedPositive += weights[index]!;
      else tiedNegative += weights[index]!;
    }
    rightPairs += tiedPositive * (negativesBelow + tiedNegative / 2);
    negativesBelow += tiedNegative;
    positives += tiedPositive;
    start = end;
  }
  return rightPairs / (positives * negativesBelow);
};

/** Average precision: the sum over thresholds of precision × the step in recall; tied scores are one threshold. */
export const auprc: Metric = ({ scores, labels, order }, weights) => {
  let truePositives = 0;
  let flagged = 0;
  let area = 0;
  for (let end = order.length; end > 0;) {
    let start = end;
    let tiedPositive = 0;
    const score = scores[order[end - 1]!]!;
    for (; start > 0 && scores[order[start - 1]!]! === score; start--) {
      const index = order[start - 1]!;
      flagged += weights[index]!;
      if (labels[index]! === 1) tiedPositive += weights[index]!;
    }
    truePositives += tiedPositive;
    if (tiedPositive > 0) area += (tiedPositive * truePositives) / flagged;
    end = start;
  }
  return truePositives > 0 ? area / truePositives : Number.NaN;
};

/** Mean squared difference of probability and outcome (Brier 1950). */
export const brier: Metric = ({ scores, labels }, weights) => {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    sum += weights[i]! * (scores[i]! - labels[i]!) ** 2;
    total += weights[i]!;
  }
  return sum / total;
};

const ECE_BINS = 10;

/** Expected calibration error over ten equal-width bins of probability (Naeini 2015; Guo 2017). */
export const expectedCalibrationError: Metric = ({ scores, labels }, weights) => {
  const weight = new Float64Array(ECE_BINS);
  const gap = new Float64Array(ECE_BINS);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const bin = Math.min(ECE_BINS - 1, Math.floor(scores[i]! * ECE_BINS));
    weight[bin]! += weights[i]!;
    gap[bin]! += weights[i]! * (scores[i]! - labels[i]!);
    total += weights[i]!;
  }
  return gap.reduce((sum, value) => sum + Math.abs(value), 0) / total;
};

/** Weighted share of `hits` among the cases that `counted` selects; sensitivity, specificity and coverage are such shares. */
export function share(hits: readonly boolean[], counted: readonly boolean[]): (weights: Float64Array) => number {
  return (weights) => {
    let hit = 0;
    let total = 0;
    for (let i = 0; i < hits.length; i++) {
      if (counted[i] !== true) continue;
      total += weights[i]!;
      if (hits[i] === true) hit += weights[i]!;
    }
    return hit / total;
  };
}
