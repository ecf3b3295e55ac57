// Work to be done: urgent first, claimed under a lease, retried with back-off, woken without polling; survives a kill.
import type { Clock } from '#kernel/clock.ts';
import type { Reason } from '#kernel/finding.ts';
import type { ClaimOptions, ClaimedJob, JobState, JobStatus, WaitOptions } from '#kernel/job.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Database, PreparedStatement } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';
import { optional } from '#store/host/tenancy.ts';
import { completeJob, hasten, promoteOldMaps, recoverJobs } from './job-writes.ts';

export interface Jobs {
  /** Ready jobs and those whose lease ran out: by rank, of one rank the oldest first. */
  claim(options: ClaimOptions): Promise<readonly ClaimedJob[]>;
  /** Extends the lease. Throws CareError `store.lease-lost` when another worker has it. */
  heartbeat(job: ClaimedJob, leaseMs: number): Promise<ClaimedJob>;
  /** Back to waiting with back-off (2^attempt seconds, at most 5 minutes), or dead after the last attempt. */
  fail(job: ClaimedJob, error: Reason): Promise<'waiting' | 'dead'>;
  /** Ends a job that leaves no reading. */
  complete(job: ClaimedJob): Promise<void>;
  /** Written to the waiting jobs of the kind that give no reason yet: nothing can work on them at present. Costs no try. */
  explainWaiting(kind: string, why: Reason): Promise<void>;
  /** Called whenever a job may be ready; returns the end of the subscription. */
  onWake(listener: () => void): () => void;
  /** Resolves when a job may be ready, at a waiting job's time, or after `timeoutMs`. */
  waitForWork(options: WaitOptions): Promise<void>;
  /** Gives back what a worker of this process had claimed, without counting it as a try (graceful stop). */
  release(worker: string): Promise<number>;
  counts(): Promise<Readonly<Record<JobState, number>>>;
}

const MAX_BACKOFF_MS = 300_000;

const CLAIM: PreparedStatement = {
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

const NEXT: PreparedStatement = {
  name: 'job-next',
  text: `select min(run_at) as at from job where kind = any($1) and state = 'waiting'
    and not exists (select 1 from job r where r.facility_id = job.facility_id and r.kind = job.kind
      and r.key = job.key and r.state = 'running')`,
};

const LONGEST_LEASE_MS = 600_000;
/** A lease that ends later was given by a clock that has been set back since. */
const longestLease = (at: Date): Date => new Date(at.getTime() + LONGEST_LEASE_MS);

/** Between two looks for lost leases and for maps that have waited too long: not at every claim. */
const UPKEEP_EVERY_MS = 1_000;

interface JobRow extends Pick<ClaimedJob, 'id' | 'kind' | 'key' | 'payload' | 'attempt' | 'worker'> {
  readonly facility_id: string;
  readonly max_attempts: number;
  readonly lease_until: Date;
}

const toJob = (row: JobRow): ClaimedJob => ({
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

export interface StatusRow extends Pick<JobStatus, 'id' | 'kind' | 'key' | 'state' | 'attempt'> {
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

async function waitForWork(database: Database, clock: Clock, { kinds, timeoutMs, signal }: WaitOptions): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  // Subscribed before it looks: what arrives in between is not missed.
  const off = database.onWake('jobs', resolve);
  let timer: NodeJS.Timeout | undefined;
  signal?.addEventListener('abort', () => resolve(), { once: true });
  try {
    const [next] = await database.query<{ at: Date | null }>(NEXT, [[...kinds]]);
    const untilMs = next?.at ? next.at.getTime() - clock.now().getTime() : Infinity;
    timer = setTimeout(resolve, Math.max(0, Math.min(untilMs, timeoutMs)));
    await promise;
  } finally {
    clearTimeout(timer);
    off();
  }
}

async function countJobs(database: Database): Promise<Readonly<Record<JobState, number>>> {
  const rows = await database.query<{ state: JobState; n: number }>(
    'select state, count(*)::int as n from job group by state',
  );
  const of = (state: JobState): number => rows.find((row) => row.state === state)?.n ?? 0;
  return { waiting: of('waiting'), running: of('running'), done: of('done'), dead: of('dead') };
}

export function openJobs(database: Database, clock: Clock): Jobs {
  const now = (): Date => clock.now();
  let lookedAt = 0;

  async function upkeep(at: Date): Promise<void> {
    if (Math.abs(at.getTime() - lookedAt) < UPKEEP_EVERY_MS) return;
    lookedAt = at.getTime();
    const [lost] = await database.query(
      `select 1 from job where state = 'running' and (lease_until < $1 or lease_until > $2) limit 1`,
      [at, longestLease(at)],
    );
    if (lost !== undefined) await database.transaction((tx) => recoverJobs(tx, at, 'expired'));
    await promoteOldMaps(database, at);
    await hasten(database, at);
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

    async explainWaiting(kind, why) {
      await database.query(
        `update job set last_error = $2 where state = 'waiting' and kind = $1 and last_error is null and run_at <= $3`,
        [kind, canonicalJson(why), now()],
      );
    },

    onWake: (listener) => database.onWake('jobs', listener),

    waitForWork: (options) => waitForWork(database, clock, options),

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

    counts: () => countJobs(database),
  };
}
