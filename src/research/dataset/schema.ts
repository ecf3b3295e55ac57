// The schema of dataset.json: where films come from, which columns of their table say what, and which question each head answers.
// A data set is data: no name, column or label of any data set is written in code.
import { z } from 'zod';

const sentence = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal');
const values = z.array(z.string());

function isExpression(text: string): boolean {
  try {
    return new RegExp(`${text}|`).exec('')?.length === 2;
  } catch {
    return false;
  }
}

/** A column by its name, or with how its cells are read: the first group of `match`, then `values`, then `prefix` and `suffix`. */
const column = z.union([
  z.string().min(1),
  z.strictObject({
    column: z.string().min(1),
    match: z
      .string()
      .refine((text) => isExpression(text), 'no regular expression with one group')
      .optional(),
    /** A cell that is not listed is refused. */
    values: z.record(z.string(), z.string()).optional(),
    prefix: z.string().optional(),
    suffix: z.string().optional(),
  }),
]);

const columns = z.strictObject({
  /** Path of the film, relative to the folder. */
  file: column,
  /** Without it each film counts as a patient of its own, and the report says so. */
  patient: column.optional(),
  source: column.optional(),
  split: column.optional(),
  age: column.optional(),
  sex: column.optional(),
  view: column.optional(),
  device: column.optional(),
});

const question = z.strictObject({
  /** Name in the report → names in the source column that it takes together. Absent: all films, under the data set's id. */
  sources: z.record(z.string(), values.min(1)).optional(),
  column: z.string().min(1),
  /** Where a cell holds several labels. */
  separator: z.string().min(1).optional(),
  /** Head of a model → the labels that make a film positive for it. */
  heads: z.record(z.string(), values.min(1)),
  /** Labels that are known and make nothing positive. */
  negative: values.default([]),
  /** Labels that take the film out of this question (uncertain, not labelled). */
  ignored: values.default([]),
  /** Also report the mean AUROC of the heads under this name. */
  mean: z.string().optional(),
});
export type QuestionData = z.infer<typeof question>;

const boxes = z.strictObject({
  file: z.string(),
  columns: z.strictObject({
    file: z.string(),
    finding: z.string(),
    x: z.string(),
    y: z.string(),
    width: z.string(),
    height: z.string(),
    source: z.string().optional(),
  }),
  /** Name in the box table → heads whose map is judged by the box. */
  heads: z.record(z.string(), values),
  /** Name in the box table → name in the report. */
  sources: z.record(z.string(), z.string()).default({}),
});

const table = z.union([
  z.strictObject({ file: z.string().min(1) }),
  /** Labels are folders: `{split}/{label}/{patient}_{n}.png`; each name in braces is a column. */
  z.strictObject({ pattern: z.string().includes('{') }),
]);

/** A table of persons with what became of them, for the risk equations. */
const persons = z.strictObject({
  file: z.string(),
  /** 1 where the event happened. */
  event: z.string(),
  /** Years until the event or the end of observation; without it every person was observed for `horizonYears`. */
  time: z.string().optional(),
  horizonYears: z.number().positive(),
});

export const datasetSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
  title: sentence,
  source: z.string().min(1),
  homepage: z.url().optional(),
  licence: z.string().min(1),
  citation: z.string().optional(),
  doi: z
    .string()
    .regex(/^10\.\d{4,}\//)
    .optional(),
  access: z.strictObject({
    kind: z.enum(['open', 'registration', 'credentialed', 'generated', 'local']),
    /** How to get the files where a program cannot fetch them. */
    how: sentence.optional(),
  }),
  patientData: z.boolean(),
  limits: z.array(z.string()).default([]),
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1),
        url: z.url().optional(),
        sha256: sha256.optional(),
        bytes: z.number().int().positive().optional(),
      }),
    )
    .default([]),
  table: table.optional(),
  columns: columns.optional(),
  questions: z.array(question).default([]),
  boxes: boxes.optional(),
  /** SHA-256 over the sorted lines `patient TAB split LF`: a film that moved between the parts is noticed. */
  splitSha256: sha256.optional(),
  persons: persons.optional(),
  /** Of a generated data set: pictures that the generator must give again. */
  checks: z.array(z.strictObject({ seed: z.number(), size: z.number(), sha256 })).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  split: z.record(z.string(), z.string()).optional(),
});
export type DatasetData = z.infer<typeof datasetSchema>;

/** One that holds films with labels, so that a model can be measured on it. */
export interface FilmDatasetData extends DatasetData {
  readonly table: NonNullable<DatasetData['table']>;
  readonly columns: NonNullable<DatasetData['columns']>;
}
