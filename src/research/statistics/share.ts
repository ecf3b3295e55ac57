// A share of counted things with its 95 % interval.
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';

/** 97.5 % point of the normal distribution. */
const Z = 1.959964;

/** Wilson's interval (J Am Stat Assoc 1927;22:209): holds near 0 and 1 and for small n. Null without anything counted. */
export function share(hits: number, n: number): IntervalEstimate {
  if (n === 0) return { value: null, lower: null, upper: null, n };
  const p = hits / n;
  const centre = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return { value: p, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half), n };
}
