// Parquet files through DuckDB, an optional dependency: where it is not installed, CSV still works and Parquet is refused with a sentence.
import type { Table } from './table-rows.ts';
import { stat } from 'node:fs/promises';
import { riskErrors } from '#risk/errors.ts';

async function connect() {
  const duckdb = await import('@duckdb/node-api').catch((cause: unknown) => {
    throw riskErrors.error('bad-table', {
      reason: 'Parquet needs the optional package @duckdb/node-api, which is not installed; use CSV',
      cause,
    });
  });
  const instance = await duckdb.DuckDBInstance.create(':memory:');
  return instance.connect();
}

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  // Dates, decimals and the like print themselves as SQL does.
  return String(value);
}

export async function openParquet(path: string): Promise<Table> {
  await stat(path);
  const connection = await connect();
  const counted = await connection.runAndReadAll(`select count(*)::integer from read_parquet(${quoted(path)})`);
  return {
    size: Number(counted.getRows()[0]?.[0] ?? 0),
    async *rows() {
      const result = await connection.stream(`select * from read_parquet(${quoted(path)})`);
      const names = result.columnNames();
      let done = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        const columns = names.map((_, at) => chunk.getColumnValues(at));
        for (let at = 0; at < chunk.rowCount; at += 1) {
          done += 1;
          yield { row: Object.fromEntries(names.map((name, place) => [name, textOf(columns[place]?.[at])])), done };
        }
      }
    },
  };
}

/** A whole table at once, for those that fit into memory. */
export async function parquetRows(path: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const rows: Readonly<Record<string, string>>[] = [];
  for await (const { row } of (await openParquet(path)).rows()) rows.push(row);
  return rows;
}

/** A CSV file of ours becomes a Parquet file beside it. */
export async function csvToParquet(csv: string, parquet: string): Promise<void> {
  const connection = await connect();
  await connection.run(
    `copy (select * from read_csv(${quoted(csv)}, header = true, sample_size = -1)) to ${quoted(parquet)} (format parquet)`,
  );
}
