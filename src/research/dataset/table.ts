// The rows of a data set's table: CSV, Parquet, or the paths of films where folders are the labels. Each row keeps its number.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { CareError } from '#kernel/errors.ts';
import { type Fault, fault } from './fault.ts';
import { staysInside } from './path.ts';
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

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Spreadsheets of many countries write semicolons; some write tabs. The mark that divides the first line most often, quoted text left out. */
function delimiterOf(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const count = (mark: string): number => bare.split(mark).length;
  return DELIMITERS.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

interface Text {
  readonly delimiter: string;
  /** Of the first line of `body`. */
  readonly firstRow: number;
  readonly body: string;
}

/** Excel writes the delimiter into a line of its own before the table. */
function divided(text: string): Text {
  const [, mark, body] = /^sep=(.)\r?\n([\s\S]*)$/i.exec(text) ?? [];
  if (mark !== undefined && body !== undefined) return { delimiter: mark, firstRow: 2, body };
  const [first = ''] = text.split(/\r?\n|\r/, 1);
  return { delimiter: delimiterOf(first), firstRow: 1, body: text };
}

/** UTF-16 without a mark is well-formed UTF-8 full of NUL. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.slice(0, 1_000).includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

export function readCsv(folder: string, file: string): Table {
  if (!staysInside(file)) return nothing(file, fault('path-outside', { file, value: file }));
  const path = join(folder, file);
  if (!existsSync(path)) return nothing(file, fault('table-missing', { file }));
  const text = decoded(readFileSync(path));
  if (text === undefined) return nothing(file, fault('not-utf8', { file }));
  const { delimiter, firstRow, body } = divided(text);
  let row = firstRow;
  try {
    // Empty lines are kept until they are counted: a spreadsheet counts them.
    const lines: string[][] = parse(body, {
      delimiter,
      relax_column_count: true,
      on_record: (cells: string[]) => {
        row += 1;
        return cells;
      },
    });
    return tableOf(file, lines, firstRow);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return nothing(file, fault('table-unreadable', { file, row, value: error.message }));
  }
}

function tableOf(file: string, lines: readonly string[][], firstRow: number): Table {
  const numbered = lines
    .map((cells, index) => ({ number: firstRow + index, cells }))
    .filter(({ cells }) => cells.length > 1 || cells[0]?.trim() !== '');
  const [header, ...others] = numbered;
  if (header === undefined || others.length === 0) return nothing(file, fault('table-empty', { file }));
  const columns = header.cells.map((name) => name.trim());
  const twice = columns.find((name, at) => name !== '' && columns.indexOf(name) !== at);
  if (twice !== undefined)
    return nothing(file, fault('column-twice', { file, row: header.number, column: twice, value: twice }));
  const faults: Fault[] = [];
  const rows = others.flatMap(({ number, cells }): Row[] => {
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
  if (!staysInside(file)) return nothing(file, fault('path-outside', { file, value: file }));
  if (!existsSync(join(folder, file))) return nothing(file, fault('table-missing', { file }));
  const records = await readParquet(join(folder, file)).catch((thrown: unknown) => {
    if (thrown instanceof CareError) throw thrown;
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  if (records instanceof Error) {
    const [value = ''] = records.message.split('\n');
    return nothing(file, fault('table-unreadable', { file, value }));
  }
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
  if (/\.parquet$/i.test(table.file)) return readParquetTable(folder, table.file, readParquet);
  return readCsv(folder, table.file);
}
