// Finds the range of an output over everything that the missing inputs may be, and the input that would settle it.
// Small questions are one batch over all combinations; large ones are sampled and then climbed, coordinate by coordinate.
import type { Tried, Point } from './tried.ts';
import { categoryTensor, outputTensor } from '#risk/compile/compile.ts';
import { uniformFrom } from '#risk/input/sample.ts';
import type { ServedEquation } from '#risk/equation/library.ts';
import { repeated, type Numbers } from './batch.ts';
import type { Missing } from './candidates.ts';
import { extremeOf } from './climb.ts';
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

/** Computes the output at combinations of the missing inputs. */
function trialOf({ served, output, own, missing }: IntervalQuestion): (points: readonly Point[]) => Promise<Tried> {
  return async (points) => {
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
  };
}

export async function intervalOf(question: IntervalQuestion): Promise<IntervalAnswer> {
  const { missing } = question;
  const trial = trialOf(question);
  const seen = new Set<number>();
  async function attempt(points: readonly Point[]): Promise<Tried> {
    const tried = await trial(points);
    for (const category of tried.categories) seen.add(category);
    return tried;
  }

  const fine = missing.map(({ values }) => values);
  const corners = missing.map((one) => one.corners);
  const complete = size(fine) <= MOST_COMBINATIONS;
  const first = await attempt(
    complete ? combinations(fine) : size(corners) <= MOST_COMBINATIONS ? combinations(corners) : sampled(missing),
  );
  const climb = { attempt, missing, complete };
  const lower = await extremeOf(first, -1, climb);
  const upper = await extremeOf(first, 1, climb);
  return {
    lower,
    upper,
    categories: [...seen].sort((a, b) => a - b),
    telling: mostTelling(first, missing, complete),
  };
}
