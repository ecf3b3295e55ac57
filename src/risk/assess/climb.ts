// Climbs to an extreme of an output, coordinate by coordinate, then closes in between two candidates.
import type { Missing } from './candidates.ts';
import type { Point, Tried } from './tried.ts';

/** 1 seeks the greatest value, -1 the least. */
export type Sign = 1 | -1;

export interface Climb {
  attempt(points: readonly Point[]): Promise<Tried>;
  readonly missing: readonly Missing[];
  /** Every combination of candidates was tried already, so there is nothing to climb to. */
  readonly complete: boolean;
}

interface Climber {
  readonly point: Point;
  readonly value: number;
}

const CLIMBERS = 6;
const MOST_ROUNDS = 12;
const REFINEMENTS = 6;

/** The greatest value of sign × output, starting from the best points of the first batch. */
export async function extremeOf(first: Tried, sign: Sign, climb: Climb): Promise<number> {
  const order = [...first.values.keys()].filter((row) => Number.isFinite(first.values[row]));
  order.sort((a, b) => sign * ((first.values[b] ?? 0) - (first.values[a] ?? 0)));
  let climbers: readonly Climber[] = order
    .slice(0, CLIMBERS)
    .map((row) => ({ point: first.points[row] ?? [], value: first.values[row] ?? Number.NaN }));
  const spreads = climb.missing.map(({ values }) => values);
  const rounds = climb.complete ? 0 : MOST_ROUNDS;
  for (let round = 0; round < rounds; round += 1) {
    const next = await step(climbers, spreads, { sign, climb });
    const moved = next.some(({ value }, at) => value !== climbers[at]?.value);
    climbers = next;
    if (!moved) break;
  }
  const [best] = climbers.toSorted((a, b) => sign * (b.value - a.value));
  return best === undefined ? Number.NaN : refine(best, sign, climb);
}

/** Every climber tries every value along each coordinate and takes its best single step. */
async function step(
  climbers: readonly Climber[],
  spreads: readonly (readonly number[])[],
  { sign, climb }: { readonly sign: Sign; readonly climb: Climb },
): Promise<readonly Climber[]> {
  const steps = climbers.flatMap(({ point }, climber) =>
    spreads.flatMap((values, place) => values.map((x) => ({ climber, point: point.with(place, x) }))),
  );
  const tried = await climb.attempt(steps.map(({ point }) => point));
  const next = [...climbers];
  for (const [row, { climber, point }] of steps.entries()) {
    const value = tried.values[row] ?? Number.NaN;
    if (sign * (value - (next[climber]?.value ?? Number.NaN)) > 0) next[climber] = { point, value };
  }
  return next;
}

/** Closes in on an extreme that lies between two candidates; what then is still left open is added as a margin. */
async function refine(start: Climber, sign: Sign, climb: Climb): Promise<number> {
  let best = start;
  let brackets = climb.missing.map(({ values, continuous }, place) => {
    const x = start.point[place] ?? 0;
    const at = values.indexOf(x);
    return continuous ? [values[Math.max(at - 1, 0)] ?? x, values[Math.min(at + 1, values.length - 1)] ?? x] : [x, x];
  });
  if (brackets.every(([a, b]) => a === b)) return best.value;
  for (let round = 0; round < REFINEMENTS; round += 1) {
    const spreads = brackets.map(([a = 0, b = 0]) =>
      a === b ? [] : Array.from({ length: 9 }, (_, n) => a + (n / 8) * (b - a)),
    );
    const [next] = await step([best], spreads, { sign, climb });
    best = next ?? best;
    brackets = brackets.map(([a = 0, b = 0], place) => {
      const x = best.point[place] ?? a;
      const quarter = (b - a) / 4;
      return [Math.max(a, x - quarter), Math.min(b, x + quarter)];
    });
  }
  return best.value === start.value ? best.value : best.value + sign * Math.abs(best.value - start.value) * 1e-3;
}
