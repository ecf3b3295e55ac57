// One statement out of several: each part is a list of common table expressions with values of its own. A transaction that writes five
// tables then asks the server once instead of five times.
import type { PreparedStatement } from './database.ts';

export interface Part {
  /** Short, and of this very text: the names of a statement's parts make its own, of which PostgreSQL keeps 63 characters. */
  readonly name: string;
  /** `a as (…), b as (…)`; `$1` is the first of `values`. */
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A part's `$1` behind `before` values of others. */
const renumbered = (text: string, before: number): string =>
  text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + before}`);

/** `select`: what is asked of the parts, without values. The text of each list of parts is put together once. */
const known = new Map<string, PreparedStatement>();

/** All parts see the database as it was before any of them wrote; so no two of them may write the same row. */
export function statementOf(
  parts: readonly Part[],
  select: string,
): { readonly statement: PreparedStatement; readonly values: readonly unknown[] } {
  const values = parts.flatMap((part) => part.values);
  const name = parts.map((part) => part.name).join('+');
  const statement = known.get(name) ?? { name, text: textOf(parts, select) };
  known.set(name, statement);
  return { statement, values };
}

function textOf(parts: readonly Part[], select: string): string {
  let before = 0;
  const texts = parts.map(({ text, values }) => {
    const numbered = renumbered(text, before);
    before += values.length;
    return numbered;
  });
  return `with recursive ${texts.join(', ')} ${select}`;
}
