// A folder of labelled films, ready to be measured: its films and boxes, and every row that was refused with its reason.
import { sha256Hex } from '#kernel/ids.ts';
import { evaluationErrors } from '#research/errors.ts';
import { type ReaderBox, boxesOf } from './box.ts';
import { type Fault, fault, faultSentence } from './fault.ts';
import { type LabelledFilm, columnName, filmsOf } from './film.ts';
import { descriptorFor, neededColumns } from './library.ts';
import { labelFaults } from './question.ts';
import type { FilmDatasetData } from './schema.ts';
import { type ReadParquet, readTable } from './table.ts';

export interface Dataset {
  readonly folder: string;
  readonly data: FilmDatasetData;
  /** Of the split that was asked for; of all where none was. */
  readonly films: readonly LabelledFilm[];
  readonly boxes: readonly ReaderBox[];
  /** Rows of that split that were refused, and faults of whole files. */
  readonly faults: readonly Fault[];
  /** SHA-256 over the sorted lines `patient TAB split LF` of all films. */
  readonly splitSha256: string;
}

export interface DatasetOptions {
  readonly readParquet: ReadParquet;
  /** Absent: every film. */
  readonly split?: string;
  /** A shipped descriptor's id or a dataset.json elsewhere. */
  readonly describe?: string;
}

const splitHash = (films: readonly LabelledFilm[]): string =>
  sha256Hex([...new Set(films.map(({ patientId, split }) => `${patientId}\t${split}\n`))].sort().join(''));

function refuse(wrong: Fault): never {
  throw evaluationErrors.error('dataset', {
    field: wrong.column ?? wrong.file,
    reason: faultSentence(wrong, 'en'),
  });
}

/** Throws CareError `evaluation.dataset` where no film can be used: no table, no column, no row of the split. */
export async function readDataset(folder: string, options: DatasetOptions): Promise<Dataset> {
  const data = descriptorFor(folder, options.describe);
  const table = await readTable(folder, data.table, options.readParquet);
  const [first] = table.faults;
  if (table.rows.length === 0 && first !== undefined) refuse(first);
  for (const column of neededColumns(data)) {
    if (!table.columns.includes(column))
      refuse(fault('column-missing', { file: table.file, row: 1, column, allowed: table.columns }));
  }
  const all = filmsOf({ folder, data, table });
  const { split } = options;
  const cellsOf = new Map(table.rows.map(({ number, cells }) => [number, cells]));
  /** Of a row that was refused; undefined where the table does not say. */
  const splitOf = (row: number | null): string | undefined =>
    typeof data.columns.split === 'string' ? cellsOf.get(row ?? 0)?.[data.columns.split] : undefined;
  const wanted = all.films.filter((film) => split === undefined || film.split === split);
  const labels = labelFaults(wanted, data, table.file);
  const bad = new Set(labels.map(({ row }) => row));
  const films = wanted.filter(({ row }) => !bad.has(row));
  const rowFaults = all.faults.filter(({ row }) => {
    const own = splitOf(row);
    return split === undefined || own === undefined || own === split;
  });
  const splitSha256 = splitHash(all.films);
  const changed =
    data.splitSha256 === undefined || data.splitSha256 === splitSha256
      ? []
      : [fault('split-changed', { file: table.file, value: splitSha256, allowed: [data.splitSha256] })];
  const files = columnName(data.columns.file);
  const boxed = boxesOf(folder, data.boxes, new Set(table.rows.map(({ cells }) => cells[files] ?? '')));
  const faults = [...rowFaults, ...labels, ...changed, ...boxed.faults].sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  if (films.length === 0) {
    const names = [...new Set(all.films.map((film) => film.split))].sort();
    const [worst] = faults;
    if (worst !== undefined && (split === undefined || names.includes(split) || names.length === 0)) refuse(worst);
    const column = columnName(data.columns.split ?? 'split');
    refuse(fault('value-unknown', { file: table.file, column, value: split ?? '', allowed: names }));
  }
  const kept = new Set(films.map(({ file }) => file));
  return { folder, data, films, boxes: boxed.boxes.filter(({ file }) => kept.has(file)), faults, splitSha256 };
}
