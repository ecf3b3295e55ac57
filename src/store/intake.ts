// What arrives: an instance and its study, once, with the job that will read it.
import type { Uuid } from '#kernel/ids.ts';
import type { BlobRef } from './blobs.ts';

/** As the sender knows the person; every part may be missing. Never logged. */
export interface Patient {
  /** (0010,0020), or the HIS's PATIENT_CODE. */
  readonly id?: string;
  readonly name?: string;
  /** YYYY-MM-DD. */
  readonly birthDate?: string;
  /** `M`, `F` or `O`. */
  readonly sex?: string;
}

export interface IncomingInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid?: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly format: 'dicom' | 'png' | 'jpeg';
  readonly transferSyntaxUid?: string;
  readonly blob: BlobRef;
  readonly patient: Patient;
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly view?: string;
  readonly ageYears?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly instanceNumber?: number;
  /** (0008,0050), SERE_SERV.ID in HisPro. */
  readonly accessionNumber?: string;
  /** MA_LK / TREATMENT_CODE. */
  readonly treatmentCode?: string;
  /** ISO 8601, or a date alone. */
  readonly studyTime?: string;
  readonly description?: string;
  readonly notForClinicalUse: boolean;
  /** Further tags that a view needs; plain JSON. */
  readonly tags?: Readonly<Record<string, unknown>>;
}

export interface AcceptOptions {
  /** Who sent it, for the audit, for example `upload` or an AE title. */
  readonly actor: string;
  /** Wait this long after the last instance of the study before it is read. */
  readonly settleMs?: number;
}

export interface Accepted {
  readonly status: 'stored' | 'duplicate';
  readonly sopInstanceUid: string;
  readonly studyUid: string;
}

export interface StoredInstance extends IncomingInstance {
  readonly receivedAt: string;
}

export interface Study {
  readonly studyUid: string;
  readonly patient: Patient;
  /** Same key, same person; a study without patient ID is a person of its own. */
  readonly patientKey: string;
  readonly accessionNumber?: string;
  readonly treatmentCode?: string;
  readonly studyTime?: string;
  readonly modality?: string;
  readonly description?: string;
  readonly ageYears?: number;
  readonly notForClinicalUse: boolean;
  readonly receivedAt: string;
  readonly lastInstanceAt: string;
  readonly openedAt?: string;
  readonly closedAt?: string;
  readonly instances: readonly StoredInstance[];
}

export interface Intake {
  /**
   * Idempotent on the SOP Instance UID; the instance, its study, its job and its audit entry are one transaction.
   * Throws CareError `store.conflicting-instance` for the same UID with other bytes, and `store.conflicting-study` for
   * the same study UID under another patient ID.
   */
  accept(instance: IncomingInstance, options: AcceptOptions): Promise<Accepted>;
  study(studyUid: string): Promise<Study | undefined>;
  instance(sopInstanceUid: string): Promise<StoredInstance | undefined>;
  studiesOfPatient(patientId: string): Promise<readonly Study[]>;
  /** Marks that a clinician opened the study; the first time counts. */
  opened(studyUid: string, actor: string): Promise<void>;
  /** Only a human closes: the study leaves the worklist. */
  closed(studyUid: string, actor: string): Promise<void>;
  /** Asks for the study to be read again. */
  requestReading(studyUid: string, actor: string): Promise<Uuid>;
}
