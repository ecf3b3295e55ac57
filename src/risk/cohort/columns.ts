// The fast path for cohorts: columns of many persons are computed block by block, without an object per person.
import { categoryTensor, outputTensor } from '#risk/compile/compile.ts';
import type { Columns } from '#risk/input/sample.ts';
import type { ServedEquation } from '#risk/equation/library.ts';

/** A call costs as much as a thousand rows of WHO 2019, so blocks are long; a block of PREVENT takes some milliseconds, longer ones were slower. */
const BLOCK_ROWS = 16_384;

export interface CohortColumns {
  /** By output name; NaN where the graph refuses (absent, out of range, does not hold). */
  readonly values: Columns;
  /** Place in the output's list of categories, -1 where there is none. */
  readonly categories: Columns;
}

/** Columns by input name, all of one length; what is absent is NaN. A column that is left out is absent in every row. */
export async function assessColumns(served: ServedEquation, columns: Columns, rows: number): Promise<CohortColumns> {
  const { inputs, data } = served.equation;
  const absent = new Float64Array(Math.min(rows, BLOCK_ROWS)).fill(Number.NaN);
  const graded = data.outputs.filter(({ categories }) => categories !== undefined);
  const values = Object.fromEntries(data.outputs.map(({ name }) => [name, new Float64Array(rows)]));
  const categories = Object.fromEntries(graded.map(({ name }) => [name, new Float64Array(rows)]));
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, rows);
    const block: Record<string, Float64Array> = {};
    for (const name of inputs.keys()) {
      block[name] = columns[name]?.subarray(from, to) ?? absent.subarray(0, to - from);
    }
    const results = await served.run(block);
    for (const [name, column] of Object.entries(values)) column.set(results[outputTensor(name)] ?? absent, from);
    for (const [name, column] of Object.entries(categories)) column.set(results[categoryTensor(name)] ?? absent, from);
  }
  return { values, categories };
}
