// One thing that is wrong with a data set, named by file, row and column, so that its owner can find and mend it.
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';

export type FaultCode =
  | 'table-missing'
  | 'table-unreadable'
  | 'not-utf8'
  | 'table-empty'
  | 'column-missing'
  | 'column-twice'
  | 'cell-count'
  | 'cell-empty'
  | 'path-outside'
  | 'film-missing'
  | 'film-twice'
  | 'film-unreadable'
  | 'film-in-other-part'
  | 'label-unknown'
  | 'value-unknown'
  | 'age-unreadable'
  | 'patient-across-splits'
  | 'split-changed'
  | 'box-not-number'
  | 'box-outside'
  | 'box-without-film'
  | 'file-missing'
  | 'file-changed';

export interface Fault {
  readonly code: FaultCode;
  /** Relative to the data set's folder. */
  readonly file: string;
  /** As a spreadsheet counts: the first line is 1. Null where the whole file is meant. */
  readonly row: number | null;
  readonly column: string | null;
  /** The cell, or another value that the sentence needs. */
  readonly value: string;
  /** Values that would have been right. */
  readonly allowed: readonly string[];
}

interface Place {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
  readonly value?: string;
  readonly allowed?: readonly string[];
}

export const fault = (code: FaultCode, { file, row, column, value, allowed }: Place): Fault => ({
  code,
  file,
  row: row ?? null,
  column: column ?? null,
  value: value ?? '',
  allowed: allowed ?? [],
});

/** A long list of right values says less than its beginning. */
const MOST_NAMED = 12;

export function faultSentence({ code, file, row, column, value, allowed }: Fault, language: Language): string {
  const named = allowed.slice(0, MOST_NAMED).map((each) => (each === '' ? '""' : each));
  if (allowed.length > MOST_NAMED) named.push('…');
  const place = [
    file,
    ...(row === null ? [] : [say(language, 'datasets.row', { row: String(row) })]),
    ...(column === null ? [] : [say(language, 'datasets.column', { column })]),
  ].join(', ');
  return `${place}: ${say(language, `datasets.${code}`, { value, allowed: named.join(', ') })}`;
}
