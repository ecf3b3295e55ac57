// Meaning of the names in an equation's expressions: an input, a step, a band, a table's cell or a series.
import { riskErrors } from '#risk/errors.ts';
import { levelIndex, type Band, type Equation } from '#risk/equation/equation.ts';
import { createCells, type Cells } from './cells.ts';
import { createExpressionCompiler, type CompileScope, type ExpressionCompiler } from './expression.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

export interface Names {
  readonly scope: CompileScope;
  readonly expressions: ExpressionCompiler;
  readonly cells: Cells;
  /** Names the value of a step. */
  set(name: string, value: GraphValue): void;
}

export function createNames(equation: Equation, graph: GraphBuilder): Names {
  const known = new Map<string, GraphValue>();
  for (const input of equation.data.inputs) known.set(input.name, { name: input.name, kind: 'number' });

  const scope: CompileScope = {
    value(name) {
      const value = known.get(name) ?? declared(name);
      known.set(name, value);
      return value;
    },
    level(name, code) {
      const input = equation.inputs.get(name);
      return input === undefined ? -1 : levelIndex(input, code);
    },
    curve(name) {
      const curve = equation.data.curves?.[name];
      if (curve === undefined)
        throw riskErrors.error('bad-equation', { field: name, reason: `there is no curve ${name}` });
      return curve;
    },
  };
  const expressions = createExpressionCompiler(graph, scope);
  const cells = createCells(graph, (axis) => expressions.asNumber(scope.value(axis.name)));

  function bandIndex(band: Band): GraphValue {
    const x = expressions.asNumber(expressions.compile(band.of.tree));
    const holds = band.cuts.map(({ at, inclusive }) =>
      graph.node(inclusive ? 'GreaterOrEqual' : 'Greater', [x, graph.scalar(at)], { kind: 'truth' }),
    );
    return holds.map(expressions.asNumber).reduce((total, one) => graph.node('Add', [total, one], { kind: 'number' }));
  }

  function declared(name: string): GraphValue {
    const band = equation.bands.get(name);
    if (band !== undefined) return bandIndex(band);
    const table = equation.tables.get(name);
    if (table !== undefined) return cells.valueOf(table);
    const series = equation.data.series?.[name];
    if (series !== undefined) return graph.constant(Float64Array.from(series), [series.length, 1]);
    throw riskErrors.error('bad-equation', { field: name, reason: `${name} is used before it is computed` });
  }

  return { scope, expressions, cells, set: (name, value) => void known.set(name, value) };
}
