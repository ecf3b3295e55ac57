// Answers the rows of a cohort in their order; a bad row is answered too and does not stop the others.
import { CareError } from '#kernel/errors.ts';
import { checkFaults, excludesOf } from '#risk/equation/exclusions.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { rangeFault } from '#risk/input/value.ts';
import type { NamedValue } from '#risk/input/named-inputs.ts';
import type { ServedEquation } from '#risk/equation/library.ts';
import { assessColumns, type CohortColumns } from './columns.ts';

/** What was read of a row, or why it could not be. */
export interface CohortRow {
  readonly row: number;
  readonly id: string | null;
  readonly read: ReadonlyMap<string, NamedValue> | CareError;
}

export interface RowReason {
  readonly code: string;
  readonly field: string | null;
}

export type CohortAnswer =
  | {
      readonly row: number;
      readonly id: string | null;
      readonly outcome: 'assessed';
      /** Null: this output does not hold, or needs what is missing. */
      readonly outputs: Readonly<Record<string, number | string | null>>;
      readonly category: string | null;
    }
  | {
      readonly row: number;
      readonly id: string | null;
      readonly outcome: 'not-assessed' | 'rejected';
      readonly reasons: readonly RowReason[];
    };

/** Rows that are computed in one run: short enough that a service keeps answering others in between (some ms). */
const ROWS_AT_ONCE = 1024;

type Numbers = Readonly<Record<string, number>>;

function reasonsOf(equation: Equation, numbers: Numbers): readonly RowReason[] {
  const reasons: RowReason[] = [];
  const headline = equation.data.outputs.find(({ role }) => role === 'headline');
  for (const input of equation.data.inputs) {
    const x = numbers[input.name] ?? Number.NaN;
    const needed = equation.needs.get(headline?.name ?? '')?.includes(input.name) ?? false;
    if (Number.isNaN(x)) {
      if (needed) reasons.push({ code: 'risk.needs-input', field: input.name });
    } else if (input.kind === 'number' && rangeFault(input, x) !== undefined) {
      const code = input.range.source === 'published' ? 'risk.out-of-range' : 'risk.implausible';
      reasons.push({ code, field: input.name });
    }
  }
  reasons.push(...checkFaults(equation, numbers).map(({ field }) => ({ code: 'risk.input-error', field })));
  if (headline !== undefined && excludesOf(equation, headline, numbers).length > 0) {
    reasons.push({ code: 'risk.excluded', field: headline.name });
  }
  return reasons.length > 0 ? reasons : [{ code: 'risk.nothing-computed', field: null }];
}

interface ComputedRow {
  readonly row: CohortRow;
  readonly results: CohortColumns;
  /** Its place in the columns. */
  readonly at: number;
  readonly numbers: Numbers;
}

function answerOf(equation: Equation, { row, results, at, numbers }: ComputedRow): CohortAnswer {
  const { row: number, id } = row;
  const headlines = equation.data.outputs.filter(({ role }) => role === 'headline');
  const answered = headlines.find(({ name }) => Number.isFinite(results.values[name]?.[at]));
  if (answered === undefined) {
    return { row: number, id, outcome: 'not-assessed', reasons: reasonsOf(equation, numbers) };
  }
  const outputs = equation.data.outputs.map(({ name, labels }) => {
    const value = results.values[name]?.[at] ?? Number.NaN;
    const known = Number.isFinite(value);
    return [name, known ? (labels?.[value] ?? value) : null] as const;
  });
  const place = results.categories[answered.name]?.[at] ?? -1;
  return {
    row: number,
    id,
    outcome: 'assessed',
    outputs: Object.fromEntries(outputs),
    category: answered.categories?.[place]?.code ?? null,
  };
}

async function answerBlock(served: ServedEquation, block: readonly CohortRow[]): Promise<readonly CohortAnswer[]> {
  const { equation } = served;
  const columns = Object.fromEntries(
    [...equation.inputs.keys()].map((name) => [name, new Float64Array(block.length).fill(Number.NaN)]),
  );
  for (const [at, { read }] of block.entries()) {
    if (read instanceof CareError) continue;
    for (const { input, x } of read.values()) columns[input.name]![at] = x;
  }
  const results = await assessColumns(served, columns, block.length);
  return block.map((row, at): CohortAnswer => {
    const { row: number, id, read } = row;
    if (read instanceof CareError) {
      return { row: number, id, outcome: 'rejected', reasons: [{ code: read.code, field: read.field ?? null }] };
    }
    const numbers = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column[at] ?? Number.NaN]),
    );
    return answerOf(equation, { row, results, at, numbers });
  });
}

/** Reads no further than one block ahead of what is taken: the slowest reader sets the pace. */
export async function* answerRows(
  served: ServedEquation,
  rows: AsyncIterable<CohortRow> | Iterable<CohortRow>,
): AsyncGenerator<CohortAnswer> {
  let block: CohortRow[] = [];
  for await (const row of rows) {
    block.push(row);
    if (block.length < ROWS_AT_ONCE) continue;
    yield* await answerBlock(served, block);
    block = [];
  }
  if (block.length > 0) yield* await answerBlock(served, block);
}
