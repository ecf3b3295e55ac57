// Work to be done: urgent first, claimed under a lease, retried with back-off, woken without polling; survives a kill.
import type { Clock } from '#kernel/clock.ts';
import type { Reason } from '#kernel/finding.ts';
import { newUuid, type Uuid } from '#kernel/ids.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Database, Prepared, Sql, Transaction } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';
import { optional } from '#store/host/scope.ts';
import { LONGEST_WAIT_MS, RANK } from './rank.ts';

export interface Job {
  readonly id: Uuid;
  readonly facilityId: string;
  /** For example `read-study`. */
  readonly kind: string;
  /** What it is about (the study UID): one waiting job per key, and never two running ones. */
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly leaseUntil: string;
  /** Who holds it. */
  readonly worker: string;
}

export const JOB_STATES = ['waiting', 'running', 'done', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobStatus {
  readonly id: Uuid;
  readonly kind: string;
  readonly key: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly runAt: string;
  readonly lastError?: Reason;
}

export interface ClaimOptions {
  readonly kinds: readonly string[];
  readonly worker: string;
  readonly leaseMs: number;
  readonly limit: number;
}

export interface Jobs {
  /** Ready jobs and those whose lease ran out: by rank, of one rank the oldest first. */
  claim(options: ClaimOptions): Promise<readonly Job[]>;
  /** Extends the lease. Throws CareError `store.lease-lost` when another worker has it. */
  heartbeat(job: Job, leaseMs: number): Promise<Job>;
  /** Back to waiting with back-off (2^attempt seconds, at most 5 minutes), or dead after the last attempt. */
  fail(job: Job, error: Reason): Promise<'waiting' | 'dead'>;
  /** Ends a job that leaves no reading. */
  complete(job: Job): Promise<void>;
  /** Called whenever a job may be ready; returns the end of the subscription. */
  onWake(listener: () => void): () => void;
  /** Resolves when a job may be ready, at a waiting job's time, or after `timeoutMs`. */
  waitForWork(options: { kinds: readonly string[]; timeoutMs: number; signal?: AbortSignal }): Promise<void>;
  /** Gives back what a worker of this process had claimed, without counting it as a try (graceful stop). */
  release(worker: string): Promise<number>;
  counts(): Promise<Readonly<Record<JobState, number>>>;
}

export const READ_STUDY = 'read-study';
/** The maps of a study's current reading; its payload names the reading. */
export const EXPLAIN_STUDY = 'explain-study';
const MAX_ATTEMPTS = 5;
const MAX_BACKOFF_MS = 300_000;

export interface NewJob {
  readonly facilityId: string;
  readonly kind: string;
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly runAt: Date;
  /** Of rank.ts; absent: routine. */
  readonly rank?: number;
}

/** What was given up is tried anew by this one. */
const ENQUEUE: Prepared = {
  name: 'job-enqueue',
  text: `with given_up as (
      update job set state = 'done' where facility_id = $2 and kind = $3 and key = $4 and state = 'dead')
    insert into job (id, facility_id, kind, key, payload, state, max_attempts, run_at, created_at, rank)
    values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9)
    on conflict (facility_id, kind, key) where state = 'waiting'
    do update set run_at = excluded.run_at, payload = excluded.payload, attempt = 0,
      rank = least(job.rank, excluded.rank) returning id`,
};

/** Joins the job that already waits for the same key, if there is one, and moves its time. Returns its id. */
export async function enqueueJob(tx: Transaction, job: NewJob, now: Date): Promise<Uuid> {
  const [row] = await tx.query<{ id: Uuid }>(ENQUEUE, [
    newUuid(),
    job.facilityId,
    job.kind,
    job.key,
    canonicalJson(job.payload),
    MAX_ATTEMPTS,
    job.runAt,
    now,
    job.rank ?? RANK.routine,
  ]);
  if (row === undefined) throw new Error('the job was not written');
  tx.wake('jobs');
  return row.id;
}

/** Only the holder of this very claim may end it. Throws CareError `store.lease-lost`. */
export async function completeJob(tx: Transaction, job: Job, now: Date): Promise<void> {
  const rows = await tx.query(
    `update job set state = 'done', finished_at = $4, lease_until = null
     where id = $1 and state = 'running' and attempt = $2 and worker = $3 returning id`,
    [job.id, job.attempt, job.worker, now],
  );
  if (rows.length === 0) throw storeErrors.error('lease-lost', { field: job.id });
  // One with the same key may have waited for this one to end.
  tx.wake('jobs');
}

/** Ends a job without success, for good. Only the holder of this very claim may. Throws CareError `store.lease-lost`. */
export async function buryJob(tx: Transaction, job: Job, error: Reason, now: Date): Promise<void> {
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

/** So that a day without a pause does not leave maps unchecked. */
async function promoteOldMaps(sql: Sql, now: Date): Promise<void> {
  await sql.query(`update job set rank = $1 where state = 'waiting' and rank >= $2 and created_at < $3`, [
    RANK.wantedMaps,
    RANK.maps,
    new Date(now.getTime() - LONGEST_WAIT_MS),
  ]);
}

const CLAIM: Prepared = {
  name: 'job-claim',
  text: `with ready as (
      select id from job j where kind = any($1) and state = 'waiting' and run_at <= $2
        and not exists (select 1 from job r where r.facility_id = j.facility_id and r.kind = j.kind
          and r.key = j.key and r.state = 'running')
      order by rank, run_at, created_at limit $3 for update skip locked)
    update job set state = 'running', attempt = attempt + 1, worker = $4, lease_until = $5
    from ready where job.id = ready.id
    returning job.id, facility_id, kind, key, payload, attempt, max_attempts, lease_until, worker`,
};

const NEXT: Prepared = {
  name: 'job-next',
  text: `select min(run_at) as at from job where kind = any($1) and state = 'waiting'
    and not exists (select 1 from job r where r.facility_id = job.facility_id and r.kind = job.kind
      and r.key = job.key and r.state = 'running')`,
};

/** Between two looks for lost leases and for maps that have waited too long: not at every claim. */
const UPKEEP_EVERY_MS = 1_000;

interface JobRow {
  readonly id: Uuid;
  readonly facility_id: string;
  readonly kind: string;
  readonly key: string;
  readonly payload: Record<string, unknown>;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly lease_until: Date;
  readonly worker: string;
}

const toJob = (row: JobRow): Job => ({
  id: row.id,
  facilityId: row.facility_id,
  kind: row.kind,
  key: row.key,
  payload: row.payload,
  attempt: row.attempt,
  maxAttempts: row.max_attempts,
  leaseUntil: row.lease_until.toISOString(),
  worker: row.worker,
});

export interface StatusRow {
  readonly id: Uuid;
  readonly kind: string;
  readonly key: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly run_at: Date;
  readonly last_error: Reason | null;
}

export const toStatus = (row: StatusRow): JobStatus => ({
  id: row.id,
  kind: row.kind,
  key: row.key,
  state: row.state,
  attempt: row.attempt,
  runAt: row.run_at.toISOString(),
  ...optional('lastError', row.last_error),
});

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
       select id from job where state = 'running' and ($2 or lease_until < $1) for update skip locked)
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

export function openJobs(database: Database, clock: Clock): Jobs {
  const now = (): Date => clock.now();
  let lookedAt = 0;

  async function upkeep(at: Date): Promise<void> {
    if (at.getTime() - lookedAt < UPKEEP_EVERY_MS) return;
    lookedAt = at.getTime();
    const [lost] = await database.query(`select 1 from job where state = 'running' and lease_until < $1 limit 1`, [at]);
    if (lost !== undefined) await database.transaction((tx) => recoverJobs(tx, at, 'expired'));
    await promoteOldMaps(database, at);
  }

  return {
    async claim({ kinds, worker, leaseMs, limit }) {
      const at = now();
      await upkeep(at);
      const rows = await database.query<JobRow>(CLAIM, [
        [...kinds],
        at,
        limit,
        worker,
        new Date(at.getTime() + leaseMs),
      ]);
      return rows.map(toJob);
    },

    async heartbeat(job, leaseMs) {
      const [row] = await database.query<JobRow>(
        `update job set lease_until = $4 where id = $1 and state = 'running' and attempt = $2 and worker = $3
         returning id, facility_id, kind, key, payload, attempt, max_attempts, lease_until, worker`,
        [job.id, job.attempt, job.worker, new Date(now().getTime() + leaseMs)],
      );
      if (row === undefined) throw storeErrors.error('lease-lost', { field: job.id });
      return toJob(row);
    },

    async fail(job, error) {
      const backoffMs = Math.min(2 ** job.attempt * 1_000, MAX_BACKOFF_MS);
      return database.transaction(async (tx) => {
        const [row] = await tx.query<{ state: 'waiting' | 'dead' | 'done' }>(
          `update job j set lease_until = null, last_error = $4, run_at = $5,
             state = case
               when exists (select 1 from job w where w.facility_id = j.facility_id and w.kind = j.kind and w.key = j.key
                 and w.state = 'waiting') then 'done'
               when attempt >= max_attempts then 'dead' else 'waiting' end
           where id = $1 and state = 'running' and attempt = $2 and worker = $3 returning state`,
          [job.id, job.attempt, job.worker, canonicalJson(error), new Date(now().getTime() + backoffMs)],
        );
        if (row === undefined) throw storeErrors.error('lease-lost', { field: job.id });
        tx.wake('jobs');
        // `done` here: a newer job for the same key waits and takes over.
        return row.state === 'dead' ? 'dead' : 'waiting';
      });
    },

    complete: (job) => database.transaction((tx) => completeJob(tx, job, now())),

    onWake: (listener) => database.onWake('jobs', listener),

    async waitForWork({ kinds, timeoutMs, signal }) {
      if (signal?.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      // Subscribed before it looks: what arrives in between is not missed.
      const off = database.onWake('jobs', resolve);
      let timer: NodeJS.Timeout | undefined;
      signal?.addEventListener('abort', () => resolve(), { once: true });
      try {
        const [next] = await database.query<{ at: Date | null }>(NEXT, [[...kinds]]);
        const untilMs = next?.at ? next.at.getTime() - now().getTime() : Infinity;
        timer = setTimeout(resolve, Math.max(0, Math.min(untilMs, timeoutMs)));
        await promise;
      } finally {
        clearTimeout(timer);
        off();
      }
    },

    async release(worker) {
      return database.transaction(async (tx) => {
        const rows = await tx.query(
          `update job j set lease_until = null, worker = null, attempt = attempt - 1,
             state = case when exists (select 1 from job w where w.facility_id = j.facility_id and w.kind = j.kind
               and w.key = j.key and w.state = 'waiting') then 'done' else 'waiting' end
           where state = 'running' and worker = $1 returning id`,
          [worker],
        );
        tx.wake('jobs');
        return rows.length;
      });
    },

    async counts() {
      const rows = await database.query<{ state: JobState; n: number }>(
        'select state, count(*)::int as n from job group by state',
      );
      const of = (state: JobState): number => rows.find((row) => row.state === state)?.n ?? 0;
      return { waiting: of('waiting'), running: of('running'), done: of('done'), dead: of('dead') };
    },
  };
}
