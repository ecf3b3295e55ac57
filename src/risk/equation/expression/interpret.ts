// Evaluates an expression's tree: for single conditions, and so that the compiled graphs have something to agree with.
import { riskErrors } from '#risk/errors.ts';
import type { Expression, FunctionName, Operator } from './tree.ts';

/** A number (yes is 1, no is 0, absent is NaN), or the entries of a series. */
export type Value = number | readonly number[];

export interface Variables {
  value(name: string): Value;
  /** The number that stands for a level of a coded input. */
  level(name: string, code: string): number;
  curve(name: string): { readonly x: readonly number[]; readonly y: readonly number[] };
}

const OPERATIONS: Record<Operator, (a: number, b: number) => number> = {
  or: (a, b) => Number(a !== 0 || b !== 0),
  and: (a, b) => Number(a !== 0 && b !== 0),
  '=': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

type Pointwise = Exclude<FunctionName, 'sum' | 'before' | 'interpolate'>;
const POINTWISE: Record<Pointwise, (...args: number[]) => number> = {
  ln: Math.log,
  log2: (x) => Math.log(x) / Math.LN2,
  log10: (x) => Math.log(x) / Math.LN10,
  exp: Math.exp,
  sqrt: Math.sqrt,
  floor: Math.floor,
  min: Math.min,
  max: Math.max,
  if: (condition = 0, yes = 0, no = 0) => (condition !== 0 ? yes : no),
  known: (x = Number.NaN) => Number(!Number.isNaN(x)),
  given: (x = Number.NaN, other = 0) => (Number.isNaN(x) ? other : x),
  logistic: (x = 0) => 1 / (1 + Math.exp(-x)),
  cox: (lp = 0, survival = 0) => 1 - survival ** Math.exp(lp),
  recalibrate: (u = 0, a = 0, b = 0) => 1 - Math.exp(-Math.exp(a + b * Math.log(-Math.log(1 - u)))),
};

const isList = (value: Value): value is readonly number[] => typeof value !== 'number';

/** Applies a function entry by entry; a number goes with every entry of a series. */
function pointwise(apply: (...args: number[]) => number, args: readonly Value[]): Value {
  const lists = args.filter(isList);
  const first = lists[0];
  if (first === undefined) return apply(...args.map(Number));
  if (lists.some((list) => list.length !== first.length)) {
    throw riskErrors.error('bad-expression', { reason: 'two series of different lengths meet' });
  }
  return first.map((_, at) => apply(...args.map((arg) => (isList(arg) ? (arg[at] ?? Number.NaN) : arg))));
}

function interpolate(x: number, curve: ReturnType<Variables['curve']>): number {
  let y = curve.y[0] ?? Number.NaN;
  for (let at = 1; at < curve.x.length; at += 1) {
    const [x0 = 0, x1 = 0] = curve.x.slice(at - 1);
    const [y0 = 0, y1 = 0] = curve.y.slice(at - 1);
    y += ((y1 - y0) / (x1 - x0)) * Math.min(Math.max(x - x0, 0), x1 - x0);
  }
  return y;
}

const entries = (value: Value): readonly number[] => (isList(value) ? value : [value]);

function call(name: FunctionName, args: readonly Expression[], variables: Variables): Value {
  const [first, second] = args;
  if (name === 'interpolate' && first !== undefined && second?.kind === 'name') {
    const curve = variables.curve(second.name);
    return pointwise((x) => interpolate(x, curve), [interpret(first, variables)]);
  }
  const values = args.map((arg) => interpret(arg, variables));
  if (name === 'sum') return entries(values[0] ?? 0).reduce((total, entry) => total + entry, 0);
  if (name === 'before') {
    let total = 0;
    return entries(values[0] ?? 0).map((entry) => {
      const earlier = total;
      total += entry;
      return earlier;
    });
  }
  if (name === 'interpolate') throw riskErrors.error('bad-expression', { reason: 'interpolate wants a curve by name' });
  return pointwise(POINTWISE[name], values);
}

/** A text has no value but the level that it names of the input beside it. */
function operand(tree: Expression, beside: Expression, variables: Variables): Value {
  return tree.kind === 'text' && beside.kind === 'name'
    ? variables.level(beside.name, tree.value)
    : interpret(tree, variables);
}

export function interpret(tree: Expression, variables: Variables): Value {
  switch (tree.kind) {
    case 'number':
      return tree.value;
    case 'text':
      throw riskErrors.error('bad-expression', { reason: `"${tree.value}" stands alone` });
    case 'name':
      return variables.value(tree.name);
    case 'minus':
      return pointwise((x) => -x, [interpret(tree.operand, variables)]);
    case 'not':
      return pointwise((x) => Number(x === 0), [interpret(tree.operand, variables)]);
    case 'operation':
      return pointwise(OPERATIONS[tree.operator], [
        operand(tree.left, tree.right, variables),
        operand(tree.right, tree.left, variables),
      ]);
    case 'call':
      return call(tree.name, tree.args, variables);
    default:
      return tree satisfies never;
  }
}
