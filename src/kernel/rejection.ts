// A note that withdraws images, as the intake hands it to the store.
import type { BlobRef } from './blob.ts';
import type { Reason } from './finding.ts';

export interface RejectionNote {
  readonly noteUid: string;
  readonly studyUid: string;
  readonly blob: BlobRef;
  /** SOP Instance UIDs. */
  readonly images: readonly string[];
  /** DCM code of the note's title, for example `113038`. */
  readonly code: string;
  /** What readers of the study are told. */
  readonly reason: Reason;
  /**
   * The images and what was concluded from them were never right: a resend stays withdrawn, and receivers hear that results are wrong.
   * False where only their time of storage is over.
   */
  readonly wrong: boolean;
}
