// A study as the worklist shows it: its outcome with reasons, or that it still waits. `itemOf` carries the whole reading for programs,
// `rowOf` the little that a list of thousands of rows needs.
import type { WorklistEntry } from '#kernel/worklist-entry.ts';
import type { JobStatus } from '#kernel/job.ts';
import type { Sentence } from '#kernel/errors.ts';
import { type Outcome, PRIORITIES, type Priority, type Reason } from '#kernel/finding.ts';
import type { StudyFacts } from '#kernel/study.ts';
import { orderView, readingView } from '#http/reading-json.ts';
import { studyFactsView } from '#http/study-json.ts';
import { sentence } from '#messages/say.ts';
import type { Placed, Waiting } from './ranking.ts';
import type { WorklistItem, WorklistRow } from './schema.ts';

/** What a person is told about a finding's code. */
export interface FindingHead {
  readonly code: string;
  readonly title: Sentence;
  readonly priority: Priority;
}

/** What the worklist needs of the store's rows. */
export interface OpenStudy extends Pick<WorklistEntry, 'reading' | 'openAlertIds' | 'order' | 'answered' | 'said'> {
  readonly study: StudyFacts & { readonly instanceCount: number };
  readonly job?: Pick<JobStatus, 'state' | 'attempt' | 'lastError'>;
}

export interface ListedStudy extends Waiting {
  readonly row: OpenStudy;
}

export const listed = (row: OpenStudy): ListedStudy => ({
  row,
  studyUid: row.study.studyUid,
  found: foundOf(row),
  receivedAt: row.study.receivedAt,
  answered: row.answered !== undefined,
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

const sharedOf = ({ item, place, because, waitedMinutes }: Placed<ListedStudy>) => {
  const { row } = item;
  return {
    ...studyFactsView(row.study),
    images: row.study.instanceCount,
    place,
    because: { code: because, text: sentence(`worklist.${because}`, { minutes: whole(waitedMinutes) }) },
    waitedMinutes: whole(waitedMinutes),
    outcome: outcomeOf(row),
    reasons: reasonsOf(row),
    progress: progressOf(row),
    answered: row.answered ?? null,
    alertIds: [...row.openAlertIds],
    order: orderView(row.order),
  };
};

export const itemOf = (placed: Placed<ListedStudy>): WorklistItem => {
  const { reading } = placed.item.row;
  return { ...sharedOf(placed), reading: reading === undefined ? null : readingView(reading) };
};

const saidOf = (said: boolean | undefined): WorklistRow['findings'][number]['said'] =>
  said === undefined ? null : said ? 'present' : 'absent';

/** What a person added without a model's finding has no probability. */
export type HeadsByCode = ReadonlyMap<string, FindingHead>;

export const headsByCode = (heads: readonly FindingHead[]): HeadsByCode =>
  new Map(heads.map((head) => [head.code, head]));

function findingsOf({ reading, said }: OpenStudy, heads: HeadsByCode): WorklistRow['findings'] {
  const positive = (reading?.findings ?? []).filter(({ decision }) => decision === 'positive');
  const added = Object.keys(said).filter((code) => said[code] === true && !positive.some((each) => each.code === code));
  return [...positive, ...added.map((code) => ({ code, probability: null }))]
    .map(({ code, probability }) => ({
      code,
      title: heads.get(code)?.title ?? { vi: code, en: code },
      priority: heads.get(code)?.priority ?? 'routine',
      probability,
      said: saidOf(said[code]),
    }))
    .sort(
      (a, b) =>
        PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) || (b.probability ?? 1) - (a.probability ?? 1),
    );
}

export const rowOf = (placed: Placed<ListedStudy>, heads: HeadsByCode): WorklistRow => {
  const { row } = placed.item;
  return {
    ...sharedOf(placed),
    findings: findingsOf(row, heads),
    undecided: (row.reading?.findings ?? []).filter(({ decision }) => decision === 'indeterminate').length,
    film: row.reading?.sopInstanceUids[0] ?? null,
  };
};
