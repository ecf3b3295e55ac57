// The order of a search and its cursor's condition, as SQL.
import type { Sort } from '#kernel/record-search.ts';
import type { Where } from './where.ts';

interface Column {
  readonly sql: string;
  readonly type: 'text' | 'bigint';
}

/** What the rows of a search can be sorted by, and what tells rows of one moment apart. */
export interface Sortable {
  readonly time: Column;
  readonly updated: Column;
  readonly tie: Column;
}

export interface FoundOrder {
  /** For `order by`. */
  readonly by: string;
  /** A selected column named `sorted`, for `cursorOf`. */
  readonly column: string;
}

/** A moment as a whole number of microseconds: in a cursor it is written and read back without loss. */
export const moment = (timestamp: string): Column => ({
  sql: `(extract(epoch from ${timestamp}) * 1000000)::bigint`,
  type: 'bigint',
});

/** A local time that may be absent. */
export const localTime = (text: string): Column => ({ sql: `coalesce(${text}, '')`, type: 'text' });

/** The place among equals, then the moment: a row that changes meanwhile moves no page. */
export const cursorOf = (tie: string, sorted: string | null): string => (sorted === null ? tie : `${tie}~${sorted}`);

/** Cursors come from clients: one that this service did not make finds nothing. */
const fits = ({ type }: Column, text: string | undefined): text is string =>
  text !== undefined && (type === 'text' ? !/[\0~]/.test(text) : /^-?\d{1,18}$/.test(text));

/** Adds the condition that leads on from the cursor `after`. Without a sort: the newest record first. */
export function orderOf(
  where: Where,
  { tie, ...columns }: Sortable,
  { sort, after }: { readonly sort?: Sort; readonly after?: string },
): FoundOrder {
  const [place, at] = after?.split('~', 2) ?? [];
  const typed = (column: Column, text: string): string => `${where.place(text)}::${column.type}`;
  if (sort === undefined) {
    if (after !== undefined) where.also(fits(tie, place) ? `${tie.sql} < ${typed(tie, place)}` : 'false');
    return { by: `${tie.sql} desc`, column: 'null::text as sorted' };
  }
  const column = columns[sort.by];
  const [direction, sign] = sort.descending ? ['desc', '<'] : ['asc', '>'];
  if (after !== undefined) {
    where.also(
      fits(tie, place) && fits(column, at)
        ? `(${column.sql}, ${tie.sql}) ${sign} (${typed(column, at)}, ${typed(tie, place)})`
        : 'false',
    );
  }
  return { by: `${column.sql} ${direction}, ${tie.sql} ${direction}`, column: `${column.sql}::text as sorted` };
}
