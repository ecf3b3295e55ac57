// The rows of a data set's table: CSV, Parquet, or the paths of films where folders are the labels. Each row keeps its number.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { type Fault, fault } from './fault.ts';
import type { FilmDatasetData } from './schema.ts';

export interface Row {
  /** As a spreadsheet counts. */
  readonly number: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Table {
  /** Relative to the folder; a pattern where there is no table. */
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly faults: readonly Fault[];
}

/** Parquet needs an optional library, which another room holds. */
export type ReadParquet = (path: string) => Promise<readonly Readonly<Record<string, string>>[]>;

const nothing = (file: string, wrong: Fault): Table => ({ file, columns: [], rows: [], faults: [wrong] });

/** Spreadsheets of many countries write semicolons; some write tabs. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1);
  return [';', '\t'].find((mark) => first.includes(mark) && !first.includes(',')) ?? ',';
}

export function readCsv(folder: string, file: string): Table {
  const path = join(folder, file);
  if (!existsSync(path)) return nothing(file, fault('table-missing', { file }));
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    return nothing(file, fault('not-utf8', { file }));
  }
  try {
    const lines: string[][] = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return tableOf(file, lines);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = typeof error.lines === 'number' ? { row: error.lines } : {};
    return nothing(file, fault('table-unreadable', { file, ...row, value: error.message }));
  }
}

function tableOf(file: string, [header = [], ...lines]: readonly string[][]): Table {
  const columns = header.map((name) => name.trim());
  if (lines.length === 0) return nothing(file, fault('table-empty', { file }));
  const faults: Fault[] = [];
  const rows = lines.flatMap((cells, index): Row[] => {
    const number = index + 2;
    if (cells.length === columns.length)
      return [{ number, cells: Object.fromEntries(columns.map((name, at) => [name, (cells[at] ?? '').trim()])) }];
    const allowed = [String(columns.length)];
    faults.push(fault('cell-count', { file, row: number, value: String(cells.length), allowed }));
    return [];
  });
  return { file, columns, rows, faults };
}

const FILM = /\.(png|jpe?g|dcm|dicom)$/i;

function readPattern(folder: string, pattern: string): Table {
  const names: string[] = [];
  const expression = pattern
    .split(/(\{[a-z]+\})/)
    .map((part) => {
      const name = /^\{([a-z]+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      names.push(name);
      return '([^/]+?)';
    })
    .join('');
  const whole = new RegExp(`^${expression}$`);
  const films = globSync('**/*', { cwd: folder })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => FILM.test(path))
    .sort();
  const rows = films.flatMap((path, index): Row[] => {
    const found = whole.exec(path);
    if (found === null) return [];
    return [
      {
        number: index + 1,
        cells: { path, ...Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? ''])) },
      },
    ];
  });
  if (rows.length === 0) return nothing(pattern, fault('table-empty', { file: pattern }));
  return { file: pattern, columns: ['path', ...names], rows, faults: [] };
}

async function readParquetTable(folder: string, file: string, readParquet: ReadParquet): Promise<Table> {
  if (!existsSync(join(folder, file))) return nothing(file, fault('table-missing', { file }));
  const records = await readParquet(join(folder, file));
  const [first] = records;
  if (first === undefined) return nothing(file, fault('table-empty', { file }));
  const rows = records.map((cells, index) => ({ number: index + 1, cells }));
  return { file, columns: Object.keys(first), rows, faults: [] };
}

export async function readTable(
  folder: string,
  table: FilmDatasetData['table'],
  readParquet: ReadParquet,
): Promise<Table> {
  if ('pattern' in table) return readPattern(folder, table.pattern);
  if (table.file.endsWith('.parquet')) return readParquetTable(folder, table.file, readParquet);
  return readCsv(folder, table.file);
}
