// One image of a study (a DICOM instance, or a PNG or JPEG upload) as intake hands it to the store.
import type { BlobRef } from './blob.ts';
import type { StudyFacts } from './study.ts';

export interface IncomingInstance extends Pick<
  StudyFacts,
  | 'studyUid'
  | 'patient'
  | 'modality'
  | 'ageYears'
  | 'accessionNumber'
  | 'treatmentCode'
  | 'studyTime'
  | 'description'
  | 'notForClinicalUse'
> {
  readonly sopInstanceUid: string;
  readonly sopClassUid?: string;
  readonly seriesUid: string;
  readonly format: 'dicom' | 'png' | 'jpeg';
  readonly transferSyntaxUid?: string;
  /** Durable already, or the `content` of AcceptOptions. */
  readonly blob: BlobRef;
  readonly bodyPart?: string;
  readonly view?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly instanceNumber?: number;
  /** Manufacturer, model and station, as the device writes them. */
  readonly device?: string;
  /** SHA-256 of an earlier file of this image that is read in the same way: a correction of the patient makes no other reading. */
  readonly readAs?: string;
  /** Further tags that a view needs; plain JSON. */
  readonly tags?: Readonly<Record<string, unknown>>;
}
