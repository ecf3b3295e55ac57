// Finds the range of an output over everything that the missing inputs may be, and the input that would settle it.
// Small questions are one batch over all combinations; large ones are sampled and then climbed, coordinate by coordinate.
import type { Tried, Point } from './tried.ts';
import { categoryTensor, outputTensor } from '#risk/compile/compile.ts';
import { uniformFrom } from '#risk/input/sample.ts';
import type { ServedEquation } from '#risk/equation/library.ts';
import { repeated, type Numbers } from './batch.ts';
import type { Missing } from './candidates.ts';
import { mostTelling, type Telling } from './telling.ts';

export interface IntervalAnswer {
  readonly lower: number;
  readonly upper: number;
  /** Places of the categories that occur, ascending; -1 is none. */
  readonly categories: readonly number[];
  readonly telling: Telling;
}

const MOST_COMBINATIONS = 4096;
const SAMPLES = 1024;
const CLIMBERS = 6;
const MOST_ROUNDS = 12;
const REFINEMENTS = 6;

function combinations(lists: readonly (readonly number[])[]): Point[] {
  return lists.reduce<Point[]>((points, list) => points.flatMap((point) => list.map((x) => [...point, x])), [[]]);
}

const size = (lists: readonly (readonly number[])[]): number =>
  lists.reduce((product, list) => product * list.length, 1);

/** Uniform over the candidates, and every third over the corners, where extremes mostly lie. */
function sampled(missing: readonly Missing[]): Point[] {
  const uniform = uniformFrom(1);
  const pick = (list: readonly number[]): number => list[Math.floor(uniform() * list.length)] ?? Number.NaN;
  return Array.from({ length: SAMPLES }, (_, at) =>
    missing.map(({ values, corners }) => pick(at % 3 === 0 ? corners : values)),
  );
}

export interface IntervalQuestion {
  readonly served: ServedEquation;
  readonly output: string;
  readonly own: Numbers;
  readonly missing: readonly Missing[];
}

export async function intervalOf({ served, output, own, missing }: IntervalQuestion): Promise<IntervalAnswer> {
  async function attempt(points: readonly Point[]): Promise<Tried> {
    const columns = repeated(own, points.length);
    for (const [place, { name }] of missing.entries()) {
      const column = columns[name];
      for (let row = 0; row < points.length; row += 1) column![row] = points[row]![place]!;
    }
    const results = await served.run(columns);
    const none = new Float64Array(points.length).fill(-1);
    return {
      points,
      values: results[outputTensor(output)] ?? none,
      categories: results[categoryTensor(output)] ?? none,
    };
  }

  const fine = missing.map(({ values }) => values);
  const corners = missing.map((one) => one.corners);
  const complete = size(fine) <= MOST_COMBINATIONS;
  const first = await attempt(
    complete ? combinations(fine) : size(corners) <= MOST_COMBINATIONS ? combinations(corners) : sampled(missing),
  );
  const seen = new Set<number>(first.categories);
  const low = await extreme(-1);
  const high = await extreme(1);
  return {
    lower: low,
    upper: high,
    categories: [...seen].sort((a, b) => a - b),
    telling: mostTelling(first, missing, complete),
  };

  /** The greatest value of sign × output, starting from the best points of the first batch. */
  async function extreme(sign: 1 | -1): Promise<number> {
    const order = [...first.values.keys()].filter((row) => Number.isFinite(first.values[row]));
    order.sort((a, b) => sign * ((first.values[b] ?? 0) - (first.values[a] ?? 0)));
    let climbers = order
      .slice(0, CLIMBERS)
      .map((row) => ({ point: first.points[row] ?? [], value: first.values[row] ?? Number.NaN }));
    const spreads = missing.map(({ values }) => values);
    const rounds = complete ? 0 : MOST_ROUNDS;
    for (let round = 0; round < rounds; round += 1) {
      const next = await climb(climbers, spreads, sign);
      const moved = next.some(({ value }, at) => value !== climbers[at]?.value);
      climbers = next;
      if (!moved) break;
    }
    const [best] = climbers.sort((a, b) => sign * (b.value - a.value));
    if (best === undefined) return Number.NaN;
    return refine(best, sign);
  }

  /** Every climber tries every value along each coordinate and takes its best single step. */
  async function climb(
    climbers: readonly { readonly point: Point; readonly value: number }[],
    spreads: readonly (readonly number[])[],
    sign: 1 | -1,
  ) {
    const steps = climbers.flatMap(({ point }, climber) =>
      spreads.flatMap((values, place) => values.map((x) => ({ climber, point: point.with(place, x) }))),
    );
    const tried = await attempt(steps.map(({ point }) => point));
    for (const category of tried.categories) seen.add(category);
    const next = [...climbers];
    for (const [row, { climber, point }] of steps.entries()) {
      const value = tried.values[row] ?? Number.NaN;
      if (sign * (value - (next[climber]?.value ?? Number.NaN)) > 0) next[climber] = { point, value };
    }
    return next;
  }

  /** Closes in on an extreme that lies between two candidates; what then is still left open is added as a margin. */
  async function refine(start: { readonly point: Point; readonly value: number }, sign: 1 | -1): Promise<number> {
    let best = start;
    let brackets = missing.map(({ values, continuous }, place) => {
      const x = start.point[place] ?? 0;
      const at = values.indexOf(x);
      return continuous ? [values[Math.max(at - 1, 0)] ?? x, values[Math.min(at + 1, values.length - 1)] ?? x] : [x, x];
    });
    if (brackets.every(([a, b]) => a === b)) return best.value;
    for (let round = 0; round < REFINEMENTS; round += 1) {
      const spreads = brackets.map(([a = 0, b = 0]) =>
        a === b ? [] : Array.from({ length: 9 }, (_, n) => a + (n / 8) * (b - a)),
      );
      const [next] = await climb([best], spreads, sign);
      best = next ?? best;
      brackets = brackets.map(([a = 0, b = 0], place) => {
        const x = best.point[place] ?? a;
        const quarter = (b - a) / 4;
        return [Math.max(a, x - quarter), Math.min(b, x + quarter)];
      });
    }
    return best.value === start.value ? best.value : best.value + sign * Math.abs(best.value - start.value) * 1e-3;
  }
}
