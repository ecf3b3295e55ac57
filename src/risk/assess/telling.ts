// Finds the missing input that would tell most, and whether it alone would settle the category.
import type { Tried } from './tried.ts';
import type { Missing } from './candidates.ts';

export interface Telling {
  readonly name: string;
  readonly settles: boolean;
}

interface Group {
  total: number;
  count: number;
  readonly categories: Set<number>;
}

function grouped({ points, values, categories }: Tried, place: number): readonly Group[] {
  const groups = new Map<number, Group>();
  for (let row = 0; row < points.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const x = points[row]?.[place] ?? 0;
    const group = groups.get(x) ?? { total: 0, count: 0, categories: new Set<number>() };
    group.total += value;
    group.count += 1;
    group.categories.add(categories[row] ?? -1);
    groups.set(x, group);
  }
  return [...groups.values()];
}

/** Variance of the groups' means: how much of the spread this input explains by itself. */
function explained(groups: readonly Group[]): number {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const mean = groups.reduce((sum, group) => sum + group.total, 0) / count;
  return groups.reduce((sum, group) => sum + group.count * (group.total / group.count - mean) ** 2, 0) / count;
}

/** Only where all combinations were tried is it said that an input settles the category. */
export function mostTelling(tried: Tried, missing: readonly Missing[], complete: boolean): Telling {
  const graded = tried.categories.some((category) => category >= 0);
  const judged = missing.map(({ name }, place) => {
    const groups = grouped(tried, place);
    const settles = complete && graded && groups.length > 0 && groups.every(({ categories }) => categories.size === 1);
    return { name, settles, explained: explained(groups) };
  });
  const [best] = judged.sort((a, b) => Number(b.settles) - Number(a.settles) || b.explained - a.explained);
  return { name: best?.name ?? '', settles: best?.settles ?? false };
}
