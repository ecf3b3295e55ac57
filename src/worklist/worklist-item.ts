// What the worklist shows of a study: one of three outcomes with its reasons, or that it still waits.
import type { Outcome, Priority, Reading, Reason } from '#kernel/finding.ts';
import type { HospitalOrder } from '#kernel/hospital-order.ts';
import type { StudyFacts } from '#kernel/study.ts';
import { orderView, readingView } from '#http/reading-json.ts';
import { studyFactsView } from '#http/study-json.ts';
import { sentence } from '#messages/say.ts';
import type { Placed, Waiting } from './ranking.ts';
import type { WorklistItem } from './schema.ts';

/** What the worklist needs of the store's rows. */
export interface OpenStudy {
  readonly study: StudyFacts & { readonly instanceCount: number };
  readonly reading?: Reading & { readonly revision: number };
  readonly job?: {
    readonly state: 'waiting' | 'running' | 'done' | 'dead';
    readonly attempt: number;
    readonly lastError?: Reason;
  };
  readonly openAlertIds: readonly string[];
  readonly order?: HospitalOrder;
}

export interface ListedStudy extends Waiting {
  readonly row: OpenStudy;
}

export const listed = (row: OpenStudy): ListedStudy => ({
  row,
  studyUid: row.study.studyUid,
  found: foundOf(row),
  receivedAt: row.study.receivedAt,
  ...(row.order?.state === 'ordered' && row.order.priority !== undefined && { requested: row.order.priority }),
});

/** A study that was not assessed is never below `routine`: silence is not a negative. */
const foundOf = ({ reading }: OpenStudy): Priority => reading?.priority ?? 'routine';

/** A study that failed for good has that outcome until a later reading succeeds. */
function outcomeOf({ reading, job }: OpenStudy): Outcome | null {
  if (reading !== undefined) return reading.outcome;
  return job?.state === 'dead' || job?.lastError !== undefined ? 'failed' : null;
}

/** Where a later try failed for good, the reading that stands says so: it does not speak of the images that came since. */
function reasonsOf({ reading, job }: OpenStudy): Reason[] {
  if (reading !== undefined) {
    const later = job?.state === 'dead' && reading.outcome !== 'failed' ? job.lastError : undefined;
    return [...reading.reasons, ...(later === undefined ? [] : [later])];
  }
  return job?.lastError === undefined ? [] : [job.lastError];
}

function progressOf({ job }: OpenStudy): WorklistItem['progress'] {
  if (job === undefined) return null;
  const { attempt } = job;
  if (job.state === 'dead') return { state: 'failed', attempt };
  if (job.state === 'waiting' && job.lastError !== undefined) return { state: 'retrying', attempt };
  return { state: job.state, attempt };
}

const whole = (minutes: number): number => Math.floor(minutes);

export const itemOf = ({ item, place, because, waitedMinutes }: Placed<ListedStudy>): WorklistItem => {
  const { row } = item;
  return {
    ...studyFactsView(row.study),
    images: row.study.instanceCount,
    place,
    because: { code: because, text: sentence(`worklist.${because}`, { minutes: whole(waitedMinutes) }) },
    waitedMinutes: whole(waitedMinutes),
    outcome: outcomeOf(row),
    reasons: reasonsOf(row),
    reading: row.reading === undefined ? null : readingView(row.reading),
    progress: progressOf(row),
    alertIds: [...row.openAlertIds],
    order: orderView(row.order),
  };
};
