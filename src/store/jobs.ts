// Work to be done: claimed under a lease, retried with back-off, woken without polling; survives a kill.
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';

export interface Job {
  readonly id: Uuid;
  readonly facilityId: string;
  /** For example `read-study`. */
  readonly kind: string;
  /** What it is about (the study UID): one waiting job per key, and never two running ones. */
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly leaseUntil: string;
}

export type JobState = 'waiting' | 'running' | 'done' | 'dead';

export interface JobStatus {
  readonly id: Uuid;
  readonly kind: string;
  readonly key: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly runAt: string;
  readonly lastError?: Reason;
}

export interface ClaimOptions {
  readonly kind: string;
  readonly worker: string;
  readonly leaseMs: number;
  readonly limit: number;
}

export interface Jobs {
  /** Ready jobs and those whose lease ran out, oldest first. */
  claim(options: ClaimOptions): Promise<readonly Job[]>;
  /** Extends the lease. Throws CareError `store.lease-lost` when another worker has it. */
  heartbeat(job: Job, leaseMs: number): Promise<Job>;
  /** Back to waiting with back-off (2^attempt seconds, at most 5 minutes), or dead after the last attempt. */
  fail(job: Job, error: Reason): Promise<'waiting' | 'dead'>;
  /** Ends a job that leaves no reading. */
  complete(job: Job): Promise<void>;
  /** Called whenever a job may be ready; returns the end of the subscription. */
  onWake(listener: () => void): () => void;
  /** Resolves when a job may be ready, at a waiting job's time, or after `timeoutMs`. */
  waitForWork(options: { kind: string; timeoutMs: number; signal?: AbortSignal }): Promise<void>;
  /** Gives back what a worker of this process had claimed (graceful stop). */
  release(worker: string): Promise<number>;
  counts(): Promise<Readonly<Record<JobState, number>>>;
}
