// Needs of the pre-read of the store; the store's own types fit.
import type { MapCheck, ReadingCommit } from '#kernel/reading-commit.ts';
import type { ClaimOptions, ClaimedJob, WaitOptions } from '#kernel/job.ts';
import type { Alert } from '#kernel/alert.ts';
import type { BlobRef } from '#kernel/blob.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { Outcome, Reading, Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { AlertLoad, LoadQuestion } from '#alerts/decide/reader-load.ts';

export interface Blobs {
  put(content: Uint8Array): Promise<BlobRef>;
  get(sha256: string): Promise<Buffer>;
}

export interface Jobs {
  claim(options: ClaimOptions): Promise<readonly ClaimedJob[]>;
  heartbeat(job: ClaimedJob, leaseMs: number): Promise<ClaimedJob>;
  fail(job: ClaimedJob, error: Reason): Promise<'waiting' | 'dead'>;
  complete(job: ClaimedJob): Promise<void>;
  waitForWork(options: WaitOptions): Promise<void>;
  explainWaiting(kind: string, why: Reason): Promise<void>;
  release(worker: string): Promise<number>;
}

/** What was raised before, when the turn to decide has come. */
export interface Known {
  readonly load: AlertLoad;
  /** The patient's alerts of any status. */
  readonly previous: readonly Alert[];
}

/** One facility's part of the store. */
export interface ReadingStore {
  readonly intake: { study(studyUid: string): Promise<StoredStudy | undefined> };
  readonly readings: {
    /** `decide`: what was raised before is counted within the commit. */
    commit(
      commit: ReadingCommit,
      decide?: {
        question(): LoadQuestion & { readonly patientCode: string };
        of(known: Known): Pick<ReadingCommit, 'told' | 'outbox' | 'audit'>;
      },
    ): Promise<{ readonly status: 'committed' | 'known'; readonly readingId: Uuid }>;
    currentOfStudy(studyUid: string): Promise<{ readonly id: Uuid; readonly outcome: Outcome } | undefined>;
    get(id: Uuid): Promise<Reading | undefined>;
    keepMaps(checked: MapCheck): Promise<void>;
  };
}
