// A dataset.json for a folder that has none: columns are found by their usual names, labels by their usual words; what is not plain is asked.
import { evaluationErrors } from '#research/errors.ts';
import type { DatasetData } from './schema.ts';
import type { Table } from './table.ts';

type Role = keyof NonNullable<DatasetData['columns']>;

/** In the order of preference; compared without case, spaces and underscores. */
const USUAL: Readonly<Record<Role, readonly string[]>> = {
  file: ['file', 'path', 'filename', 'image', 'imagepath', 'imageindex', 'imagefile', 'film', 'anh', 'tep', 'phim'],
  patient: ['patient', 'patientid', 'subject', 'subjectid', 'mrn', 'pid', 'mabn', 'benhnhan', 'nguoibenh'],
  source: ['source', 'site', 'hospital'],
  split: ['split', 'set', 'fold', 'part'],
  age: ['age', 'patientage', 'ageyears', 'tuoi'],
  sex: ['sex', 'gender', 'patientsex', 'patientgender', 'gioi', 'gioitinh'],
  view: ['view', 'viewposition', 'projection'],
  device: ['device', 'scanner', 'manufacturer', 'model', 'may'],
};
const ROLES = ['file', 'patient', 'source', 'split', 'age', 'sex', 'view', 'device'] as const satisfies readonly Role[];

const POSITIVE = ['1', '1.0', 'yes', 'y', 'true', 'positive', 'pos', 'present', 'có', 'co', 'dương tính'];
const NEGATIVE = ['0', '0.0', 'no', 'n', 'false', 'negative', 'neg', 'absent', 'không', 'khong', 'âm tính'];
const UNCERTAIN = ['', '-1', '-1.0', 'na', 'n/a', 'nan', 'unknown', 'uncertain', 'không rõ'];

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .replaceAll('đ', 'd')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');

export interface NewDataset {
  readonly id: string;
  /** Role → column, as the user named them. */
  readonly columns: Readonly<Record<string, string>>;
  /** Head → column, or `column=value` where only that value is positive. */
  readonly findings: Readonly<Record<string, string>>;
  /** Heads that models here know: a column of that name is taken for its labels. */
  readonly knownHeads: readonly string[];
}

const wrong = (field: string, reason: string) => evaluationErrors.error('dataset', { field, reason });

function columnsOf(table: Table, named: NewDataset['columns']): Partial<Record<Role, string>> {
  const found: Partial<Record<Role, string>> = {};
  for (const [role, column] of Object.entries(named)) {
    const known = ROLES.find((each) => each === role);
    if (known === undefined) throw wrong('--column', `${role} is none of ${ROLES.join(', ')}`);
    if (!table.columns.includes(column))
      throw wrong('--column', `${table.file} has no column ${column}; it has ${table.columns.join(', ')}`);
    found[known] = column;
  }
  for (const role of ROLES) {
    const taken = new Set(Object.values(found));
    const column = USUAL[role]
      .map((usual) => table.columns.find((name) => plain(name) === usual && !taken.has(name)))
      .find((name) => name !== undefined);
    if (found[role] === undefined && column !== undefined) found[role] = column;
  }
  return found;
}

function questionOf(head: string, asked: string, table: Table): DatasetData['questions'][number] {
  const [, column = asked, value] = /^([^=]+)=(.*)$/.exec(asked) ?? [];
  if (!table.columns.includes(column))
    throw wrong('--finding', `${table.file} has no column ${column}; it has ${table.columns.join(', ')}`);
  const seen = [...new Set(table.rows.map(({ cells }) => cells[column] ?? ''))].sort();
  const like = (words: readonly string[]): string[] => seen.filter((each) => words.includes(each.toLowerCase()));
  if (value !== undefined) {
    if (!seen.includes(value))
      throw wrong('--finding', `no cell of ${column} is “${value}”; there are ${seen.join(', ')}`);
    const ignored = like(UNCERTAIN).filter((each) => each !== value);
    const negative = seen.filter((each) => each !== value && !ignored.includes(each));
    return { column, heads: { [head]: [value] }, negative, ignored };
  }
  const [positive, negative, ignored] = [like(POSITIVE), like(NEGATIVE), like(UNCERTAIN)];
  const strange = seen.filter((each) => ![...positive, ...negative, ...ignored].includes(each));
  if (strange.length > 0 || positive.length === 0)
    throw wrong(
      '--finding',
      `column ${column} holds ${seen
        .slice(0, 8)
        .map((each) => `“${each}”`)
        .join(', ')}; say which is positive, for example --finding "${head}=${column}=${strange[0] ?? seen[0] ?? ''}"`,
    );
  return { column, heads: { [head]: positive }, negative, ignored };
}

/** Throws CareError `evaluation.dataset` that names the column and the option which settles it. */
export function newDataset(table: Table, asked: NewDataset): DatasetData {
  const { file, ...others } = columnsOf(table, asked.columns);
  if (file === undefined)
    throw wrong(
      '--column',
      `which column of ${table.file} names the film? --column file=…; there are ${table.columns.join(', ')}`,
    );
  const taken = new Set([file, ...Object.values(others)]);
  const guessed = asked.knownHeads.flatMap((head): [string, string][] => {
    const column = table.columns.find((name) => plain(name) === plain(head) && !taken.has(name));
    return column === undefined ? [] : [[head, column]];
  });
  const findings = Object.keys(asked.findings).length > 0 ? asked.findings : Object.fromEntries(guessed);
  if (Object.keys(findings).length === 0)
    throw wrong(
      '--finding',
      `which column holds which finding? --finding Effusion=COLUMN; heads are ${asked.knownHeads.join(', ')}`,
    );
  return {
    id: asked.id,
    title: { vi: asked.id, en: asked.id },
    source: 'own films',
    licence: 'not stated',
    access: { kind: 'local' },
    patientData: true,
    limits: [],
    files: [],
    table: { file: table.file },
    columns: { file, ...others },
    questions: Object.entries(findings).map(([head, column]) => questionOf(head, column, table)),
  };
}
