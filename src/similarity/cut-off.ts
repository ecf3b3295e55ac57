// The similarity below which a case is not offered: most pairs of films with different findings lie below it. Derived from films with labels,
// since no cosine means anything by itself.

export interface ComparedFilm {
  readonly patient: string;
  /** Only films of one source are compared: a hospital that looks like itself is no likeness of findings. */
  readonly source: string;
  readonly vector: Float32Array;
  /** Findings that are there, of those that were asked for. */
  readonly present: ReadonlySet<string>;
}

interface FilmPair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
  readonly alike: boolean;
}

export interface CutOff {
  readonly minimum: number;
  readonly unlikePairs: number;
  /** Share of all pairs that are alike. */
  readonly chance: number;
  /** Places of the films of each pair at or above the minimum. */
  readonly near: readonly FilmPair[];
}

/** A common finding, or none on either film. */
function areAlike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size === 0 || b.size === 0) return a.size === b.size;
  for (const code of a) if (b.has(code)) return true;
  return false;
}

function unit(vector: Float32Array): Float64Array {
  const length = Math.hypot(...vector);
  return Float64Array.from(vector, (value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** Pairs of different persons within one source, in the films' order. */
function* pairsOf(films: readonly ComparedFilm[]): Generator<FilmPair> {
  const units = films.map(({ vector }) => unit(vector));
  for (const [second, b] of films.entries())
    for (let first = 0; first < second; first += 1) {
      const a = films[first]!;
      if (a.patient === b.patient || a.source !== b.source) continue;
      const similarity = dot(units[first]!, units[second]!);
      yield { first, second, similarity, alike: areAlike(a.present, b.present) };
    }
}

/**
 * `quantile`: the share of pairs without a common finding that lie below. Undefined where there is no pair of either kind, and nothing can
 * be told apart.
 */
export function cutOffOf(films: readonly ComparedFilm[], quantile: number): CutOff | undefined {
  const unlike: number[] = [];
  let alike = 0;
  for (const pair of pairsOf(films)) {
    if (pair.alike) alike += 1;
    else unlike.push(pair.similarity);
  }
  if (alike === 0 || unlike.length === 0) return undefined;
  const sorted = Float64Array.from(unlike).sort();
  // The least similarity that at most this share of unlike pairs reaches, so that a tie is not offered.
  const at = Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length));
  const minimum = sorted[at]!;
  const near: FilmPair[] = [];
  for (const pair of pairsOf(films)) if (pair.similarity >= minimum) near.push(pair);
  return { minimum, unlikePairs: unlike.length, chance: alike / (alike + unlike.length), near };
}

/** Share of the near pairs that are alike, where a film counts as often as its weight says. */
export function alikeShare(near: readonly FilmPair[], weights: ArrayLike<number>): number {
  let [hits, all] = [0, 0];
  for (const { first, second, alike } of near) {
    const weight = weights[first]! * weights[second]!;
    all += weight;
    if (alike) hits += weight;
  }
  return hits / all;
}
