// Compiles an equation to model.onnx: float64 throughout, one [batch] tensor per input and output.
// An absent input is NaN. An output is NaN where an input that it needs is absent or out of range, or where the equation does not hold.
import type { Equation, PointsItem } from '#risk/equation/equation.ts';
import type { Output, ReadExpression } from '#risk/equation/schema.ts';
import { encodeOnnxModel } from '#onnx/encode.ts';
import { createExpressionCompiler } from './expression.ts';
import { createGraphBuilder, type GraphBuilder, type GraphValue } from './graph.ts';
import { compileLinear, linearRun, sharing } from './linear.ts';
import { createNames, type Names } from './names.ts';
import { createValidity } from './validity.ts';

/** The graph's name for an output: an output may bear an input's name (Framingham's `bmi`). */
export const outputTensor = (output: string): string => `out_${output}`;
/** The place of the category in the output's list, -1 where none holds. */
export const categoryTensor = (output: string): string => `cat_${output}`;

interface Parts {
  readonly equation: Equation;
  readonly graph: GraphBuilder;
  readonly names: Names;
}

function compilePoints(name: string, items: readonly PointsItem[], { graph, names }: Parts): void {
  const values = items.map((item) => {
    const points = names.cells.valueOf(item.table);
    names.set(item.name, points);
    return points;
  });
  names.set(
    name,
    values.reduce((total, points) => graph.node('Add', [total, points], { kind: 'number' })),
  );
}

/** Each step's value under its name, in the equation's order. */
function compileSteps(parts: Parts): void {
  const { equation, graph, names } = parts;
  const tools = { graph, expressions: names.expressions, cellIndex: names.cells.indexOf };
  for (let at = 0; at < equation.steps.length; at += 1) {
    const step = equation.steps[at];
    if (step?.kind === 'value') names.set(step.name, names.expressions.compile(step.is.tree));
    if (step?.kind === 'points') compilePoints(step.name, step.items, parts);
    if (step?.kind === 'linear') {
      const run = linearRun(equation.steps, at);
      for (const group of sharing(run, equation)) {
        for (const [place, value] of compileLinear(group, tools).entries()) names.set(group[place]?.name ?? '', value);
      }
      at += run.length - 1;
    }
  }
}

/** Each output by its name: NaN where it is not valid. */
function compileOutputs({ equation, graph, names }: Parts): ReadonlyMap<string, GraphValue> {
  const { expressions } = names;
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
  return new Map(equation.data.outputs.map((output) => [output.name, compileOutput(output)]));
}

/** The place of the first category that holds. Categories look at inputs and at outputs; an output hides an input or a step of its name. */
function compileCategories(
  { name, categories = [] }: Output,
  outputs: ReadonlyMap<string, GraphValue>,
  { graph, names }: Parts,
): void {
  const { scope } = names;
  const expressions = createExpressionCompiler(graph, {
    ...scope,
    value: (sought) => outputs.get(sought) ?? scope.value(sought),
  });
  const place = categories
    .map(({ when }, at) => ({ holds: expressions.asTruth(expressions.compile(when.tree)), at }))
    .reduceRight(
      (otherwise, { holds, at }) => graph.node('Where', [holds, graph.scalar(at), otherwise], { kind: 'number' }),
      graph.scalar(-1),
    );
  graph.node('Identity', [place], { kind: 'number', as: categoryTensor(name) });
}

export function compileEquation(equation: Equation): Uint8Array {
  const graph = createGraphBuilder();
  const parts = { equation, graph, names: createNames(equation, graph) };
  compileSteps(parts);
  const outputs = compileOutputs(parts);
  const graded = equation.data.outputs.filter(({ categories }) => categories !== undefined);
  for (const output of graded) compileCategories(output, outputs, parts);

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
