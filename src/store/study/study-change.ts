// Consequences of changed facts for a stored study, for the rooms that tell its receivers.
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { StoredReading } from '#kernel/stored-reading.ts';
import type { KeyedStudy } from '#kernel/study.ts';

/** An alert that no longer stands, as it is after the event. */
export interface EndedAlert {
  readonly alert: Alert;
  readonly event: AlertEvent;
}

export interface StudyChange {
  /** The identity of this change, so that its messages go out once. */
  readonly id: Uuid;
  readonly before: KeyedStudy;
  readonly after: KeyedStudy;
  /** That stood when the change came. */
  readonly reading?: StoredReading;
  readonly ended: readonly EndedAlert[];
  /** In place of those that ended, under the facts that hold now. */
  readonly raised: readonly Alert[];
  /** The reading stands no more, for its images were withdrawn; `wrong`: it was never right. */
  readonly withdrawn?: { readonly wrong: boolean };
}

/** Alerts about a person without a study, under the number that holds now. */
export type PersonChange = Pick<StudyChange, 'id' | 'ended' | 'raised'>;

/** Messages to those who were told before; written in the transaction of the change. */
export type TellChange = (change: StudyChange | PersonChange) => readonly OutgoingMessage[];
