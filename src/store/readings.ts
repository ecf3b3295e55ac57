// Readings: committed once with everything that follows from them, superseded by newer ones, never changed.
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { EmbeddingFacets } from '#similarity/vector-index.ts';
import type { Told } from './alerts.ts';
import type { AuditEntry } from './audit.ts';
import type { BlobRef } from './blobs.ts';
import type { Job } from './jobs.ts';
import type { OutboxMessage } from './outbox.ts';

export interface HeatmapRow {
  readonly findingCode: string;
  /** Of the image that it lies on. */
  readonly sopInstanceUid: string;
  /** PNG in source pixel coordinates. */
  readonly blob: BlobRef;
  readonly columns: number;
  readonly rows: number;
}

export interface ReadingCommit {
  /** The job that this reading answers; it is completed with it. Absent: read without a job (import, tests). */
  readonly job?: Job;
  readonly reading: Reading;
  readonly heatmaps: readonly HeatmapRow[];
  readonly embedding?: { readonly vector: Float32Array; readonly facets: EmbeddingFacets };
  readonly told: readonly Told[];
  readonly outbox: readonly OutboxMessage[];
  readonly audit: readonly AuditEntry[];
}

export interface Committed {
  /** `known`: this study was already read so (same images, model, pipeline, calibration, thresholds); nothing was written. */
  readonly status: 'committed' | 'known';
  readonly readingId: Uuid;
  /** 1 for the first reading of a study by this model. */
  readonly revision: number;
  readonly alertIds: readonly Uuid[];
}

export interface StoredReading extends Reading {
  readonly revision: number;
  readonly supersededBy?: Uuid;
}

export interface Readings {
  /** One transaction. Throws CareError `store.lease-lost` when the job was taken away meanwhile: then nothing is written. */
  commit(commit: ReadingCommit): Promise<Committed>;
  get(id: Uuid): Promise<StoredReading | undefined>;
  /** Newest first, the superseded too. */
  ofStudy(studyUid: string): Promise<readonly StoredReading[]>;
  /** The one that counts now: not superseded, newest. */
  currentOfStudy(studyUid: string): Promise<StoredReading | undefined>;
  heatmap(readingId: Uuid, findingCode: string): Promise<HeatmapRow | undefined>;
  embedding(readingId: Uuid): Promise<Float32Array | undefined>;
}
