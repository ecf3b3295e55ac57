// A door's last statement about a person of whom a risk was told: sex, birth date, diagnoses. With it the person is judged again when a stored result changes.
import type { Condition } from './condition.ts';
import type { Measurement } from './measurement.ts';

export interface RiskSubject {
  readonly sex?: 'male' | 'female';
  /** A day, a month or a year: YYYY-MM-DD, YYYY-MM, YYYY. */
  readonly birthDate?: string;
  readonly conditions: readonly Condition[];
  /** Yes, no and coded answers of this service's own door, which no store of results holds. */
  readonly statements?: readonly Measurement[];
}

/** A person whose stored results changed since their risks were told. */
export interface DuePerson {
  readonly patientCode: string;
  /** Names this state: a change that comes while the person is judged leaves them due. */
  readonly mark: string;
  /** By the door that stated it, the one that spoke last at the end. */
  readonly statedBy: readonly RiskSubject[];
}
