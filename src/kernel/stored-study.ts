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
  readonly instances: readonly StoredInstance[];
}
