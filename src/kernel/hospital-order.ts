// The hospital's data around a film: the order that asked for it, and the person. Kept as records, joined to studies by the store.
import type { Priority } from './finding.ts';

/** Room of the records of orders, by accession number; of persons, by patient code. */
export const ORDER_ROOM = 'hl7v2-order';
export const PERSON_ROOM = 'hl7v2-person';

/** The order of a study, as its sender put it. */
export interface HospitalOrder {
  readonly state: 'ordered' | 'cancelled';
  /** How soon it is wanted, where the order says more than routine. */
  readonly priority?: Exclude<Priority, 'routine'>;
  /** The clinical question or the reason for the study. */
  readonly question?: string;
  readonly physician?: string;
  readonly department?: string;
}
