// What the pre-read needs of the store, and no more; the store's own types fit.
import type { Alert } from '#kernel/alert.ts';
import type { Outcome, Reading, Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { StudyFacts } from '#kernel/study.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { LoadStore } from '#alerts/decide/reader-load.ts';
import type { EmbeddingFacets } from '#similarity/vector-index.ts';

export interface BlobRef {
  readonly sha256: string;
  readonly bytes: number;
}

export interface Blobs {
  put(content: Uint8Array): Promise<BlobRef>;
  get(sha256: string): Promise<Buffer>;
}

export interface StudyRecord extends StudyFacts {
  readonly patientKey: string;
  readonly instances: readonly {
    readonly sopInstanceUid: string;
    readonly format: 'dicom' | 'png' | 'jpeg';
    readonly studyUid: string;
    readonly seriesUid: string;
    readonly blob: BlobRef;
    readonly modality?: string;
    readonly bodyPart?: string;
    readonly view?: string;
    readonly ageYears?: number;
    readonly rows?: number;
    readonly columns?: number;
    readonly notForClinicalUse: boolean;
  }[];
}

export interface ReadJob {
  readonly id: Uuid;
  readonly facilityId: string;
  /** The study UID. */
  readonly key: string;
  readonly attempt: number;
  readonly maxAttempts: number;
}

export interface Jobs<Job extends ReadJob> {
  claim(options: {
    readonly kind: string;
    readonly worker: string;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly Job[]>;
  heartbeat(job: Job, leaseMs: number): Promise<Job>;
  fail(job: Job, error: Reason): Promise<'waiting' | 'dead'>;
  complete(job: Job): Promise<void>;
  waitForWork(options: {
    readonly kind: string;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<void>;
  release(worker: string): Promise<number>;
}

export type Told =
  | {
      readonly kind: 'alert';
      readonly alert: Alert;
      readonly supersedes?: Uuid;
      /** About this alert: queued only if it is really new. */
      readonly outbox?: readonly OutgoingMessage[];
    }
  | { readonly kind: 'silence'; readonly sourceId: Uuid; readonly reason: Reason };

export interface ReadingCommit<Job extends ReadJob> {
  readonly job?: Job;
  readonly reading: Reading;
  readonly heatmaps: readonly {
    readonly findingCode: string;
    readonly sopInstanceUid: string;
    readonly blob: BlobRef;
    readonly columns: number;
    readonly rows: number;
  }[];
  readonly embedding?: { readonly vector: Float32Array; readonly facets: EmbeddingFacets };
  readonly told: readonly Told[];
  readonly outbox: readonly OutgoingMessage[];
  readonly audit: readonly {
    readonly actor: string;
    readonly action: string;
    readonly subjectType: string;
    readonly subjectId: string;
    readonly detail?: Readonly<Record<string, unknown>>;
  }[];
}

/** One facility's part of the store. */
export interface ReadingStore<Job extends ReadJob> {
  readonly intake: { study(studyUid: string): Promise<StudyRecord | undefined> };
  readonly readings: {
    commit(commit: ReadingCommit<Job>): Promise<{ readonly status: 'committed' | 'known'; readonly readingId: Uuid }>;
    currentOfStudy(studyUid: string): Promise<{ readonly outcome: Outcome } | undefined>;
  };
  readonly alerts: {
    list(filter: {
      readonly patientCode: string;
      readonly include: readonly ('suppressed' | 'superseded')[];
      readonly limit: number;
    }): Promise<readonly Alert[]>;
  } & LoadStore['alerts'];
}
