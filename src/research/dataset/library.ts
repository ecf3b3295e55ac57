// The descriptors that ship with Haidang (datasets/<id>/dataset.json), and the one that describes a given folder.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PROJECT_ROOT } from '#kernel/project-root.ts';
import { evaluationErrors } from '#research/errors.ts';
import { columnName } from './film.ts';
import { type DatasetData, type FilmDatasetData, datasetSchema } from './schema.ts';
import { readCsv } from './table.ts';

const SHIPPED = fileURLToPath(new URL('datasets', PROJECT_ROOT));

/** Throws CareError `evaluation.dataset` that names the field. */
function readDescriptor(file: string): DatasetData {
  const refused = (field: string, reason: string, cause?: unknown) =>
    evaluationErrors.error('dataset', { field, reason: `${file}: ${reason}`, cause });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused('dataset.json', cause instanceof SyntaxError ? `no JSON: ${cause.message}` : 'cannot be read', cause);
  }
  const parsed = datasetSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = z.core.toDotPath(issue?.path ?? []);
  throw refused(field, `${field}: ${issue?.message ?? 'does not fit'}`, parsed.error);
}

export function shippedDatasets(): DatasetData[] {
  return readdirSync(SHIPPED)
    .sort()
    .map((id) => join(SHIPPED, id, 'dataset.json'))
    .filter((file) => existsSync(file))
    .map(readDescriptor);
}

/** By its id. Throws CareError `evaluation.unknown-dataset`. */
export function shippedDataset(id: string): DatasetData {
  const found = shippedDatasets().find((data) => data.id === id);
  if (found !== undefined) return found;
  const ids = shippedDatasets().map((data) => data.id);
  throw evaluationErrors.error('unknown-dataset', {
    field: id,
    reason: `there is no ${id}; there are: ${ids.join(', ')}`,
  });
}

/** Columns that the table must have for this descriptor. */
export function neededColumns({ columns, questions }: FilmDatasetData): string[] {
  const named = Object.values(columns)
    .filter((column) => column !== undefined)
    .map(columnName);
  return [...new Set([...named, ...questions.map(({ column }) => column)])];
}

const holdsFilms = (data: DatasetData): data is FilmDatasetData =>
  data.table !== undefined && data.columns !== undefined;

/** A descriptor fits a folder when its table is there with every column that it needs. */
function fits(folder: string, data: DatasetData): data is FilmDatasetData {
  if (!holdsFilms(data) || 'pattern' in data.table || !existsSync(join(folder, data.table.file))) return false;
  const { columns } = readCsv(folder, data.table.file);
  return neededColumns(data).every((column) => columns.includes(column));
}

function filmsOnly(data: DatasetData): FilmDatasetData {
  if (holdsFilms(data)) return data;
  throw evaluationErrors.error('dataset', { field: 'table', reason: `${data.id} describes no table of films` });
}

/**
 * The one that was named (an id, or a file), else the folder's own dataset.json, else the only shipped one that fits the table.
 * Throws CareError `evaluation.dataset` or `evaluation.unknown-dataset`.
 */
export function descriptorFor(folder: string, named?: string): FilmDatasetData {
  if (named !== undefined) return filmsOnly(named.endsWith('.json') ? readDescriptor(named) : shippedDataset(named));
  const own = join(folder, 'dataset.json');
  if (existsSync(own)) return filmsOnly(readDescriptor(own));
  const fitting = shippedDatasets().filter((data) => fits(folder, data));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const reason =
    fitting.length === 0
      ? `${folder} has no dataset.json and no table that a known data set describes; make one with \`haidang datasets new ${folder}\``
      : `several data sets describe ${folder}: ${fitting.map(({ id }) => id).join(', ')}; name one with --describe`;
  throw evaluationErrors.error('dataset', { field: 'dataset.json', reason });
}
