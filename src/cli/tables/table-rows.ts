// A table of persons as a stream of rows, from CSV or Parquet.
import type { TableRow } from '#risk/table/csv.ts';

export interface Table {
  /** Bytes of a CSV file, rows of a Parquet file. */
  readonly size: number;
  rows(): AsyncGenerator<TableStep>;
}

export interface TableStep {
  readonly row: TableRow;
  /** In the unit of the table's `size`. */
  readonly done: number;
}
