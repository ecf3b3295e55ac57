// A reading with all that follows from it, committed in one transaction.
import type { AuditEntry } from './audit-entry.ts';
import type { BlobRef } from './blob.ts';
import type { EmbeddingFacets } from './embedding.ts';
import type { MapVerdicts, Reading } from './finding.ts';
import type { GrayFrame } from './frame.ts';
import type { Uuid } from './ids.ts';
import type { ClaimedJob } from './job.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Told } from './told.ts';

/** The picture of a map that may be shown; never changed. */
export interface MapPicture extends Pick<GrayFrame, 'columns' | 'rows'> {
  readonly findingCode: string;
  /** Of the image that it lies on. */
  readonly sopInstanceUid: string;
  /** PNG in source pixel coordinates. */
  readonly blob: BlobRef;
}

export interface ReadingCommit {
  /** The job that this reading answers; it is completed with it. Absent: read without a job (import, tests). */
  readonly job?: ClaimedJob;
  readonly reading: Reading;
  /** Of the study as it was read (StoredStudy.factsRevision); absent: not checked. */
  readonly factsRevision?: number;
  readonly heatmaps: readonly MapPicture[];
  readonly embedding?: { readonly vector: Float32Array; readonly facets: EmbeddingFacets };
  readonly told: readonly Told[];
  /** About the reading itself; messages about an alert stand with the alert in `told`. */
  readonly outbox: readonly OutgoingMessage[];
  /** Beside the store's own entry `reading.committed`, which holds a digest of the whole reading. */
  readonly audit: readonly AuditEntry[];
}

/** What was found of a reading's maps. */
export interface MapCheck {
  /** Completed with it. */
  readonly job: ClaimedJob;
  readonly readingId: Uuid;
  readonly verdicts: MapVerdicts;
  /** Of those that may be shown. */
  readonly heatmaps: readonly MapPicture[];
}
