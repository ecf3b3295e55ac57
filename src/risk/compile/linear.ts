// Compiles all linear steps to one matrix product: terms are rows of X [terms, batch], B · X has one row per step and cell.
import { namesIn } from '#risk/equation/expression/tree.ts';
import type { Equation, ReadStep } from '#risk/equation/equation.ts';
import { cellCount, type Axis } from '#risk/equation/table.ts';
import type { ExpressionCompiler } from './expression.ts';
import type { GraphBuilder, GraphValue } from './graph.ts';

export type LinearStep = Extract<ReadStep, { kind: 'linear' }>;

const axesOf = (step: LinearStep): string => step.axes.map(({ name }) => name).join();

/** Neighbouring linear steps over the same axes, none of which stands on another. */
export function linearRun(steps: readonly ReadStep[], from: number): readonly LinearStep[] {
  const run: LinearStep[] = [];
  for (const step of steps.slice(from)) {
    if (step.kind !== 'linear') break;
    const sameAxes = axesOf(step) === axesOf(run[0] ?? step);
    const leansOnRun = step.terms.some(({ of }) => run.some(({ name }) => namesIn(of.tree).has(name)));
    if (!sameAxes || leansOnRun) break;
    run.push(step);
  }
  return run;
}

/** Steps with the same inputs may share a product. With others they must not: 0 × NaN would spread what is absent. */
export function sharing(run: readonly LinearStep[], equation: Equation): readonly (readonly LinearStep[])[] {
  const needsOf = (step: LinearStep): string => (equation.stepNeeds.get(step.name) ?? []).join();
  return [...new Set(run.map(needsOf))].map((needs) => run.filter((step) => needsOf(step) === needs));
}

export interface LinearTools {
  readonly graph: GraphBuilder;
  readonly expressions: ExpressionCompiler;
  readonly cellIndex: (axes: readonly Axis[]) => GraphValue;
}

/** The value of each step, in their order. */
export function compileLinear(run: readonly LinearStep[], tools: LinearTools): readonly GraphValue[] {
  const { graph, expressions, cellIndex } = tools;
  const cells = cellCount(run[0]?.axes ?? []);
  const trees = new Map(run.flatMap((step) => step.terms.map(({ of }) => [of.text, of.tree] as const)));
  const texts = [...trees.keys()];
  const rows = [...trees.values()].map((tree) => expressions.asNumber(expressions.compile(tree)));
  const joined = graph.node('Concat', rows, { kind: 'number', attributes: { axis: { int: 0 } } });
  const terms = graph.node('Reshape', [joined, graph.integers([texts.length, -1])], { kind: 'series' });

  const betas = new Float64Array(run.length * cells * texts.length);
  for (const [at, step] of run.entries()) {
    for (const { of, betas: values } of step.terms) {
      for (const [cell, beta] of values.entries()) {
        betas[(at * cells + cell) * texts.length + texts.indexOf(of.text)] = beta;
      }
    }
  }
  const weights = graph.constant(betas, [run.length * cells, texts.length]);
  const products = graph.node('MatMul', [weights, terms], { kind: 'series' });

  const flat = (value: GraphValue): GraphValue =>
    graph.node('Squeeze', [value, graph.integers([0])], { kind: 'number' });
  return run.map((step, at) => {
    const bounds = [[at * cells], [(at + 1) * cells], [0]].map((ends) => graph.integers(ends));
    const own = graph.node('Slice', [products, ...bounds], { kind: 'series' });
    if (step.axes.length === 0) {
      return graph.node('Add', [flat(own), graph.scalar(step.intercepts[0] ?? 0)], { kind: 'number' });
    }
    const cell = cellIndex(step.axes);
    const lying = graph.node('Unsqueeze', [cell, graph.integers([0])], { kind: 'index' });
    const picked = graph.node('GatherElements', [own, lying], { kind: 'series', attributes: { axis: { int: 0 } } });
    const intercepts = graph.constant(step.intercepts, [step.intercepts.length]);
    return graph.node('Add', [flat(picked), graph.node('Gather', [intercepts, cell], { kind: 'number' })], {
      kind: 'number',
    });
  });
}
