// A study with its instances, as the store keeps it.
import type { IncomingInstance } from './instance.ts';
import type { StudyFacts } from './study.ts';

export interface StoredInstance extends IncomingInstance {
  readonly receivedAt: string;
}

export interface StoredStudy extends StudyFacts {
  /** Same key, same person; a study without patient ID is a person of its own. */
  readonly patientKey: string;
  readonly lastInstanceAt: string;
  /** It was fetched from an archive only to be compared with: no alert, no place on the worklist. */
  readonly fetchedAt?: string;
  /** Counts corrections and withdrawals: a reading of an earlier state is not committed. */
  readonly factsRevision: number;
  readonly instances: readonly StoredInstance[];
}
