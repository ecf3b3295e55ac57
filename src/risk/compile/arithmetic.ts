// Arithmetic on values of a graph. Truths become numbers (1, 0) where they are counted with.
import type { Operator } from '#risk/equation/expression/tree.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

const ARITHMETIC: Partial<Record<Operator, string>> = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div', '^': 'Pow' };
const COMPARISONS: Partial<Record<Operator, string>> = {
  '=': 'Equal',
  '<': 'Less',
  '<=': 'LessOrEqual',
  '>': 'Greater',
  '>=': 'GreaterOrEqual',
};

export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface Arithmetic {
  asNumber(value: GraphValue): GraphValue;
  asTruth(value: GraphValue): GraphValue;
  /** One ONNX operation on numbers. */
  apply(op: string, ...operands: readonly GraphValue[]): GraphValue;
  operation(operator: Operator, left: GraphValue, right: GraphValue): GraphValue;
  not(truth: GraphValue): GraphValue;
  isNaN(value: GraphValue): GraphValue;
  choose(condition: GraphValue, yes: GraphValue, no: GraphValue): GraphValue;
  exp(x: GraphValue): GraphValue;
  ln(x: GraphValue): GraphValue;
  negative(x: GraphValue): GraphValue;
  /** Points joined by straight lines, flat outside them. */
  interpolate(x: GraphValue, curve: Curve): GraphValue;
}

export function createArithmetic(graph: GraphBuilder): Arithmetic {
  const wide = (...values: readonly GraphValue[]): 'series' | 'number' =>
    values.some(({ kind }) => kind === 'series') ? 'series' : 'number';

  /** Float64: a truth is cast (13: 11 is DOUBLE in onnx.proto). */
  const asNumber = (value: GraphValue): GraphValue =>
    value.kind === 'truth' ? graph.node('Cast', [value], { kind: 'number', attributes: { to: { int: 11 } } }) : value;
  const not = (truth: GraphValue): GraphValue => graph.node('Not', [truth], { kind: 'truth' });
  const asTruth = (value: GraphValue): GraphValue =>
    value.kind === 'truth' ? value : not(graph.node('Equal', [value, graph.scalar(0)], { kind: 'truth' }));

  function apply(op: string, ...operands: readonly GraphValue[]): GraphValue {
    const numbers = operands.map(asNumber);
    return graph.node(op, numbers, { kind: wide(...numbers) });
  }

  function operation(operator: Operator, left: GraphValue, right: GraphValue): GraphValue {
    if (operator === 'and' || operator === 'or') {
      return graph.node(operator === 'and' ? 'And' : 'Or', [asTruth(left), asTruth(right)], { kind: 'truth' });
    }
    if (operator === '!=') return not(operation('=', left, right));
    const comparison = COMPARISONS[operator];
    if (comparison !== undefined) return graph.node(comparison, [asNumber(left), asNumber(right)], { kind: 'truth' });
    return apply(ARITHMETIC[operator] ?? operator, left, right);
  }

  function interpolate(x: GraphValue, curve: Curve): GraphValue {
    let y = graph.scalar(curve.y[0] ?? Number.NaN);
    for (let at = 1; at < curve.x.length; at += 1) {
      const [x0 = 0, x1 = 0] = curve.x.slice(at - 1);
      const [y0 = 0, y1 = 0] = curve.y.slice(at - 1);
      const along = apply('Sub', x, graph.scalar(x0));
      const inside = apply('Min', apply('Max', along, graph.scalar(0)), graph.scalar(x1 - x0));
      y = apply('Add', y, apply('Mul', inside, graph.scalar((y1 - y0) / (x1 - x0))));
    }
    return y;
  }

  return {
    asNumber,
    asTruth,
    apply,
    operation,
    not,
    isNaN: (value) => graph.node('IsNaN', [value], { kind: 'truth' }),
    choose: (condition, yes, no) =>
      graph.node('Where', [condition, asNumber(yes), asNumber(no)], { kind: wide(yes, no) }),
    exp: (x) => apply('Exp', x),
    // The logarithm of a constant series (baseline survival) is a constant: hundreds of entries per person are saved.
    ln: (x) => graph.folded(x, Math.log) ?? apply('Log', x),
    negative: (x) => apply('Neg', x),
    interpolate,
  };
}
