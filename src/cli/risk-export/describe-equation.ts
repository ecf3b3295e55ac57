// An equation as the Python package reads it: inputs with units, outputs, the conditions that give reasons, golden outputs.
import type { Equation } from '#risk/equation/equation.ts';
import type { Expression } from '#risk/equation/expression/tree.ts';
import { nodesOf } from '#risk/equation/expression/tree.ts';
import { goldenSchema } from '#risk/equation/golden.ts';
import type { Input, Output, ReadExpression } from '#risk/equation/schema.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';
import { riskErrors } from '#risk/errors.ts';

/** What conditions.py can evaluate. */
const KINDS: ReadonlySet<Expression['kind']> = new Set(['number', 'text', 'name', 'minus', 'not', 'operation']);
const OPERATORS: ReadonlySet<string> = new Set(['or', 'and', '=', '!=', '<', '<=', '>', '>=']);

function condition({ text, tree }: ReadExpression): Expression {
  for (const node of nodesOf(tree))
    if (!KINDS.has(node.kind) || (node.kind === 'operation' && !OPERATORS.has(node.operator)))
      throw riskErrors.error('bad-equation', { reason: `the Python package cannot evaluate ${text}` });
  return tree;
}

function inputOf(input: Input, registry: Registry): object {
  const { name, kind, title } = input;
  const plausible = conceptOf(input) === 'age' ? registry.quantity('age')?.plausible : undefined;
  const common = { name, kind, title, ...(plausible !== undefined && { plausibleAge: plausible }) };
  switch (input.kind) {
    case 'number':
      return {
        ...common,
        unit: input.unit,
        range: input.range,
        whole: input.whole === true,
        special: (input.special ?? []).map(({ value }) => value),
      };
    case 'coded':
      return { ...common, levels: input.levels.map(({ code, title: of, also = [] }) => ({ code, title: of, also })) };
    case 'boolean':
      return common;
    default:
      return input satisfies never;
  }
}

const outputOf = (equation: Equation, output: Output): object => ({
  name: output.name,
  title: output.title,
  unit: output.unit,
  role: output.role,
  labels: output.labels ?? null,
  categories: output.categories?.map(({ code }) => code) ?? null,
  needs: equation.needs.get(output.name) ?? [],
  excludes: (output.excludes ?? []).map(({ when }) => condition(when)),
});

export function describeEquation(equation: Equation, golden: unknown, registry: Registry): object {
  const { data } = equation;
  const { modelSha256, tolerance, inputs, outputs } = goldenSchema.parse(golden);
  return {
    id: data.id,
    version: data.version,
    title: data.title,
    population: data.population.text,
    citation: data.citation,
    licence: data.licence,
    modelSha256,
    inputs: data.inputs.map((input) => inputOf(input, registry)),
    outputs: data.outputs.map((output) => outputOf(equation, output)),
    checks: (data.checks ?? []).map(({ when, field }) => ({ when: condition(when), field })),
    golden: { tolerance, inputs, outputs },
  };
}
