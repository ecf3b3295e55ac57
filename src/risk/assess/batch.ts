// Joins the parts of one question (the person, coalitions, what-ifs, ages) into rows of a single run of the graph.
import type { Columns } from '#risk/input/sample.ts';
import type { ServedEquation } from '#risk/equation/library.ts';

export interface BatchPart<Answer> {
  readonly rows: number;
  /** Every cell already holds the person's own value; write what differs, in rows from `from` on. */
  fill(columns: Columns, from: number): void;
  read(results: Columns, from: number): Answer;
}

type Answers<Parts extends readonly BatchPart<unknown>[]> = {
  [At in keyof Parts]: Parts[At] extends BatchPart<infer Answer> ? Answer : never;
};

export type Numbers = Readonly<Record<string, number>>;

/** `rows` persons who are all the same. */
export function repeated(own: Numbers, rows: number): Columns {
  return Object.fromEntries(Object.entries(own).map(([name, x]) => [name, new Float64Array(rows).fill(x)]));
}

export async function runParts<const Parts extends readonly BatchPart<unknown>[]>(
  served: Pick<ServedEquation, 'run'>,
  own: Numbers,
  parts: Parts,
): Promise<Answers<Parts>>;
export async function runParts(
  served: Pick<ServedEquation, 'run'>,
  own: Numbers,
  parts: readonly BatchPart<unknown>[],
): Promise<readonly unknown[]> {
  const starts: number[] = [];
  let rows = 0;
  for (const part of parts) {
    starts.push(rows);
    rows += part.rows;
  }
  const columns = repeated(own, rows);
  for (const [at, part] of parts.entries()) part.fill(columns, starts[at] ?? 0);
  const results = await served.run(columns);
  return parts.map((part, at) => part.read(results, starts[at] ?? 0));
}
