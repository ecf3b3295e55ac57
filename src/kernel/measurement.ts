// A value measured on a patient, as it was sent: missing stays missing, and nothing is guessed.

export interface Measurement {
  /** LOINC where known, else the sender's code. */
  readonly code: string;
  readonly value: number | string | boolean;
  /** `<` etc. where the laboratory gave a bound instead of a number. */
  readonly comparator?: '<' | '<=' | '>' | '>=';
  /** UCUM; absent for coded and yes/no values. */
  readonly unit?: string;
  /** ISO 8601 with offset, or a date alone. */
  readonly time?: string;
  readonly source?: string;
}
