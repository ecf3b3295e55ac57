// Filter of the worklist.
import type { Outcome, Priority } from './finding.ts';

export interface ReadingOrderFilter {
  readonly state?: 'open' | 'closed' | 'all';
  readonly place?: Priority;
  /** `unread`: no outcome yet and no failure either. */
  readonly outcome?: Outcome | 'unread';
  /** A positive finding that no person has denied. */
  readonly finding?: string;
  readonly patientId?: string;
  readonly modality?: string;
  /** Beginnings of words, diacritics or not. */
  readonly search?: string;
  /** A routine study that was received before this moment is placed as if it were urgent. */
  readonly agedBefore: string;
}
