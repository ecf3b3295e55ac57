// Reads equation.json and checks it whole: every name, label and table in it resolves, or the place at fault is named.
import { z } from 'zod';
import { riskErrors } from '#risk/errors.ts';
import { namesIn, nodesOf, type Expression } from '#risk/equation/expression/tree.ts';
import { equationSchema, type EquationData, type Input, type Output, type ReadExpression } from './schema.ts';
import { denseCoefficient, denseTable, type Axis, type Table } from './table.ts';

export interface LinearTerm {
  readonly of: ReadExpression;
  /** One beta per cell of the step's axes. */
  readonly betas: Float64Array;
}

export type ReadStep =
  | { readonly kind: 'value'; readonly name: string; readonly is: ReadExpression }
  | {
      readonly kind: 'linear';
      readonly name: string;
      readonly axes: readonly Axis[];
      readonly intercepts: Float64Array;
      readonly terms: readonly LinearTerm[];
    }
  | { readonly kind: 'points'; readonly name: string; readonly items: readonly PointsItem[] };

export interface PointsItem {
  readonly name: string;
  readonly table: Table;
}

export interface Band {
  readonly of: ReadExpression;
  /** `inclusive`: the cut itself belongs to the band above. */
  readonly cuts: readonly { readonly at: number; readonly inclusive: boolean }[];
  readonly labels: readonly string[];
  readonly representatives: readonly number[] | undefined;
}

export interface Equation {
  readonly data: EquationData;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly bands: ReadonlyMap<string, Band>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly steps: readonly ReadStep[];
  /** The inputs that each output needs: those that may be absent are not among them. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** The same for each step. */
  readonly stepNeeds: ReadonlyMap<string, readonly string[]>;
}

const BOOLEAN_LABELS = ['no', 'yes'] as const;

const fault = (where: string, reason: string) =>
  riskErrors.error('bad-equation', { field: where, reason: `${where}: ${reason}` });

const readBand = ({ of, cuts, labels, representatives }: NonNullable<EquationData['bands']>[string]): Band => ({
  of,
  cuts: cuts.map((cut) => ({ at: Number(cut.split(' ')[1]), inclusive: cut.startsWith('>=') })),
  labels,
  representatives,
});

/** Labels of a coded or boolean input, or of a band. */
function axisOf(name: string, inputs: ReadonlyMap<string, Input>, bands: ReadonlyMap<string, Band>): Axis {
  const input = inputs.get(name);
  if (input?.kind === 'coded') return { name, labels: input.levels.map(({ code }) => code) };
  if (input?.kind === 'boolean') return { name, labels: BOOLEAN_LABELS };
  const band = bands.get(name);
  if (band === undefined) throw fault(name, 'is no coded or boolean input and no band');
  return { name, labels: band.labels };
}

function readStep(step: EquationData['steps'][number], axis: (name: string) => Axis): ReadStep {
  if (step.kind === 'value') return step;
  if (step.kind === 'points') {
    const items = step.items.map(({ name, of, points }) => ({ name, table: denseTable(points, [axis(of)], name) }));
    return { kind: 'points', name: step.name, items };
  }
  const axes = (step.by ?? []).map(axis);
  const terms = step.terms.map(({ of, beta }) => ({
    of,
    betas: denseCoefficient(beta, axes, `${step.name} ${of.text}`),
  }));
  return {
    kind: 'linear',
    name: step.name,
    axes,
    intercepts: denseCoefficient(step.intercept ?? 0, axes, `${step.name} intercept`),
    terms,
  };
}

/** What a name stands on, directly. */
function usesOf(equation: Omit<Equation, 'needs' | 'stepNeeds'>): ReadonlyMap<string, ReadonlySet<string>> {
  const uses = new Map<string, ReadonlySet<string>>();
  const names = (...trees: readonly Expression[]) => new Set(trees.flatMap((tree) => [...namesIn(tree)]));
  for (const [name, band] of equation.bands) uses.set(name, names(band.of.tree));
  for (const [name, table] of equation.tables) uses.set(name, new Set(table.axes.map((axis) => axis.name)));
  for (const name of Object.keys(equation.data.series ?? {})) uses.set(name, new Set());
  for (const name of Object.keys(equation.data.curves ?? {})) uses.set(name, new Set());
  for (const step of equation.steps) {
    if (step.kind === 'value') uses.set(step.name, names(step.is.tree));
    if (step.kind === 'linear') {
      uses.set(
        step.name,
        new Set([...names(...step.terms.map(({ of }) => of.tree)), ...step.axes.map((axis) => axis.name)]),
      );
    }
    if (step.kind === 'points') {
      for (const item of step.items) uses.set(item.name, new Set(item.table.axes.map((axis) => axis.name)));
      uses.set(step.name, new Set(step.items.map((item) => item.name)));
    }
  }
  return uses;
}

/** Inputs under a name, through steps, tables and bands. Throws on a name that nothing declares, and on a circle. */
function inputsUnder(
  name: string,
  inputs: ReadonlyMap<string, Input>,
  uses: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = new Set<string>();
  const visit = (current: string): void => {
    if (inputs.has(current)) {
      found.add(current);
      return;
    }
    const below = uses.get(current);
    if (below === undefined) throw fault(current, 'is declared nowhere');
    if (open.has(current)) throw fault(current, 'stands on itself');
    open.add(current);
    for (const next of below) visit(next);
    open.delete(current);
  };
  visit(name);
  return found;
}

/** Texts are only compared with coded inputs, and only with a level that exists. */
function checkTexts(tree: Expression, inputs: ReadonlyMap<string, Input>, where: string): void {
  for (const node of nodesOf(tree)) {
    if (node.kind !== 'operation') continue;
    for (const [text, other] of [
      [node.left, node.right],
      [node.right, node.left],
    ] as const) {
      if (text.kind !== 'text') continue;
      const input = other.kind === 'name' ? inputs.get(other.name) : undefined;
      if (input?.kind !== 'coded' || !['=', '!='].includes(node.operator)) {
        throw fault(where, `"${text.value}" is not compared with a coded input`);
      }
      if (!input.levels.some(({ code }) => code === text.value))
        throw fault(where, `${input.name} has no "${text.value}"`);
    }
  }
}

function checkNamesOnce(data: EquationData): void {
  const steps = data.steps.flatMap((step) => [
    step.name,
    ...(step.kind === 'points' ? step.items.map((item) => item.name) : []),
  ]);
  const groups = [data.bands, data.tables, data.series, data.curves].flatMap((group) => Object.keys(group ?? {}));
  const names = [...data.inputs.map((input) => input.name), ...groups, ...steps];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw fault(twice, 'is declared twice');
}

function checkOutput(output: Output, known: ReadonlySet<string>, inputs: ReadonlyMap<string, Input>): void {
  const conditions = [...(output.categories ?? []), ...(output.excludes ?? [])].map(({ when }) => when);
  for (const { text, tree } of conditions) {
    const stranger = [...namesIn(tree)].find((name) => !known.has(name));
    if (stranger !== undefined) throw fault(output.name, `${text} uses ${stranger}, which is no input and no output`);
    checkTexts(tree, inputs, output.name);
  }
}

/** Throws CareError `risk.bad-equation` naming the place, so that a broken folder is never half used. */
export function readEquation(json: unknown): Equation {
  const parsed = equationSchema.safeParse(json);
  if (!parsed.success) throw riskErrors.error('bad-equation', { reason: z.prettifyError(parsed.error) });
  const { data } = parsed;
  checkNamesOnce(data);
  const inputs = new Map(data.inputs.map((input) => [input.name, input]));
  const bands = new Map(Object.entries(data.bands ?? {}).map(([name, band]) => [name, readBand(band)]));
  const axis = (name: string): Axis => axisOf(name, inputs, bands);
  const tables = new Map(
    Object.entries(data.tables ?? {}).map(([name, table]) => [
      name,
      denseTable(table.values, table.by.map(axis), name),
    ]),
  );
  const steps = data.steps.map((step) => readStep(step, axis));
  const uses = usesOf({ data, inputs, bands, tables, steps });

  const trees = [
    ...[...bands].map(([name, band]) => [name, band.of.tree] as const),
    ...steps.flatMap((step) => {
      if (step.kind === 'value') return [[step.name, step.is.tree] as const];
      return step.kind === 'linear' ? step.terms.map(({ of }) => [step.name, of.tree] as const) : [];
    }),
    ...data.outputs.map((output) => [output.name, output.is.tree] as const),
    ...[...(data.checks ?? []), ...(data.exclusions ?? [])].map(({ when }) => [when.text, when.tree] as const),
  ];
  for (const [where, tree] of trees) checkTexts(tree, inputs, where);
  const sayable = new Set([...inputs.keys(), ...data.outputs.map((output) => output.name)]);
  for (const output of data.outputs) checkOutput(output, sayable, inputs);

  const needsOf = (names: Iterable<string>): readonly string[] => {
    const under = [...names].flatMap((name) => [...inputsUnder(name, inputs, uses)]);
    return data.inputs.filter((input) => under.includes(input.name) && !input.mayBeAbsent).map(({ name }) => name);
  };
  const needs = new Map(data.outputs.map((output) => [output.name, needsOf(namesIn(output.is.tree))]));
  const stepNeeds = new Map(steps.map((step) => [step.name, needsOf([step.name])]));
  return { data, inputs, bands, tables, steps, needs, stepNeeds };
}

/** The place of a coded level, which is the number that stands for it in the graph. */
export function levelIndex(input: Input, code: string): number {
  return input.kind === 'coded' ? input.levels.findIndex((level) => level.code === code) : -1;
}
