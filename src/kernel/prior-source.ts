// An archive that is asked for earlier films of a person.
import type { PatientFacts } from './study.ts';

export interface PriorStudy {
  readonly studyUid: string;
  readonly patient: PatientFacts;
  /** YYYY-MM-DD; absent where the archive does not say. */
  readonly date?: string;
}

export interface PriorSource {
  readonly id: string;
  /** Studies of this patient ID that hold one of the modalities, in any order. Throws where the archive cannot be asked. */
  find(patientId: string, signal: AbortSignal): Promise<readonly PriorStudy[]>;
  /** Has the images of these modalities brought to the intake. Throws where that failed; what came is stored. */
  fetch(studyUid: string, signal: AbortSignal): Promise<void>;
}
