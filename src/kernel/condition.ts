// A diagnosis of a person as its sender coded it: a code means something only in its system.
import type { Coding } from './coding.ts';

/** As FHIR names them; what was not said, or said in other words, is absent. */
export type ClinicalStatus = 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved';
export type VerificationStatus =
  | 'unconfirmed'
  | 'provisional'
  | 'differential'
  | 'confirmed'
  | 'refuted'
  | 'entered-in-error';

export interface Condition {
  /** All that name the one diagnosis. */
  readonly codings: readonly Coding[];
  /** The sender's words for the whole. */
  readonly text?: string;
  readonly clinical?: ClinicalStatus;
  readonly verification?: VerificationStatus;
  /** ISO 8601: a year, a month, a day or a moment. */
  readonly onset?: string;
  /** The person's age at the onset, where the sender gave that instead of a date. */
  readonly onsetYears?: number;
  readonly abatement?: string;
  /** It has ended, though the sender did not say on which day (an age, a text, a yes). */
  readonly abated?: boolean;
  readonly recorded?: string;
  /** Codes of the categories: `encounter-diagnosis`, `problem-list-item`. */
  readonly categories?: readonly string[];
  readonly source?: string;
}
