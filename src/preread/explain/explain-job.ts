// One job of the second stage: the maps of a committed reading are checked and kept, or it is kept that they could not be checked.
import type { ClaimedJob } from '#kernel/job.ts';
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import { checkingIn } from '#kernel/finding-maps.ts';
import type { FindingMap, Reading, Reason } from '#kernel/finding.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { Blobs, Jobs, ReadingStore } from '#preread/ports.ts';
import type { Study } from '#preread/choose/candidate-images.ts';
import { reason, reasonOf } from '#preread/gate/reasons.ts';
import type { Maps } from '#preread/read/read-study.ts';

export interface ExplainJobDeps {
  readonly jobs: Pick<Jobs, 'complete' | 'fail'>;
  readonly blobs: Blobs;
  facility(id: string): Promise<ReadingStore>;
  imagesOf(study: StoredStudy): Study;
  explain(study: Study, reading: Reading): Promise<Maps>;
}

const payloadSchema = z.object({ readingId: z.string() });

/** A fault of ours may pass; a refusal, and a last try, are final. */
const isFinal = (job: ClaimedJob, thrown: unknown): boolean =>
  job.attempt >= job.maxAttempts || (thrown instanceof CareError && thrown.status < 500);

interface Asked {
  readonly job: ClaimedJob;
  readonly reading: Reading;
  readonly facility: ReadingStore;
}

async function check({ job, reading, facility }: Asked, deps: ExplainJobDeps) {
  const study = await facility.intake.study(job.key);
  if (study === undefined) return deps.jobs.complete(job);
  const { verdicts, heatmaps } = await deps.explain(deps.imagesOf(study), reading);
  const stored = await Promise.all(
    heatmaps.map(async ({ png, map: _map, ...row }) => ({ ...row, blob: await deps.blobs.put(png) })),
  );
  await facility.readings.keepMaps({ job, readingId: reading.id, verdicts, heatmaps: stored });
}

async function keepFailed({ job, reading, facility }: Asked, why: Reason): Promise<void> {
  const failed: FindingMap = { state: 'failed', reason: why };
  const verdicts = Object.fromEntries(checkingIn(reading).map((code) => [code, failed]));
  await facility.readings.keepMaps({ job, readingId: reading.id, verdicts, heatmaps: [] });
}

/** Throws what went wrong, after it is kept or the job waits for its next try; throws CareError of the store. */
export async function explainJob(job: ClaimedJob, deps: ExplainJobDeps): Promise<void> {
  const { readingId } = payloadSchema.parse(job.payload);
  const facility = await deps.facility(job.facilityId);
  const reading = await facility.readings.get(readingId);
  if (reading === undefined || checkingIn(reading).length === 0) return deps.jobs.complete(job);
  const asked = { job, reading, facility };
  try {
    // Given out after its last try: each time the process went down.
    if (job.attempt <= job.maxAttempts) await check(asked, deps);
    else await keepFailed(asked, reason('map-failed'));
  } catch (thrown) {
    if (thrown instanceof CareError && thrown.code === 'store.lease-lost') throw thrown;
    const why = thrown instanceof CareError ? reasonOf(thrown) : reason('map-failed');
    if (isFinal(job, thrown)) await keepFailed(asked, why);
    else await deps.jobs.fail(job, why);
    throw thrown;
  }
}
