// Lists the values that a missing input may have: ends of its range, kinks of the equation, codes, and points between.
import { nodesOf, type Expression } from '#risk/equation/expression/tree.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { endsOf } from '#risk/input/value.ts';
import type { InputState } from './person.ts';

export interface Missing {
  readonly name: string;
  /** All that are tried, ascending; for numbers the ends, both sides of each kink, and points between. */
  readonly values: readonly number[];
  /** Ends and kinks alone: enough where the equation is monotone between them. */
  readonly corners: readonly number[];
  /** Between neighbouring values there are others. */
  readonly continuous: boolean;
}

/** Points inside each stretch between two kinks (or ends). */
const INNER_POINTS = 6;

function* treesOf(equation: Equation): Generator<Expression> {
  for (const band of equation.bands.values()) yield band.of.tree;
  for (const step of equation.steps) {
    if (step.kind === 'value') yield step.is.tree;
    if (step.kind === 'linear') for (const { of } of step.terms) yield of.tree;
  }
  for (const { is, categories } of equation.data.outputs) {
    yield is.tree;
    for (const { when } of categories ?? []) yield when.tree;
  }
}

/** Where the equation may bend or jump along this input: numbers that it is compared with, its bands' cuts, min and max. */
function kinksOf(equation: Equation, name: string): readonly number[] {
  const kinks: number[] = [];
  for (const { of, cuts } of equation.bands.values()) {
    if (of.tree.kind === 'name' && of.tree.name === name) kinks.push(...cuts.map(({ at }) => at));
  }
  for (const tree of treesOf(equation)) {
    for (const node of nodesOf(tree)) {
      const sides =
        node.kind === 'operation'
          ? [node.left, node.right]
          : node.kind === 'call' && node.args.length === 2
            ? node.args
            : [];
      const meets = sides.some((side) => side.kind === 'name' && side.name === name);
      for (const side of sides) if (meets && side.kind === 'number') kinks.push(side.value);
    }
  }
  return kinks;
}

const ascending = (values: Iterable<number>): readonly number[] => [...new Set(values)].sort((a, b) => a - b);

function between(points: readonly number[], whole: boolean): number[] {
  return points.slice(1).flatMap((high, at) => {
    const low = points[at] ?? high;
    const inner = Array.from({ length: INNER_POINTS }, (_, n) => low + ((n + 1) / (INNER_POINTS + 1)) * (high - low));
    return whole ? inner.map(Math.round) : inner;
  });
}

function numberCandidates(equation: Equation, input: Extract<Input, { kind: 'number' }>, state: InputState): Missing {
  const [least, most] = endsOf(input);
  const bounded = state.kind === 'bounds';
  const low = bounded ? Math.max(least, state.low) : least;
  const high = bounded ? Math.min(most, state.high) : most;
  const hair = (x: number): number => (input.whole ? 1 : Math.max(Math.abs(x), 1) * 2 ** -40);
  const kinks = kinksOf(equation, input.name).flatMap((at) => [at - hair(at), at, at + hair(at)]);
  const corners = ascending([low, high, ...kinks].filter((x) => x >= low && x <= high));
  const special = bounded ? [] : (input.special ?? []).map(({ value }) => value);
  const spread = high / Math.max(low, 1) >= 1000;
  const inner = spread
    ? between(corners.map(Math.log1p), false).map((x) => Math.min(Math.max(Math.expm1(x), low), high))
    : between(corners, input.whole === true);
  return {
    name: input.name,
    values: ascending([...corners, ...inner, ...special]),
    corners: ascending([...corners, ...special]),
    continuous: !input.whole,
  };
}

export function candidatesOf(equation: Equation, input: Input, state: InputState): Missing {
  if (input.kind === 'number') return numberCandidates(equation, input, state);
  const levels = input.kind === 'coded' ? input.levels.length : 2;
  const values = Array.from({ length: levels }, (_, at) => at);
  return { name: input.name, values, corners: values, continuous: false };
}
