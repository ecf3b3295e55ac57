// Confidence intervals by bootstrap over patients: films of one patient stay together, since they are not independent.

/** mulberry32: a small seeded generator, so that a published interval can be computed again. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

export interface BootstrapOptions {
  /** Patient of each case. */
  readonly patients: readonly string[];
  readonly replicates?: number;
  readonly seed?: number;
}

/** The estimate with all weights 1 and its 95 % percentile interval; replicates where it is undefined are left out. */
export function patientBootstrap(
  statistic: (weights: Float64Array) => number,
  { patients, replicates = 1000, seed = 20260101 }: BootstrapOptions,
): Interval {
  const names = [...new Set(patients)];
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const patientOfCase = Uint32Array.from(patients, (name) => indexOf.get(name) ?? 0);
  const random = seededRandom(seed);
  const weights = new Float64Array(patients.length).fill(1);
  const value = statistic(weights);
  const draws = new Uint32Array(names.length);
  const estimates: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    draws.fill(0);
    for (let i = 0; i < names.length; i++) draws[Math.floor(random() * names.length)]!++;
    for (let i = 0; i < weights.length; i++) weights[i] = draws[patientOfCase[i]!]!;
    const estimate = statistic(weights);
    if (Number.isFinite(estimate)) estimates.push(estimate);
  }
  estimates.sort((left, right) => left - right);
  return { value, lower: quantile(estimates, 0.025), upper: quantile(estimates, 0.975) };
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
