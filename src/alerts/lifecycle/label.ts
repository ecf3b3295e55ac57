// Turns the answer to an alert into a label of its leading finding, for the figures, for policies tried on history and for similar cases.
import type { Alert } from '#kernel/alert.ts';
import type { AlertEvent } from './lifecycle.ts';

/**
 * True: a person took the alert on. False: called wrong, or overridden in disagreement, also where that came too late to change the alert.
 * Undefined: the answer says nothing of the finding (seen, already known, run out, taken on too late).
 */
export function truthIn({ kind, to, reasonCode, actor }: AlertEvent): boolean | undefined {
  if (actor === 'system') return undefined;
  if (kind === 'false-positive' || (kind === 'overridden' && reasonCode === 'disagree')) return false;
  return kind === 'acknowledged' && to === 'acknowledged' ? true : undefined;
}

export interface FindingLabel {
  readonly studyUid: string;
  readonly findingCode: string;
  readonly present: boolean;
}

/** Of an alert about a study: a person answers the leading finding, and of the others nothing is known. */
export function labelOf(alert: Alert, event: AlertEvent): FindingLabel | undefined {
  const present = truthIn(event);
  const [lead] = alert.evidence;
  const { studyUid } = alert.subject;
  if (present === undefined || lead === undefined || studyUid === undefined) return undefined;
  return { studyUid, findingCode: lead.code, present };
}
