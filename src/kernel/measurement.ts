// A value measured on a patient, as it was sent: missing stays missing, and nothing is guessed.
import type { Coding } from './coding.ts';

export interface Measurement {
  /** In `system`; without one a LOINC, ICD-10 or SNOMED CT code or the name of a quantity, as this service's own door takes them. */
  readonly code: string;
  /** As sent; empty: the sender named none, and the code means nothing here. Absent: this service's own door. */
  readonly system?: string;
  /** All codings of the quantity where the sender gave several, the one above too. */
  readonly codings?: readonly Coding[];
  /** Of a coded answer the words, or the code where there are none. */
  readonly value: number | string | boolean;
  /** All codings of a coded answer. */
  readonly answers?: readonly Coding[];
  /** `<` etc. where the laboratory gave a bound instead of a number. */
  readonly comparator?: '<' | '<=' | '>' | '>=';
  /** As sent: UCUM or a laboratory's spelling; absent for coded and yes/no values. */
  readonly unit?: string;
  /** ISO 8601 with offset, or a date alone. */
  readonly time?: string;
  readonly source?: string;
}
