// Compiles an equation to model.onnx: float64 throughout, one [batch] tensor per input and output.
// An absent input is NaN. An output is NaN where an input that it needs is absent or out of range, or where the equation does not hold.
import { riskErrors } from '#risk/errors.ts';
import { levelIndex, type Band, type Equation, type PointsItem } from '#risk/equation/equation.ts';
import type { Output, ReadExpression } from '#risk/equation/schema.ts';
import { cellCount, type Axis, type Table } from '#risk/equation/table.ts';
import { encodeOnnxModel } from '#onnx/encode.ts';
import { createExpressionCompiler, type CompileScope } from './expression.ts';
import { createGraphBuilder, type GraphValue } from './graph.ts';
import { compileLinear, linearRun, sharing } from './linear.ts';
import { createValidity } from './validity.ts';

/** The graph's name for an output: an output may bear an input's name (Framingham's `bmi`). */
export const outputTensor = (output: string): string => `out_${output}`;
/** The place of the category in the output's list, -1 where none holds. */
export const categoryTensor = (output: string): string => `cat_${output}`;

export function compileEquation(equation: Equation): Uint8Array {
  const graph = createGraphBuilder();
  const known = new Map<string, GraphValue>();
  for (const input of equation.data.inputs) known.set(input.name, { name: input.name, kind: 'number' });

  const number = (op: string, ...inputs: readonly GraphValue[]): GraphValue =>
    graph.node(op, inputs, { kind: 'number' });
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

  function bandIndex(band: Band): GraphValue {
    const x = expressions.asNumber(expressions.compile(band.of.tree));
    const holds = band.cuts.map(({ at, inclusive }) =>
      graph.node(inclusive ? 'GreaterOrEqual' : 'Greater', [x, graph.scalar(at)], { kind: 'truth' }),
    );
    return holds.map(expressions.asNumber).reduce((total, one) => number('Add', total, one));
  }

  /** Row-major cell number over the axes, int64 [batch]. What is no cell reads cell 0, and the validity at the outputs undoes that. */
  function cellIndex(axes: readonly Axis[]): GraphValue {
    let index: GraphValue | undefined;
    for (const axis of axes) {
      const place = expressions.asNumber(scope.value(axis.name));
      index =
        index === undefined ? place : number('Add', number('Mul', index, graph.scalar(axis.labels.length)), place);
    }
    const at = index ?? graph.scalar(0);
    const inside = [
      graph.node('GreaterOrEqual', [at, graph.scalar(0)], { kind: 'truth' }),
      graph.node('Less', [at, graph.scalar(cellCount(axes))], { kind: 'truth' }),
    ];
    const safe = number('Where', graph.node('And', inside, { kind: 'truth' }), at, graph.scalar(0));
    return graph.node('Cast', [safe], { kind: 'index', attributes: { to: { int: 7 } } });
  }

  function cell({ axes, width, values }: Table): GraphValue {
    const index = cellIndex(axes);
    const cells = cellCount(axes);
    if (width === 1) return number('Gather', graph.constant(values, [cells]), index);
    // A series lies along the first dimension, so the table is turned: [width, cells].
    const turned = values.map((_, at) => values[(at % cells) * width + Math.floor(at / cells)] ?? Number.NaN);
    const table = graph.constant(turned, [width, cells]);
    return graph.node('Gather', [table, index], { kind: 'series', attributes: { axis: { int: 1 } } });
  }

  function declared(name: string): GraphValue {
    const band = equation.bands.get(name);
    if (band !== undefined) return bandIndex(band);
    const table = equation.tables.get(name);
    if (table !== undefined) return cell(table);
    const series = equation.data.series?.[name];
    if (series !== undefined) return graph.constant(Float64Array.from(series), [series.length, 1]);
    throw riskErrors.error('bad-equation', { field: name, reason: `${name} is used before it is computed` });
  }

  function compilePoints(name: string, items: readonly PointsItem[]): void {
    const values = items.map((item) => {
      const points = cell(item.table);
      known.set(item.name, points);
      return points;
    });
    known.set(
      name,
      values.reduce((total, points) => number('Add', total, points)),
    );
  }

  for (let at = 0; at < equation.steps.length; at += 1) {
    const step = equation.steps[at];
    if (step?.kind === 'value') known.set(step.name, expressions.compile(step.is.tree));
    if (step?.kind === 'points') compilePoints(step.name, step.items);
    if (step?.kind === 'linear') {
      const run = linearRun(equation.steps, at);
      for (const group of sharing(run, equation)) {
        const values = compileLinear(group, { graph, expressions, cellIndex });
        for (const [place, value] of values.entries()) known.set(group[place]?.name ?? '', value);
      }
      at += run.length - 1;
    }
  }

  const truth = (condition: ReadExpression): GraphValue => expressions.asTruth(expressions.compile(condition.tree));
  const validity = createValidity(equation, graph, truth);

  function compileOutput(output: Output): GraphValue {
    const value = expressions.asNumber(expressions.compile(output.is.tree));
    const excluded = (output.excludes ?? []).map(({ when }) => graph.node('Not', [truth(when)], { kind: 'truth' }));
    const valid = [validity.of(equation.needs.get(output.name) ?? []), ...excluded]
      .filter((condition) => condition !== undefined)
      .reduce((all, one) => graph.node('And', [all, one], { kind: 'truth' }));
    const tensor = { kind: 'number', as: outputTensor(output.name) } as const;
    return graph.node('Where', [valid, value, graph.scalar(Number.NaN)], tensor);
  }

  const outputs = new Map(equation.data.outputs.map((output) => [output.name, compileOutput(output)]));
  // Categories look at inputs and at outputs; an output hides an input or a step of the same name.
  const inCategories = createExpressionCompiler(graph, {
    ...scope,
    value: (name) => outputs.get(name) ?? scope.value(name),
  });
  const graded = equation.data.outputs.filter(({ categories }) => categories !== undefined);
  for (const { name, categories = [] } of graded) {
    const place = categories
      .map(({ when }, at) => ({ holds: inCategories.asTruth(inCategories.compile(when.tree)), at }))
      .reduceRight((otherwise, { holds, at }) => number('Where', holds, graph.scalar(at), otherwise), graph.scalar(-1));
    graph.node('Identity', [place], { kind: 'number', as: categoryTensor(name) });
  }

  const { id, version, title, citation } = equation.data;
  const tensor = (name: string) => ({ name, type: 'double', dims: ['batch'] }) as const;
  return encodeOnnxModel({
    name: id,
    inputs: equation.data.inputs.map(({ name }) => tensor(name)),
    outputs: [
      ...equation.data.outputs.map(({ name }) => tensor(outputTensor(name))),
      ...graded.map(({ name }) => tensor(categoryTensor(name))),
    ],
    constants: graph.constants.filter(({ name }) => graph.nodes.some(({ inputs }) => inputs.includes(name))),
    nodes: graph.nodes,
    documentation: `${title.en}. ${citation.text}`,
    metadata: { id, version },
  });
}
