// Concordance of risks with events under censoring: Harrell's and Uno's C.
import { type Followed, censoringCurve } from './kaplan-meier.ts';

/** Sums by rank, in log n (Fenwick 1994). */
function createRankSums(size: number) {
  const sums = new Float64Array(size + 1);
  return {
    add(rank: number, weight: number): void {
      for (let at = rank + 1; at <= size; at += at & -at) sums[at]! += weight;
    },
    below(rank: number): number {
      let sum = 0;
      for (let at = rank; at > 0; at -= at & -at) sum += sums[at]!;
      return sum;
    },
  };
}

interface Weighed {
  /** Of an event as the first of its pairs. */
  readonly asFirst: (index: number) => number;
  /** Of a person in any pair: how often a bootstrap drew them. */
  readonly weights: Float64Array;
}

/**
 * A pair counts when the earlier time is an event; a person censored on the day of another's event outlived it; two events on one day
 * do not count. Ties of risk count half.
 */
function concordance({ times, events }: Followed, risks: readonly number[], { asFirst, weights }: Weighed): number {
  const levels = [...new Set(risks)].sort((a, b) => a - b);
  const rankOf = new Map(levels.map((risk, rank) => [risk, rank]));
  const ranks = Uint32Array.from(risks, (risk) => rankOf.get(risk) ?? 0);
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[b]! - times[a]!);
  const later = createRankSums(levels.length);
  let total = 0;
  let [right, pairs] = [0, 0];
  const enter = (index: number): void => {
    later.add(ranks[index]!, weights[index]!);
    total += weights[index]!;
  };
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && times[order[end]!] === times[order[start]!]) end += 1;
    const sameDay = [...order.subarray(start, end)];
    for (const index of sameDay) if (events[index] !== true) enter(index);
    for (const index of sameDay) {
      if (events[index] !== true) continue;
      const weight = asFirst(index) * weights[index]!;
      if (weight === 0) continue;
      const below = later.below(ranks[index]!);
      const tied = later.below(ranks[index]! + 1) - below;
      right += weight * (below + tied / 2);
      pairs += weight * total;
    }
    for (const index of sameDay) if (events[index] === true) enter(index);
    start = end;
  }
  return right / pairs;
}

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

/** Harrell 1982. `weights` are a bootstrap's draws. */
export const harrellC = (
  followed: Followed,
  risks: readonly number[],
  weights: Float64Array = ones(risks.length),
): number => concordance(followed, risks, { asFirst: () => 1, weights });

export interface UnoOptions {
  /** Events from here on are not counted: beyond it too few are still observed. */
  readonly horizon?: number;
  readonly weights?: Float64Array;
}

/** Uno 2011: each event stands also for those like it whose observation had ended, so C does not depend on the censoring. */
export function unoC(followed: Followed, risks: readonly number[], { horizon, weights }: UnoOptions = {}): number {
  const observed = censoringCurve(weights === undefined ? followed : { ...followed, weights });
  return concordance(followed, risks, {
    weights: weights ?? ones(risks.length),
    asFirst(index) {
      const time = followed.times[index]!;
      return horizon !== undefined && time >= horizon ? 0 : observed.at(time) ** -2;
    },
  });
}
