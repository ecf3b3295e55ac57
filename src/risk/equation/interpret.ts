// Computes an equation for one person step by step: slow and plain, so that the compiled graph has something to agree with.
import { riskErrors } from '#risk/errors.ts';
import { interpret, type Variables, type Value } from '#risk/equation/expression/interpret.ts';
import { rangeFault } from '#risk/input/value.ts';
import { levelIndex, type Band, type Equation, type PointsItem } from './equation.ts';
import type { Input, ReadExpression } from './schema.ts';
import type { Table } from './table.ts';

/** By input name: yes is 1, no is 0, a coded level its place, absent NaN. */
export type Numbers = Readonly<Record<string, number>>;

const numberOf = (value: Value): number => (typeof value === 'number' ? value : Number.NaN);

const bandIndex = (band: Band, x: number): number =>
  band.cuts.filter(({ at, inclusive }) => (inclusive ? x >= at : x > at)).length;

/** Inputs alone: what exclusions, checks and categories look at. `extra` holds outputs; they hide an input of the same name. */
export function inputVariables(equation: Equation, numbers: Numbers, extra: Numbers = {}): Variables {
  return {
    value: (name) => extra[name] ?? numbers[name] ?? Number.NaN,
    level: (name, code) => {
      const input = equation.inputs.get(name);
      return input === undefined ? -1 : levelIndex(input, code);
    },
    curve: () => {
      throw riskErrors.error('bad-expression', { reason: 'a curve has no place in a condition' });
    },
  };
}

function equationVariables(
  equation: Equation,
  numbers: Numbers,
): Variables & { set(name: string, value: Value): void } {
  const known = new Map<string, Value>(Object.entries(numbers));
  const inputs = inputVariables(equation, numbers);
  const cell = (table: Table): Value => {
    const index = table.axes.reduce((at, axis) => at * axis.labels.length + numberOf(variables.value(axis.name)), 0);
    const entries = Array.from(
      { length: table.width },
      (_, at) => table.values[index * table.width + at] ?? Number.NaN,
    );
    return table.width === 1 ? (entries[0] ?? Number.NaN) : entries;
  };
  const declared = (name: string): Value => {
    const band = equation.bands.get(name);
    if (band !== undefined) return bandIndex(band, numberOf(interpret(band.of.tree, variables)));
    const table = equation.tables.get(name);
    if (table !== undefined) return cell(table);
    return equation.data.series?.[name] ?? Number.NaN;
  };
  const variables = {
    value(name: string): Value {
      const value = known.get(name) ?? declared(name);
      known.set(name, value);
      return value;
    },
    level: inputs.level,
    curve(name: string) {
      const curve = equation.data.curves?.[name];
      if (curve === undefined) throw riskErrors.error('bad-expression', { reason: `there is no curve ${name}` });
      return curve;
    },
    set(name: string, value: Value) {
      known.set(name, value);
    },
  };
  const item = (points: PointsItem): number => numberOf(cell(points.table));
  for (const step of equation.steps) {
    if (step.kind === 'value') variables.set(step.name, interpret(step.is.tree, variables));
    if (step.kind === 'points') {
      for (const points of step.items) variables.set(points.name, item(points));
      variables.set(
        step.name,
        step.items.reduce((total, points) => total + item(points), 0),
      );
    }
    if (step.kind === 'linear') {
      const index = step.axes.reduce((at, axis) => at * axis.labels.length + numberOf(variables.value(axis.name)), 0);
      const total = step.terms.reduce(
        (sum, { of, betas }) => sum + (betas[index] ?? Number.NaN) * numberOf(interpret(of.tree, variables)),
        step.intercepts[index] ?? Number.NaN,
      );
      variables.set(step.name, total);
    }
  }
  return variables;
}

const present = (input: Input, x: number): boolean => {
  if (Number.isNaN(x)) return input.mayBeAbsent === true;
  if (input.kind === 'number') return rangeFault(input, x) === undefined;
  return Number.isInteger(x) && x >= 0 && x < (input.kind === 'coded' ? input.levels.length : 2);
};

/** Every output; NaN where an input that it needs is absent or out of range, or where the equation does not hold. */
export function interpretEquation(equation: Equation, numbers: Numbers): Numbers {
  const conditions = inputVariables(equation, numbers);
  const holds = ({ tree }: ReadExpression): boolean => interpret(tree, conditions) === 1;
  const { checks = [], exclusions = [] } = equation.data;
  const refused = [...checks, ...exclusions.filter(({ always }) => always)].some(({ when }) => holds(when));
  const variables = equationVariables(equation, numbers);
  return Object.fromEntries(
    equation.data.outputs.map((output) => {
      const needed = equation.needs.get(output.name) ?? [];
      const whole = equation.data.inputs
        .filter(({ name, mayBeAbsent }) => needed.includes(name) || mayBeAbsent)
        .every((input) => present(input, numbers[input.name] ?? Number.NaN));
      const excluded = refused || (output.excludes ?? []).some(({ when }) => holds(when));
      return [output.name, whole && !excluded ? numberOf(interpret(output.is.tree, variables)) : Number.NaN];
    }),
  );
}
