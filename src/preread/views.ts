// Stored records as the pre-read's door shows them: absent becomes null, and a job becomes words.
import type { Reading, Reason } from '#kernel/finding.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { HospitalOrder } from '#kernel/hospital-order.ts';
import { orderView, readingView } from '#http/reading-json.ts';
import { studyFactsView } from '#http/study-json.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import { reason } from '#preread/gate/reasons.ts';
import type { Progress, StudyView } from './schema.ts';

export interface JobRecord {
  readonly state: 'waiting' | 'running' | 'done' | 'dead';
  readonly attempt: number;
  readonly lastError?: Reason;
}

export type ReadingRevision = Reading & { readonly revision: number; readonly supersededBy?: string };

/** `failed` only where no try is left; until then the study is being retried, and the last reason stands beside it. */
function progressOf(job: JobRecord | undefined): Progress {
  if (job === undefined || job.state === 'done') return { state: 'done', attempt: 0, reason: null };
  const attempt = job.attempt;
  const lastReason = job.lastError ?? null;
  if (job.state === 'dead') return { state: 'failed', attempt, reason: lastReason ?? reason('failed') };
  if (lastReason !== null) return { state: 'retrying', attempt, reason: lastReason };
  return { state: job.state, attempt, reason: null };
}

export interface StudyParts {
  readonly reading: ReadingRevision | undefined;
  readonly job: JobRecord | undefined;
  readonly alertIds: readonly string[];
  readonly order: HospitalOrder | undefined;
}

type ShownImage = Pick<IncomingInstance, 'sopInstanceUid' | 'format' | 'view' | 'columns' | 'rows'>;

export const imageView = ({
  sopInstanceUid,
  format,
  view,
  columns,
  rows,
}: ShownImage): StudyView['images'][number] => ({
  sopInstanceUid,
  format,
  view: view ?? null,
  columns: columns ?? null,
  rows: rows ?? null,
});

export const studyView = (study: StoredStudy, { reading, job, alertIds, order }: StudyParts): StudyView => ({
  ...studyFactsView(study),
  treatmentCode: study.treatmentCode ?? null,
  images: study.instances.map(imageView),
  reading: reading === undefined ? null : readingView(reading),
  progress: progressOf(job),
  alertIds: [...alertIds],
  order: orderView(order),
});
