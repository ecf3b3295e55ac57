// Variance and covariance of areas under ROC curves (DeLong, DeLong, Clarke-Pearson 1988), also where one patient has several films
// (Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 1997).
import { Z_95, twoSided } from './normal.ts';

export interface Area {
  readonly value: number;
  readonly variance: number;
}

export interface AreaDifference {
  readonly a: number;
  readonly b: number;
  /** a - b. */
  readonly difference: number;
  readonly variance: number;
  readonly lower: number;
  readonly upper: number;
  /** Of the null hypothesis that both areas are equal; 1 where the scores rank alike. */
  readonly p: number;
}

interface Components {
  readonly area: number;
  /** Per positive: the share of negatives below it; per negative: the share of positives above it. In the order of the cases. */
  readonly values: Float64Array;
}

/** Average ranks of `values`, from 1; equal values share their mean rank. */
function midRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    for (let i = start; i < end; i += 1) ranks[order[i]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** By mid-ranks (Sun and Xu 2014), so n log n instead of n². */
function componentsOf(scores: readonly number[], labels: readonly boolean[]): Components {
  const all = midRanks(Float64Array.from(scores));
  const places = { positive: [] as number[], negative: [] as number[] };
  labels.forEach((label, at) => places[label ? 'positive' : 'negative'].push(at));
  const [m, n] = [places.positive.length, places.negative.length];
  const values = new Float64Array(scores.length);
  const positive = midRanks(Float64Array.from(places.positive, (at) => scores[at]!));
  const negative = midRanks(Float64Array.from(places.negative, (at) => scores[at]!));
  let sum = 0;
  places.positive.forEach((at, i) => {
    values[at] = (all[at]! - positive[i]!) / n;
    sum += values[at]!;
  });
  places.negative.forEach((at, i) => (values[at] = 1 - (all[at]! - negative[i]!) / m));
  return { area: sum / m, values };
}

interface Cluster {
  positives: number;
  negatives: number;
  /** Sums of the components of each score, over the cluster's positives and negatives. */
  readonly forPositives: number[];
  readonly forNegatives: number[];
}

function clustersOf(parts: readonly Components[], labels: readonly boolean[], patients: readonly string[]): Cluster[] {
  const clusters = new Map<string, Cluster>();
  labels.forEach((label, at) => {
    const name = patients[at] ?? '';
    let cluster = clusters.get(name);
    if (cluster === undefined) {
      cluster = { positives: 0, negatives: 0, forPositives: parts.map(() => 0), forNegatives: parts.map(() => 0) };
      clusters.set(name, cluster);
    }
    if (label) cluster.positives += 1;
    else cluster.negatives += 1;
    const sums = label ? cluster.forPositives : cluster.forNegatives;
    parts.forEach(({ values }, score) => (sums[score]! += values[at]!));
  });
  return [...clusters.values()];
}

/** Covariance matrix of the areas. Each case a cluster of its own gives DeLong's. */
function covariance(parts: readonly Components[], labels: readonly boolean[], patients: readonly string[]): number[][] {
  const clusters = clustersOf(parts, labels, patients);
  const m = labels.filter(Boolean).length;
  const n = labels.length - m;
  const withPositives = clusters.filter(({ positives }) => positives > 0).length;
  const withNegatives = clusters.filter(({ negatives }) => negatives > 0).length;
  const both = clusters.length;
  return parts.map((left, r) =>
    parts.map((right, s) => {
      let [s10, s01, s11] = [0, 0, 0];
      for (const { positives, negatives, forPositives, forNegatives } of clusters) {
        const p = [forPositives[r]! - positives * left.area, forPositives[s]! - positives * right.area] as const;
        const q = [forNegatives[r]! - negatives * left.area, forNegatives[s]! - negatives * right.area] as const;
        s10 += p[0] * p[1];
        s01 += q[0] * q[1];
        s11 += p[0] * q[1] + p[1] * q[0];
      }
      return (
        (s10 * withPositives) / ((withPositives - 1) * m * m) +
        (s01 * withNegatives) / ((withNegatives - 1) * n * n) +
        (s11 * both) / ((both - 1) * m * n)
      );
    }),
  );
}

/** Without `patients` each case stands for itself: DeLong's own variance, without the covariance of classes that it does not have. */
function covarianceOf(parts: readonly Components[], labels: readonly boolean[], patients?: readonly string[]) {
  return covariance(parts, labels, patients ?? labels.map((_, at) => String(at)));
}

/** NaN where one class is absent or has one case only. */
export function areaOf(scores: readonly number[], labels: readonly boolean[], patients?: readonly string[]): Area {
  const part = componentsOf(scores, labels);
  return { value: part.area, variance: covarianceOf([part], labels, patients)[0]?.[0] ?? Number.NaN };
}

export interface PairedScores {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly labels: readonly boolean[];
  /** Films of one patient are not independent. */
  readonly patients?: readonly string[];
}

/** Two scores of the same cases. */
export function compareAreas({ a, b, labels, patients }: PairedScores): AreaDifference {
  const parts = [componentsOf(a, labels), componentsOf(b, labels)] as const;
  const [[aa = Number.NaN, ab = Number.NaN] = [], [, bb = Number.NaN] = []] = covarianceOf(parts, labels, patients);
  const difference = parts[0].area - parts[1].area;
  // Rounding may leave a hair below zero where the scores rank alike.
  const variance = Math.max(0, aa + bb - 2 * ab);
  const error = Math.sqrt(variance);
  return {
    a: parts[0].area,
    b: parts[1].area,
    difference,
    variance,
    lower: difference - Z_95 * error,
    upper: difference + Z_95 * error,
    p: variance > 1e-18 ? twoSided(difference / error) : 1,
  };
}
