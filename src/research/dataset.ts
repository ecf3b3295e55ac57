// A folder of films with labels.csv and boxes.csv → typed rows; what does not fit is refused with its line.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { evaluationErrors } from './errors.ts';

const labelRow = z.object({
  file: z.string().min(1),
  source: z.string().min(1),
  patient_id: z.string().min(1),
  split: z.string(),
  label: z.string(),
  abnormal: z.string(),
  findings: z.string(),
  view: z.string().optional(),
  age: z.string().optional(),
  sex: z.string().optional(),
  rsna_class: z.string().optional(),
});

const boxRow = z.object({
  file: z.string().min(1),
  finding: z.string(),
  x: z.coerce.number(),
  y: z.coerce.number(),
  w: z.coerce.number(),
  h: z.coerce.number(),
  source: z.string().optional(),
});

export interface LabelledFilm {
  /** Relative to the dataset's folder. */
  readonly file: string;
  readonly source: string;
  readonly patientId: string;
  readonly split: string;
  readonly label: string;
  readonly abnormal: boolean;
  readonly findings: readonly string[];
  readonly view: string;
  /** In years; undefined where the dataset does not say. A band such as `1-5y` gives its middle. */
  readonly ageYears: number | undefined;
  readonly sex: string;
  readonly rsnaClass: string;
}

/** A radiologist's box, in fractions of the picture. */
export interface Box {
  readonly file: string;
  readonly finding: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Who drew it: `rsna`, or `nih` for its list of boxes (`nih-bbox` in the file). */
  readonly source: string;
}

export interface Dataset {
  readonly folder: string;
  readonly films: readonly LabelledFilm[];
  readonly boxes: readonly Box[];
}

function readRows<Row>(file: string, schema: z.ZodType<Row>): Row[] {
  const rows: unknown[] = parse(readFileSync(file), { columns: true, skip_empty_lines: true, bom: true });
  return rows.map((row, index) => {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw evaluationErrors.error('dataset', {
      field: String(issue?.path[0] ?? ''),
      reason: `${file} line ${index + 2}: ${issue?.message ?? 'does not fit'}`,
    });
  });
}

function ageInYears(text: string): number | undefined {
  const band = /^(\d+)-(\d+)y/.exec(text);
  if (band !== null) return (Number(band[1]) + Number(band[2])) / 2;
  const years = /^(\d{1,3})(?:\.\d+)?(?:Y)?$/.exec(text);
  return years === null ? undefined : Number(years[1]);
}

/** Reads labels.csv (required) and boxes.csv (optional) of `folder`; throws `evaluation.dataset` naming the line. */
export function readDataset(folder: string, split: string): Dataset {
  const labels = join(folder, 'labels.csv');
  if (!existsSync(labels))
    throw evaluationErrors.error('dataset', { field: 'labels.csv', reason: 'labels.csv is not there' });
  const films = readRows(labels, labelRow)
    .filter((row) => row.split === split)
    .map((row) => ({
      file: row.file,
      source: row.source,
      patientId: row.patient_id,
      split: row.split,
      label: row.label,
      abnormal: row.abnormal === '1',
      findings: row.findings.split('|').map((name) => name.trim()),
      view: row.view ?? '',
      ageYears: ageInYears(row.age ?? ''),
      sex: (row.sex ?? '').toUpperCase(),
      rsnaClass: row.rsna_class ?? '',
    }));
  if (films.length === 0) {
    throw evaluationErrors.error('dataset', { field: 'split', reason: `no film of split "${split}" in labels.csv` });
  }
  const wanted = new Set(films.map(({ file }) => file));
  const boxFile = join(folder, 'boxes.csv');
  const boxes = existsSync(boxFile)
    ? readRows(boxFile, boxRow)
        .filter(({ file }) => wanted.has(file))
        .map(({ w, h, source, ...rest }) => ({
          ...rest,
          width: w,
          height: h,
          source: source === 'nih-bbox' ? 'nih' : (source ?? ''),
        }))
    : [];
  return { folder, films, boxes };
}
