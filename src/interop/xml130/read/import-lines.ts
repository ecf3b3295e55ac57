// What is told of a claim file: one JSON line per thing found, in the file's order, and one for the file.
import type { Comparator } from '#terminology/number.ts';

export interface ImportedMeasurement {
  readonly kind: 'measurement';
  readonly record: string;
  readonly patient: string;
  readonly code: string;
  readonly loinc: string | null;
  readonly value: number | null;
  readonly comparator: Comparator | null;
  readonly text: string;
  readonly unit: string;
  readonly time: string;
}

export interface ImportedReport {
  readonly kind: 'report';
  readonly record: string;
  readonly patient: string;
  readonly service: string;
  readonly text: string;
  readonly conclusion: string;
  readonly time: string;
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

export type Thing = ImportedMeasurement | ImportedReport | Rejected | Skipped | FileEnd;
