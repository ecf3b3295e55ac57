// Writes to the table of jobs inside a transaction that another part of the store opened: a job begins and ends with what it is about.
import type { Reason } from '#kernel/finding.ts';
import { newUuid, type Uuid } from '#kernel/ids.ts';
import type { ClaimedJob } from '#kernel/job.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Sql, Transaction } from '#store/host/database.ts';
import { type Part, statementOf } from '#store/host/parts.ts';
import { storeErrors } from '#store/errors.ts';
import { LONGEST_WAIT_MS, ORDERED_RANK, RANK } from './rank.ts';

export const READ_STUDY = 'read-study';
/** The maps of a study's current reading; its payload names the reading. */
export const EXPLAIN_STUDY = 'explain-study';
const MAX_ATTEMPTS = 5;
export interface NewJob extends Pick<ClaimedJob, 'facilityId' | 'kind' | 'key' | 'payload'> {
  readonly runAt: Date;
  /** A job that waits already is not moved later than this after it was made. */
  readonly latestAfterMs?: number;
  /** Of rank.ts; absent: routine. */
  readonly rank?: number;
}

/** What was given up is tried anew by this one. */
const ENQUEUE = `given_up as (
      update job set state = 'done' where facility_id = $2 and kind = $3 and key = $4 and state = 'dead'),
    enqueued as (
      insert into job (id, facility_id, kind, key, payload, state, max_attempts, run_at, created_at, rank)
      values ($1::uuid, $2, $3, $4, $5::jsonb, 'waiting', $6, $7, $8, least($9::smallint, (select ${ORDERED_RANK} from study
        where $3 = '${READ_STUDY}' and facility_id = $2 and study_uid = $4 and fetched_at is null)))
      on conflict (facility_id, kind, key) where state = 'waiting'
      do update set run_at = least(excluded.run_at, job.created_at + $10::float8 * interval '1 millisecond'),
        payload = excluded.payload, attempt = 0, rank = least(job.rank, excluded.rank)
      returning id)`;

/** Joins the job that already waits for the same key, if there is one, and moves its time. To be told by `tx.wake('jobs')`. */
export const enqueuePart = (job: NewJob, now: Date): Part => ({
  name: 'enqueue',
  text: ENQUEUE,
  values: [
    newUuid(),
    job.facilityId,
    job.kind,
    job.key,
    canonicalJson(job.payload),
    MAX_ATTEMPTS,
    job.runAt,
    now,
    job.rank ?? RANK.routine,
    job.latestAfterMs ?? null,
  ],
});

/** As `enqueuePart`, by itself. Returns its id. */
export async function enqueueJob(tx: Transaction, job: NewJob, now: Date): Promise<Uuid> {
  const { statement, values } = statementOf([enqueuePart(job, now)], 'select id from enqueued');
  const [row] = await tx.query<{ id: Uuid }>(statement, values);
  if (row === undefined) throw new Error('the job was not written');
  tx.wake('jobs');
  return row.id;
}

/** An order came after its films: those that wait are read as soon as it asks for. */
export async function rankByOrder(tx: Transaction, facilityId: string, accessionNumber: string): Promise<void> {
  await tx.query(
    `update job j set rank = least(j.rank, ${ORDERED_RANK}) from study s
     where s.facility_id = $1 and s.accession_number = $2 and s.fetched_at is null
       and j.facility_id = s.facility_id and j.kind = $3 and j.key = s.study_uid and j.state = 'waiting'`,
    [facilityId, accessionNumber, READ_STUDY],
  );
}

/** Only the holder of this very claim may end it: where `ended` has no row, the lease was lost. To be told by `tx.wake('jobs')`. */
export const completePart = (job: ClaimedJob, now: Date): Part => ({
  name: 'complete',
  text: `ended as (
      update job set state = 'done', finished_at = $4, lease_until = null
      where id = $1 and state = 'running' and attempt = $2 and worker = $3 returning id)`,
  values: [job.id, job.attempt, job.worker, now],
});

/** Throws CareError `store.lease-lost`. */
export async function completeJob(tx: Transaction, job: ClaimedJob, now: Date): Promise<void> {
  const { statement, values } = statementOf([completePart(job, now)], 'select id from ended');
  const rows = await tx.query(statement, values);
  if (rows.length === 0) throw storeErrors.error('lease-lost', { field: job.id });
  // One with the same key may have waited for this one to end.
  tx.wake('jobs');
}

/** Ends a job without success, for good. Only the holder of this very claim may. Throws CareError `store.lease-lost`. */
export async function buryJob(tx: Transaction, job: ClaimedJob, error: Reason, now: Date): Promise<void> {
  const rows = await tx.query(
    `update job set state = 'dead', finished_at = $4, lease_until = null, last_error = $5
     where id = $1 and state = 'running' and attempt = $2 and worker = $3 returning id`,
    [job.id, job.attempt, job.worker, now, canonicalJson(error)],
  );
  if (rows.length === 0) throw storeErrors.error('lease-lost', { field: job.id });
  tx.wake('jobs');
}

/** Somebody looks at the study: its maps come before routine films. */
export async function wantMaps(sql: Sql, facilityId: string, studyUid: string): Promise<void> {
  await sql.query(
    `update job set rank = $4 where facility_id = $1 and kind = $2 and key = $3 and state = 'waiting' and rank > $4`,
    [facilityId, EXPLAIN_STUDY, studyUid, RANK.wantedMaps],
  );
}

/** Its sender says that no image is missing: the study is read at once. */
export async function startNow(
  tx: Transaction,
  about: { facilityId: string; studyUid: string; now: Date },
): Promise<void> {
  await tx.query(
    `update job set run_at = $4 where facility_id = $1 and kind = $2 and key = $3 and state = 'waiting' and run_at > $4
       and attempt = 0`,
    [about.facilityId, READ_STUDY, about.studyUid, about.now],
  );
  tx.wake('jobs');
}

/** So that a day without a pause does not leave maps unchecked. */
export async function promoteOldMaps(sql: Sql, now: Date): Promise<void> {
  await sql.query(`update job set rank = $1 where state = 'waiting' and rank >= $2 and created_at < $3`, [
    RANK.wantedMaps,
    RANK.maps,
    new Date(now.getTime() - LONGEST_WAIT_MS),
  ]);
}

/** More than clocks of two machines differ by. */
const MADE_LATER_MS = 60_000;

/** A job that was made in the future was made before the clock was set back: it does not wait for that hour to come again. */
export async function hasten(sql: Sql, now: Date): Promise<void> {
  await sql.query(`update job set run_at = $1, created_at = $1 where state = 'waiting' and created_at > $2`, [
    now,
    new Date(now.getTime() + MADE_LATER_MS),
  ]);
}

const LEASE_RAN_OUT: Reason = {
  code: 'store.lease-lost',
  text: {
    vi: 'Tiến trình đang xử lý đã dừng giữa chừng.',
    en: 'The process that worked on it stopped half-way.',
  },
};

/**
 * A worker that died leaves a running job behind. It waits again, unless a newer one for the same key waits already (that one will
 * do the work). One that was lost in its last attempt is given out once more, so that its reader can say that it gives up; lost
 * again, it is dead: a job that kills its workers must not do so for ever.
 */
export async function recoverJobs(tx: Transaction, now: Date, leases: 'expired' | 'all'): Promise<void> {
  await tx.query(
    `with lost as (
       select id from job where state = 'running' and ($2 or lease_until < $1 or lease_until > $1 + interval '10 minutes') for update skip locked)
     update job j set lease_until = null, worker = null, run_at = $1,
       state = case
         when exists (select 1 from job w where w.facility_id = j.facility_id and w.kind = j.kind and w.key = j.key
           and w.state = 'waiting') then 'done'
         when j.attempt > j.max_attempts then 'dead' else 'waiting' end,
       last_error = coalesce(j.last_error, $3::jsonb)
     from lost where j.id = lost.id`,
    [now, leases === 'all', canonicalJson(LEASE_RAN_OUT)],
  );
  tx.wake('jobs');
}
