// Results of another system as rows to keep: measurements and reports of a person, each once.
import type { Measurement } from './measurement.ts';

/** Whose result it is, and how it is known again. */
export interface ResultKeys {
  readonly patientId: string;
  /** Sender's key for the record that it came in, for example MA_LK. */
  readonly recordId?: string;
  /** The same key is the same row: a second import changes nothing. */
  readonly dedupKey: string;
  /** The same result of the sender's, whatever its value: what a correction speaks of. */
  readonly resultKey?: string;
  /** The sender's order or record whose results come and go together. */
  readonly groupKey?: string;
}

export interface StoredMeasurement extends Measurement, ResultKeys {}

export interface ImportedReport extends ResultKeys {
  readonly recordId: string;
  readonly service: string;
  readonly text: string;
  readonly conclusion: string;
  readonly time?: string;
}

/** A result of this person that was said before under any of these keys. */
export interface CorrectedResult extends Pick<ResultKeys, 'patientId'> {
  readonly resultKeys: readonly string[];
  /** Every result of this group too. */
  readonly groupKey?: string;
  /**
   * Said once more without a word of correction: takes the place of what was said of this moment, where it is new itself. A late copy
   * of what was corrected since changes nothing.
   */
  readonly time?: string;
}

/** One import: everything in one transaction. */
export interface ResultImport {
  readonly measurements: readonly StoredMeasurement[];
  readonly reports?: readonly ImportedReport[];
  /** What was kept of these before no longer holds, unless these rows say it again. */
  readonly corrected?: readonly CorrectedResult[];
  readonly actor: string;
}

export interface ImportCounts {
  readonly stored: number;
  /** Kept already. */
  readonly known: number;
}
