// Compiles an equation's conditions to one truth per person: every input that is needed is there and inside its range.
// So a graph refuses by itself (its output is NaN) also where another server runs it: nothing is clamped and absent is never zero.
import type { Equation } from '#risk/equation/equation.ts';
import type { Input, NumberInput } from '#risk/equation/schema.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

type Comparison = 'Less' | 'LessOrEqual' | 'Greater' | 'GreaterOrEqual' | 'Equal';

export interface Validity {
  /** Of the inputs of that name, and of the checks and exclusions that hold for all outputs. */
  of(names: readonly string[]): GraphValue | undefined;
}

export function createValidity(
  equation: Equation,
  graph: GraphBuilder,
  truth: (condition: Equation['data']['outputs'][number]['is']) => GraphValue,
): Validity {
  const compare = (op: Comparison, x: GraphValue, limit: number): GraphValue =>
    graph.node(op, [x, graph.scalar(limit)], { kind: 'truth' });
  const both = (a: GraphValue, b: GraphValue): GraphValue => graph.node('And', [a, b], { kind: 'truth' });
  const either = (a: GraphValue, b: GraphValue): GraphValue => graph.node('Or', [a, b], { kind: 'truth' });
  const not = (a: GraphValue): GraphValue => graph.node('Not', [a], { kind: 'truth' });

  function inRange({ range, whole, special }: NumberInput, x: GraphValue): GraphValue {
    const low =
      range.minimum === undefined
        ? compare('Greater', x, range.above ?? -Infinity)
        : compare('GreaterOrEqual', x, range.minimum);
    const high =
      range.maximum === undefined
        ? compare('Less', x, range.below ?? Infinity)
        : compare('LessOrEqual', x, range.maximum);
    const ends = both(low, high);
    const entire = whole
      ? both(ends, graph.node('Equal', [x, graph.node('Floor', [x], { kind: 'number' })], { kind: 'truth' }))
      : ends;
    return (special ?? []).reduce((valid, { value }) => either(valid, compare('Equal', x, value)), entire);
  }

  function isValid(input: Input): GraphValue {
    const x: GraphValue = { name: input.name, kind: 'number' };
    const levels = input.kind === 'coded' ? input.levels.length : 2;
    const valid =
      input.kind === 'number'
        ? inRange(input, x)
        : Array.from({ length: levels }, (_, at) => compare('Equal', x, at)).reduce(either);
    return input.mayBeAbsent ? either(valid, graph.node('IsNaN', [x], { kind: 'truth' })) : valid;
  }

  const refusals = [
    ...(equation.data.checks ?? []),
    ...(equation.data.exclusions ?? []).filter(({ always }) => always),
  ].map(({ when }) => not(truth(when)));

  return {
    of(names) {
      const inputs = equation.data.inputs.filter(({ name, mayBeAbsent }) => names.includes(name) || mayBeAbsent);
      const conditions = [...inputs.map(isValid), ...refusals];
      return conditions.length === 0 ? undefined : conditions.reduce(both);
    },
  };
}
