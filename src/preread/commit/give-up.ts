// Commits a reading with the outcome `failed` for a study that could not be read, unless an earlier one stands.
import type { ClaimedJob } from '#kernel/job.ts';
import { CareError } from '#kernel/errors.ts';
import type { Reading, Reason } from '#kernel/finding.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { ReadingStore } from '#preread/ports.ts';
import { reason } from '#preread/gate/reasons.ts';

export interface GiveUpDeps {
  facility(id: string): Promise<ReadingStore>;
  /** The record that says so, with its provenance. */
  failed(study: StoredStudy, reasons: readonly Reason[], job: ClaimedJob): Reading;
  messagesForReading(reading: Reading, study: StoredStudy, alert: undefined): readonly OutgoingMessage[];
}

/** Was this the job's last try? */
export const isLastTry = ({ attempt, maxAttempts }: ClaimedJob): boolean => attempt >= maxAttempts;

/** Given out after its last try: each time the process that read it went down. */
export const isBeyondLastTry = ({ attempt, maxAttempts }: ClaimedJob): boolean => attempt > maxAttempts;

/**
 * True where the failed reading is committed, and with it the job is dead. False where the study has a reading that did not fail: that
 * one stays current, for what it says of its own images is still true, and the dead job beside it tells of the failure.
 * Throws CareError of the store.
 */
export async function giveUp(job: ClaimedJob, why: Reason, deps: GiveUpDeps): Promise<boolean> {
  const facility = await deps.facility(job.facilityId);
  const study = await facility.intake.study(job.key);
  const before = await facility.readings.currentOfStudy(job.key);
  if (study === undefined || (before !== undefined && before.outcome !== 'failed')) return false;
  const tries = Math.min(job.attempt, job.maxAttempts);
  const reading = deps.failed(study, [why, reason('gave-up', { tries })], job);
  await facility.readings.commit({
    job,
    reading,
    heatmaps: [],
    told: [{ kind: 'silence', sourceId: reading.id, reason: why }],
    outbox: study.fetchedAt === undefined ? deps.messagesForReading(reading, study, undefined) : [],
    audit: [
      {
        actor: 'reader',
        action: 'silence.decided',
        subjectType: 'reading',
        subjectId: reading.id,
        detail: { outcome: reading.outcome, because: why.code },
      },
    ],
  });
  return true;
}

/** A lost lease: another worker has the job. */
export const isLost = (thrown: unknown): boolean => thrown instanceof CareError && thrown.code === 'store.lease-lost';
