// A study that a reader has opened, with the two moments that say how long it waited.
import type { Priority } from './finding.ts';

export interface WaitedStudy {
  readonly studyUid: string;
  /** Equal for studies of one patient; says nothing else. */
  readonly patient: string;
  readonly priority: Priority;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly openedAt: string;
}
