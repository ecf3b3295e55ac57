// Opens a CSV or Parquet file as a stream of rows that says how far the reading is.
import type { Table } from './table-rows.ts';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { riskErrors } from '#risk/errors.ts';
import { csvRecords } from '#risk/table/csv.ts';
import { openParquet } from './parquet.ts';

async function openCsv(path: string): Promise<Table> {
  const { size } = await stat(path);
  return {
    size,
    async *rows() {
      let done = 0;
      const decoder = new TextDecoder('utf-8');
      async function* pieces(): AsyncGenerator<string> {
        for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
          done += chunk.length;
          yield decoder.decode(chunk, { stream: true });
        }
        yield decoder.decode();
      }
      for await (const row of csvRecords(pieces())) yield { row, done };
    },
  };
}

/** By the ending of its name. Throws CareError `risk.bad-table` for a file that cannot be read. */
export async function openTable(path: string): Promise<Table> {
  try {
    return await (path.endsWith('.parquet') ? openParquet(path) : openCsv(path));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!/^E[A-Z]+$/.test(code)) throw cause;
    throw riskErrors.error('bad-table', { field: path, reason: `the file cannot be read (${code})`, cause });
  }
}
