// What the pre-read needs of the store, and no more; the store's own types fit.
import type { AlertFilter, Alert } from '#kernel/alert.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { BlobRef } from '#kernel/blob.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { Told } from '#kernel/told.ts';
import type { MapVerdicts, Outcome, Reading, Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { AlertLoad, LoadQuestion } from '#alerts/decide/reader-load.ts';
import type { EmbeddingFacets } from '#similarity/vector-index.ts';

export interface Blobs {
  put(content: Uint8Array): Promise<BlobRef>;
  get(sha256: string): Promise<Buffer>;
}

export interface ReadJob {
  readonly id: Uuid;
  readonly facilityId: string;
  /** The study UID. */
  readonly key: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempt: number;
  readonly maxAttempts: number;
}

export interface Jobs<Job extends ReadJob> {
  claim(options: {
    readonly kinds: readonly string[];
    readonly worker: string;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly Job[]>;
  heartbeat(job: Job, leaseMs: number): Promise<Job>;
  fail(job: Job, error: Reason): Promise<'waiting' | 'dead'>;
  complete(job: Job): Promise<void>;
  waitForWork(options: {
    readonly kinds: readonly string[];
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<void>;
  release(worker: string): Promise<number>;
}

export interface HeatmapBlob {
  readonly findingCode: string;
  readonly sopInstanceUid: string;
  readonly blob: BlobRef;
  readonly columns: number;
  readonly rows: number;
}

export interface ReadingCommit<Job extends ReadJob> {
  readonly job?: Job;
  readonly reading: Reading;
  readonly factsRevision?: number;
  readonly heatmaps: readonly HeatmapBlob[];
  readonly embedding?: { readonly vector: Float32Array; readonly facets: EmbeddingFacets };
  readonly told: readonly Told[];
  readonly outbox: readonly OutgoingMessage[];
  readonly audit: readonly AuditEntry[];
}

/** One facility's part of the store. */
export interface ReadingStore<Job extends ReadJob> {
  readonly intake: { study(studyUid: string): Promise<StoredStudy | undefined> };
  readonly readings: {
    /** `decide`: what was raised before is counted within the commit. */
    commit(
      commit: ReadingCommit<Job>,
      decide?: {
        question(): LoadQuestion;
        of(load: AlertLoad): Pick<ReadingCommit<Job>, 'told' | 'outbox' | 'audit'>;
      },
    ): Promise<{ readonly status: 'committed' | 'known'; readonly readingId: Uuid }>;
    currentOfStudy(studyUid: string): Promise<{ readonly id: Uuid; readonly outcome: Outcome } | undefined>;
    get(id: Uuid): Promise<Reading | undefined>;
    keepMaps(checked: {
      readonly job: Job;
      readonly readingId: Uuid;
      readonly verdicts: MapVerdicts;
      readonly heatmaps: readonly HeatmapBlob[];
    }): Promise<void>;
  };
  readonly alerts: {
    list(filter: Required<Pick<AlertFilter, 'patientCode' | 'include' | 'limit'>>): Promise<readonly Alert[]>;
  };
}
