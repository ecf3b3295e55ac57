// A study of the worklist with its reading, its job, its order, its alerts and what people said of its findings.
import type { Reading } from './finding.ts';
import type { HospitalOrder } from './hospital-order.ts';
import type { Uuid } from './ids.ts';
import type { JobStatus } from './job.ts';
import type { StoredReading } from './stored-reading.ts';
import type { StoredStudy } from './stored-study.ts';

export interface WorklistEntry {
  readonly study: Omit<StoredStudy, 'instances'> & { readonly instanceCount: number };
  /** Absent while none is committed. */
  readonly reading?: Reading & Pick<StoredReading, 'revision'>;
  /** The newest reading job, where it waits, runs or died. */
  readonly job?: JobStatus;
  readonly openAlertIds: readonly Uuid[];
  /** Where the hospital sent the order of this film. */
  readonly order?: HospitalOrder;
  /** A person has rejected every alert of the study: how. */
  readonly answered?: 'overridden' | 'false-positive';
  /** Finding codes of which a person said that they are there, or are not. */
  readonly said: Readonly<Record<string, boolean>>;
}
