// A piece of work in the queue, and how a worker claims it.
import type { Reason } from './finding.ts';
import type { Uuid } from './ids.ts';

export interface ClaimedJob {
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
  /** Who holds it. */
  readonly worker: string;
}

export const JOB_STATES = ['waiting', 'running', 'done', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobStatus extends Pick<ClaimedJob, 'id' | 'kind' | 'key' | 'attempt'> {
  readonly state: JobState;
  readonly runAt: string;
  readonly lastError?: Reason;
}

export interface ClaimOptions {
  readonly kinds: readonly string[];
  readonly worker: string;
  readonly leaseMs: number;
  readonly limit: number;
}

export interface WaitOptions {
  readonly kinds: readonly string[];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}
