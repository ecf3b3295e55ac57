// One image of a study (a DICOM instance, or a PNG or JPEG upload) as intake hands it to the store.
import type { BlobRef } from './blob.ts';
import type { PatientFacts } from './study.ts';

export interface IncomingInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid?: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly format: 'dicom' | 'png' | 'jpeg';
  readonly transferSyntaxUid?: string;
  /** Durable already, or the `content` of AcceptOptions. */
  readonly blob: BlobRef;
  readonly patient: PatientFacts;
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
  /** SHA-256 of an earlier file of this image that is read in the same way: a correction of the patient makes no other reading. */
  readonly readAs?: string;
  readonly notForClinicalUse: boolean;
  /** Further tags that a view needs; plain JSON. */
  readonly tags?: Readonly<Record<string, unknown>>;
}
