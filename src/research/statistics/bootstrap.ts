// Confidence intervals by bootstrap over patients: films of one patient stay together, since they are not independent.
import { seededRandom } from '#kernel/seeded-random.ts';
import { share } from './discrimination.ts';

export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Stated in every report: with both the same interval comes out again. */
export const REPLICATES = 1000;
export const SEED = 20260101;

export interface BootstrapOptions {
  /** Patient of each case. */
  readonly patients: readonly string[];
  readonly replicates?: number;
  readonly seed?: number;
}

/** Draws patients with replacement and hands on how often each case was drawn. The array is used again for the next draw. */
export function eachResample(
  { patients, replicates = REPLICATES, seed = SEED }: BootstrapOptions,
  take: (weights: Float64Array) => void,
): void {
  // Sorted: the order of the cases must not change an interval.
  const names = [...new Set(patients)].sort();
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const patientOfCase = Uint32Array.from(patients, (name) => indexOf.get(name) ?? 0);
  const random = seededRandom(seed);
  const weights = new Float64Array(patients.length);
  const draws = new Uint32Array(names.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    draws.fill(0);
    for (let i = 0; i < names.length; i++) draws[Math.floor(random() * names.length)]!++;
    for (let i = 0; i < weights.length; i++) weights[i] = draws[patientOfCase[i]!]!;
    take(weights);
  }
}

/**
 * Several statistics of the same draws: each with all weights 1, and its 95 % percentile interval. Replicates where one is undefined are
 * left out of its interval.
 */
export function patientBootstraps(
  statistics: (weights: Float64Array) => readonly number[],
  options: BootstrapOptions,
): Interval[] {
  const values = statistics(new Float64Array(options.patients.length).fill(1));
  const estimates: number[][] = values.map(() => []);
  eachResample(options, (weights) =>
    statistics(weights).forEach((estimate, at) => Number.isFinite(estimate) && estimates[at]!.push(estimate)),
  );
  return values.map((value, at) => {
    const sorted = estimates[at]!.sort((left, right) => left - right);
    return { value, lower: quantile(sorted, 0.025), upper: quantile(sorted, 0.975) };
  });
}

export function patientBootstrap(statistic: (weights: Float64Array) => number, options: BootstrapOptions): Interval {
  const [interval] = patientBootstraps((weights) => [statistic(weights)], options);
  return interval ?? { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };
}

/**
 * A share of 0 or 1 is 0 or 1 in every draw, and its bootstrap interval would be a point. Then the exact bound of Clopper and Pearson stands
 * in, over as many patients as were counted: their films are not independent.
 */
export function withExactEnds({ value, lower, upper }: Interval, countedPatients: number): Interval {
  const bound = 0.025 ** (1 / Math.max(1, countedPatients));
  if (value === 1) return { value, lower: bound, upper: 1 };
  if (value === 0) return { value, lower: 0, upper: 1 - bound };
  return { value, lower, upper };
}

/** Share of `hits` among the cases that `counted` selects. */
export function patientShare(
  hits: readonly boolean[],
  counted: readonly boolean[],
  options: BootstrapOptions,
): Interval {
  const interval = patientBootstrap(share(hits, counted), options);
  return withExactEnds(interval, new Set(options.patients.filter((_, at) => counted[at] === true)).size);
}

/** Linear interpolation between order statistics (Hyndman & Fan type 7); NaN of nothing. */
export function quantile(sorted: readonly number[], probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}
