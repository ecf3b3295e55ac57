// A row of a data set's table as a labelled film; a row that does not fit is refused with its cell, and the others go on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, fault } from './fault.ts';
import { sameFile, staysInside } from './path.ts';
import type { FilmDatasetData } from './schema.ts';
import type { Row, Table } from './table.ts';

export interface LabelledFilm {
  /** Relative to the data set's folder. */
  readonly file: string;
  /** Row of the table, as a spreadsheet counts. */
  readonly row: number;
  readonly source: string;
  readonly patientId: string;
  readonly split: string;
  readonly view: string;
  /** In years; undefined where the data set does not say. A band such as `1-5y` gives its middle. */
  readonly ageYears: number | undefined;
  readonly sex: string;
  readonly device: string;
  /** The row as it stands in the table: the questions look for their labels here. */
  readonly cells: Readonly<Record<string, string>>;
}

type ColumnRole = keyof FilmDatasetData['columns'];
type ColumnData = NonNullable<FilmDatasetData['columns'][ColumnRole]>;

export const columnName = (column: ColumnData): string => (typeof column === 'string' ? column : column.column);

const YEARS_PER = { y: 1, m: 1 / 12, w: 7 / 365.25, d: 1 / 365.25 } as const;

/** `57`, `57.5`, DICOM's `018M`, a band `1-5y …`. NaN for what is no age. */
function ageInYears(text: string): number | undefined {
  if (text === '') return undefined;
  const band = /^(\d+)-(\d+)\s*y/i.exec(text);
  if (band !== null) return (Number(band[1]) + Number(band[2])) / 2;
  const age = /^(\d{1,3}(?:\.\d+)?)\s*([ymwd]?)$/i.exec(text);
  if (age === null) return Number.NaN;
  const unit = (age[2] ?? '').toLowerCase();
  const years = Number(age[1]) * (unit === 'm' || unit === 'w' || unit === 'd' ? YEARS_PER[unit] : 1);
  return years <= 130 ? years : Number.NaN;
}

const SEXES: Readonly<Record<string, string>> = {
  '': '',
  m: 'M',
  male: 'M',
  nam: 'M',
  f: 'F',
  female: 'F',
  nữ: 'F',
  o: 'O',
  other: 'O',
  u: '',
  unknown: '',
};

interface Cell {
  readonly value: string;
  readonly fault?: Fault;
}

function translated(row: Row, file: string, column: ColumnData | undefined): Cell {
  if (column === undefined) return { value: '' };
  const cell = row.cells[columnName(column)] ?? '';
  if (typeof column === 'string' || cell === '') return { value: cell };
  const { match, values, prefix = '', suffix = '' } = column;
  const unknown = (allowed: readonly string[]): Cell => ({
    value: '',
    fault: fault('value-unknown', { file, row: row.number, column: column.column, value: cell, allowed }),
  });
  const found = match === undefined ? cell : new RegExp(match).exec(cell)?.[1];
  if (found === undefined) return unknown([match ?? '']);
  const value = values === undefined ? found : values[found];
  return value === undefined ? unknown(Object.keys(values ?? {})) : { value: `${prefix}${value}${suffix}` };
}

interface TableReader {
  readonly folder: string;
  readonly data: FilmDatasetData;
  readonly table: Table;
}

export interface Films {
  readonly films: readonly LabelledFilm[];
  readonly faults: readonly Fault[];
}

function filmOf(row: Row, { folder, data, table }: TableReader): LabelledFilm | Fault {
  const { columns } = data;
  const place = { file: table.file, row: row.number };
  const cells: Partial<Record<ColumnRole, string>> = {};
  for (const role of ['file', 'patient', 'source', 'split', 'age', 'sex', 'view', 'device'] as const) {
    const { value, fault: wrong } = translated(row, table.file, columns[role]);
    if (wrong !== undefined) return wrong;
    cells[role] = value;
  }
  const { file = '', patient = '', age = '', sex = '' } = cells;
  const inColumn = (role: ColumnRole) => ({ ...place, column: columnName(columns[role] ?? role) });
  if (file === '') return fault('cell-empty', inColumn('file'));
  if (!staysInside(file)) return fault('path-outside', { ...inColumn('file'), value: file });
  if (columns.patient !== undefined && patient === '') return fault('cell-empty', inColumn('patient'));
  if (columns.split !== undefined && cells.split === '') return fault('cell-empty', inColumn('split'));
  const ageYears = ageInYears(age);
  if (Number.isNaN(ageYears)) return fault('age-unreadable', { ...inColumn('age'), value: age });
  const knownSex = SEXES[sex.toLowerCase()];
  if (knownSex === undefined)
    return fault('value-unknown', { ...inColumn('sex'), value: sex, allowed: Object.keys(SEXES) });
  if (!existsSync(join(folder, file))) return fault('film-missing', { ...inColumn('file'), value: file });
  return {
    file,
    row: row.number,
    source: columns.source === undefined ? data.id : (cells.source ?? ''),
    patientId: columns.patient === undefined ? file : patient,
    split: columns.split === undefined ? 'all' : (cells.split ?? ''),
    view: (cells.view ?? '').toUpperCase(),
    ageYears,
    sex: knownSex,
    device: cells.device ?? '',
    cells: row.cells,
  };
}

/** A line that repeats another word for word says nothing new: some tables have a line per box. */
function withoutRepeats(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter(({ cells }) => {
    const line = JSON.stringify(cells);
    return !seen.has(line) && seen.add(line);
  });
}

/** A film that stands twice is taken once; a patient whose films lie in two parts is refused with all of them, since the parts leak. */
function acrossRows(films: readonly LabelledFilm[], { data, table }: TableReader): Films {
  const seen = new Set<string>();
  const splits = new Map<string, Set<string>>();
  for (const { patientId, split } of films) splits.set(patientId, (splits.get(patientId) ?? new Set()).add(split));
  const faults: Fault[] = [];
  const kept = films.filter((film) => {
    const place = { file: table.file, row: film.row };
    const parts = [...(splits.get(film.patientId) ?? [])].sort();
    const name = sameFile(film.file);
    if (seen.has(name)) {
      faults.push(fault('film-twice', { ...place, column: columnName(data.columns.file), value: film.file }));
      return false;
    }
    seen.add(name);
    if (parts.length === 1) return true;
    const column = columnName(data.columns.patient ?? data.columns.file);
    faults.push(fault('patient-across-splits', { ...place, column, value: film.patientId, allowed: parts }));
    return false;
  });
  return { films: kept, faults };
}

export function filmsOf(reading: TableReader): Films {
  const faults: Fault[] = [...reading.table.faults];
  const films = withoutRepeats(reading.table.rows).flatMap((row): LabelledFilm[] => {
    const film = filmOf(row, reading);
    if (!('code' in film)) return [film];
    faults.push(film);
    return [];
  });
  const checked = acrossRows(films, reading);
  return { films: checked.films, faults: [...faults, ...checked.faults] };
}
