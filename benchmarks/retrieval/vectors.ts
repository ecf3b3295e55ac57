// Made-up embeddings that resemble a network's: clusters in few dimensions, spread over many, nothing below zero.

export interface Row {
  readonly study: string;
  readonly patient: string;
  readonly age: number;
  readonly sex: string;
  readonly view: string;
  readonly findings: readonly string[];
  readonly vector: string;
}

/** The same numbers on every run (linear congruential generator of Numerical Recipes). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const CLUSTERS = 60;
/** Embeddings of chest films vary in a few dozen directions; independent numbers in 512 dimensions would have no neighbours at all. */
const INTRINSIC = 24;
const SPREAD = 0.7;

export function vectorsLike(dimensions: number, random: () => number): () => Float32Array {
  // Box and Muller.
  const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: CLUSTERS }, () => Float32Array.from({ length: INTRINSIC }, normal));
  const projection = Float32Array.from({ length: INTRINSIC * dimensions }, normal);
  return () => {
    const centre = centres[Math.floor(random() * CLUSTERS)] ?? new Float32Array(INTRINSIC);
    const point = centre.map((value) => value + SPREAD * normal());
    return Float32Array.from({ length: dimensions }, (_, column) => {
      let sum = 0.05 * random();
      for (let i = 0; i < INTRINSIC; i += 1) sum += point[i]! * projection[i * dimensions + column]!;
      return Math.max(0, sum);
    });
  };
}
