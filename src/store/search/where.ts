// Collects the conditions of a search as SQL with numbered places, so that no value ever stands in the text.
import type { TimeGroups, TimeRange } from '#kernel/record-search.ts';
import type { Sql } from '#store/host/database.ts';

export interface Where {
  readonly values: readonly unknown[];
  /** Adds a value and returns its place, `$3`. */
  place(value: unknown): string;
  /** Adds a condition where there is a value for it. */
  when<T>(value: T | undefined, condition: (place: string) => string): void;
  /** A condition that needs no value. */
  also(condition: string): void;
  /** `column` is SQL; `write` gives a boundary the column's own form. */
  times(column: string, groups: TimeGroups | undefined, write?: (iso: string) => string): void;
  text(): string;
}

export function openWhere(facilityColumn: string, facilityId: string): Where {
  const values: unknown[] = [facilityId];
  const parts: string[] = [`${facilityColumn} = $1`];
  const place = (value: unknown): string => `$${values.push(value)}`;

  const rangeText = (column: string, range: TimeRange, write: (iso: string) => string): string => {
    const bounds = [
      ...(range.from === undefined ? [] : [`${column} >= ${place(write(range.from))}`]),
      ...(range.before === undefined ? [] : [`${column} < ${place(write(range.before))}`]),
    ];
    return bounds.length === 0 ? 'true' : `(${bounds.join(' and ')})`;
  };

  return {
    values,
    place,
    when(value, condition) {
      if (value !== undefined) parts.push(condition(place(value)));
    },
    also(condition) {
      parts.push(condition);
    },
    times(column, groups = [], write = (iso) => iso) {
      for (const group of groups) {
        const ranges = group.map((range) => rangeText(column, range, write));
        parts.push(ranges.length === 0 ? 'false' : `(${ranges.join(' or ')})`);
      }
    },
    text: () => parts.join(' and '),
  };
}

/** Only what is a UUID can be compared with one; anything else matches no row. */
export const uuidsOf = (ids: readonly string[]): readonly string[] =>
  ids.filter((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id));

/** `from` is SQL; rows that the conditions leave. */
export async function countOf(sql: Sql, from: string, where: Where): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `select count(*)::int as n from ${from} where ${where.text()}`,
    where.values,
  );
  return row?.n ?? 0;
}
