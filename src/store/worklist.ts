// The worklist's raw material: every open study with its reading, its job and its alerts; the worklist room orders it.
import type { Outcome, Priority, Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { JobStatus } from './jobs.ts';
import type { Study } from './intake.ts';

export interface WorklistRow {
  readonly study: Omit<Study, 'instances'> & { readonly instanceCount: number };
  /** Absent while none is committed. */
  readonly reading?: Reading & { readonly revision: number };
  /** The newest reading job, where it waits, runs or died. */
  readonly job?: JobStatus;
  readonly openAlertIds: readonly Uuid[];
}

export interface WorklistFilter {
  readonly state?: 'open' | 'closed' | 'all';
  readonly priority?: Priority;
  readonly outcome?: Outcome;
  readonly finding?: string;
  readonly modality?: string;
  readonly patientId?: string;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
}

export interface Worklist {
  /** By urgency, then oldest first. `after` is the last row's study UID of the page before. */
  list(filter?: WorklistFilter, page?: { limit?: number; after?: string }): Promise<readonly WorklistRow[]>;
  count(filter?: WorklistFilter): Promise<number>;
}
