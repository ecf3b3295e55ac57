// The schema of golden.json, how it is made, and whether a graph reproduces it.
import { z } from 'zod';
import { categoryTensor, outputTensor } from '#risk/compile/compile.ts';
import { checkFaults } from './exclusions.ts';
import type { Equation } from './equation.ts';
import { interpretEquation } from './interpret.ts';
import { samplePersons, type Columns } from '#risk/input/sample.ts';

const cell = z.number().nullable();

export const goldenSchema = z.strictObject({
  /** Of the model.onnx that was built from the equation. */
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** |got - expected| ≤ tolerance · max(1, |expected|). */
  tolerance: z.number().positive(),
  /** Made by the plain interpreter, not by the graph: two ways of computing must agree. Null: absent, or refused. */
  inputs: z.record(z.string(), z.array(cell)),
  outputs: z.record(z.string(), z.array(cell)),
});
export type Golden = z.infer<typeof goldenSchema>;

const CASES = 12;
const TOLERANCE = 1e-9;
/** From an arbitrary number, so that the cases never change by themselves. */
const SEED = 20261122;

// Twelve digits: the last bits of a logarithm may differ between machines, and the file must not.
const cells = (column: Float64Array): (number | null)[] =>
  [...column].map((x) => (Number.isNaN(x) ? null : Number(x.toPrecision(12))));
const column = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN);

function rowOf(columns: Columns, row: number): Record<string, number> {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row] ?? Number.NaN]));
}

export function makeGolden(equation: Equation, modelSha256: string): Golden {
  const allowed = (person: Readonly<Record<string, number>>): boolean => checkFaults(equation, person).length === 0;
  const persons = samplePersons(equation, { count: CASES, seed: SEED }, allowed);
  // In the last case every second input is absent: the graph must refuse what needs it.
  for (const [at, input] of equation.data.inputs.entries()) if (at % 2 === 1) persons[input.name]?.fill(Number.NaN, -1);
  const outputs = Array.from({ length: CASES }, (_, row) => interpretEquation(equation, rowOf(persons, row)));
  return {
    modelSha256,
    tolerance: TOLERANCE,
    inputs: Object.fromEntries(Object.entries(persons).map(([name, values]) => [name, cells(values)])),
    outputs: Object.fromEntries(
      equation.data.outputs.map(({ name }) => [
        name,
        cells(Float64Array.from(outputs, (output) => output[name] ?? Number.NaN)),
      ]),
    ),
  };
}

export const goldenInputs = (golden: Golden): Columns =>
  Object.fromEntries(Object.entries(golden.inputs).map(([name, values]) => [name, column(values)]));

/** The largest difference in units of the tolerance: at most 1 is agreement. A number where none should be, or the reverse, is infinite. */
export function goldenDistance(golden: Golden, results: Columns): number {
  let largest = 0;
  for (const [name, expected] of Object.entries(golden.outputs)) {
    const got = results[outputTensor(name)];
    for (const [row, wanted] of expected.entries()) {
      const value = got?.[row] ?? Number.NaN;
      const same = wanted === null ? Number.isNaN(value) : !Number.isNaN(value);
      if (!same) return Infinity;
      const scale = golden.tolerance * Math.max(1, Math.abs(wanted ?? 0));
      if (wanted !== null) largest = Math.max(largest, Math.abs(value - wanted) / scale);
    }
  }
  return largest;
}

/** Names of all the graph's outputs, to compare with what a file really has. */
export const tensorNames = (equation: Equation): readonly string[] => [
  ...equation.data.outputs.map(({ name }) => outputTensor(name)),
  ...equation.data.outputs.filter(({ categories }) => categories !== undefined).map(({ name }) => categoryTensor(name)),
];
