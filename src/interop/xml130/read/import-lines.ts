// The output for a claim file: one JSON line per thing found, in the file's order, and one for the file.
import type { ImportedReport } from '#kernel/imported-result.ts';
import type { Comparator } from '#terminology/number.ts';

/** Of one row of a record's results. */
interface ResultLine {
  /** MA_LK. */
  readonly record: string;
  /** MA_BN. */
  readonly patient: string;
  /** As written. */
  readonly text: string;
  readonly time: string;
}

export interface MeasurementLine extends ResultLine {
  readonly kind: 'measurement';
  readonly code: string;
  readonly loinc: string | null;
  readonly value: number | null;
  readonly comparator: Comparator | null;
  readonly unit: string;
}

export interface ReportLine extends ResultLine, Pick<ImportedReport, 'service' | 'conclusion'> {
  readonly kind: 'report';
}

export interface Rejected {
  readonly kind: 'rejected';
  readonly record: string | null;
  readonly code: string;
  readonly reason: string;
}

export interface Skipped {
  readonly kind: 'skipped';
  readonly record: string;
  readonly table: string;
  readonly reason: string;
}

export interface FileEnd {
  readonly kind: 'file';
  readonly file: string;
  readonly declared: number | null;
  readonly records: number;
  readonly reason?: string;
}

/** The diagnoses of one record (XML1). They are kept and are no line: the lines are results. */
export interface Diagnoses {
  readonly kind: 'diagnoses';
  readonly record: string;
  readonly patient: string;
  /** ICD-10, as written: the main disease, then those beside it. */
  readonly codes: readonly string[];
  /** Of the admission, else of the discharge; absent where neither can be read. */
  readonly time?: string;
}

export type Thing = MeasurementLine | ReportLine | Rejected | Skipped | FileEnd;
