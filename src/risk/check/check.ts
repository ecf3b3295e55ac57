// Compares this program's results with vectors of other people's implementations.
import { CareError } from '#kernel/errors.ts';
import type { Equation } from '#risk/equation/equation.ts';
import { riskErrors } from '#risk/errors.ts';
import { plainValue, readCell } from '#risk/input/value.ts';
import type { TableRow } from '#risk/table/csv.ts';

/** What is asked of a running service or of the code in this process alike. */
export interface Asked {
  readonly outcome: 'assessed' | 'not-assessed' | 'failed';
  readonly reasons: readonly { readonly code: string }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly label: string | null;
    readonly reasons: readonly { readonly code: string }[];
  }[];
}

/** Throws CareError where the question as such is refused. */
export type Ask = (equationId: string, inputs: Readonly<Record<string, unknown>>) => Promise<Asked>;

export interface CheckFailure {
  /** Counted from 1, the line of names left out. */
  readonly row: number;
  readonly expected: string;
  readonly got: number | string | null;
  readonly tolerance: number;
  readonly code: string | null;
}

export interface CheckReport {
  readonly equation: string;
  readonly rows: number;
  readonly passed: number;
  readonly failed: number;
  readonly refused: number;
  readonly largestError: number;
  readonly failures: readonly CheckFailure[];
}

const OWN_COLUMNS = ['output', 'expected', 'tolerance', 'source'];
/** The person is outside of what the equation was published for: an answer, not a failure. */
const REFUSALS = [
  'risk.out-of-range',
  'risk.implausible',
  'risk.not-whole',
  'risk.input-error',
  'risk.excluded',
  'risk.wrong-age',
  'risk.impossible-age',
];

/** Numbers and yes/no as JSON has them; bands and other spellings stay texts. Empty cells are absent. */
function inputsOfRow(equation: Equation, row: TableRow): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name, text]) => !OWN_COLUMNS.includes(name) && text !== '')
      .map(([name, text]) => {
        const input = equation.inputs.get(name);
        return [name, input === undefined ? text : plainValue(input, readCell(input, text, name))];
      }),
  );
}

type Verdict =
  | {
      readonly kind: 'passed' | 'failed';
      readonly error: number;
      readonly got: number | string | null;
      readonly code: string | null;
    }
  | { readonly kind: 'refused' };

function judgeRow(asked: Asked, output: string, expected: string, tolerance: number): Verdict {
  const shown = asked.outputs.find(({ name }) => name === output);
  const got = shown?.label ?? shown?.value ?? null;
  const codes = [...(shown?.reasons ?? []), ...asked.reasons].map(({ code }) => code);
  if (got === null) {
    if (codes.some((code) => REFUSALS.includes(code))) return { kind: 'refused' };
    return { kind: 'failed', error: 0, got, code: codes[0] ?? 'risk.no-such-output' };
  }
  if (typeof got === 'string') return { kind: got === expected ? 'passed' : 'failed', error: 0, got, code: null };
  const error = Math.abs(got - Number(expected));
  return { kind: error <= tolerance ? 'passed' : 'failed', error, got, code: null };
}

async function verdictOf(equation: Equation, row: TableRow, output: string, ask: Ask): Promise<Verdict> {
  try {
    const asked = await ask(equation.data.id, inputsOfRow(equation, row));
    return judgeRow(asked, output, row['expected'] ?? '', Number(row['tolerance']));
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    if (REFUSALS.includes(error.code)) return { kind: 'refused' };
    return { kind: 'failed', error: 0, got: null, code: error.code };
  }
}

export async function checkVectors(equation: Equation, rows: AsyncIterable<TableRow>, ask: Ask): Promise<CheckReport> {
  const headline = equation.data.outputs.find(({ role }) => role === 'headline')?.name ?? '';
  const counts = { passed: 0, failed: 0, refused: 0 };
  const failures: CheckFailure[] = [];
  let largestError = 0;
  let number = 0;
  for await (const row of rows) {
    number += 1;
    if (number === 1 && !('expected' in row && 'tolerance' in row)) {
      throw riskErrors.error('bad-table', {
        field: 'expected',
        reason: 'the table has no columns expected and tolerance',
      });
    }
    const verdict = await verdictOf(equation, row, row['output'] || headline, ask);
    counts[verdict.kind] += 1;
    if (verdict.kind === 'refused') continue;
    largestError = Math.max(largestError, verdict.error);
    if (verdict.kind === 'failed') {
      const { got, code } = verdict;
      failures.push({ row: number, expected: row['expected'] ?? '', got, tolerance: Number(row['tolerance']), code });
    }
  }
  return { equation: equation.data.id, rows: number, ...counts, largestError, failures };
}
