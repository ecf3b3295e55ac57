// Counts waiting jobs, dead letters and unanswered alerts over all facilities: the figures behind the alarms of operations.
import type { Clock } from '#kernel/clock.ts';
import type { Database, PreparedStatement } from '#store/host/database.ts';
import { READ_STUDY } from '#store/queue/job-writes.ts';

/** No figure tells of a person. Ages are in seconds and 0 where nothing waits. */
export interface Backlog {
  readonly studiesWaiting: number;
  /** Of the study that could have been read the longest time ago. */
  readonly studyOldestSeconds: number;
  readonly studiesFailed: number;
  readonly mapsWaiting: number;
  readonly messagesWaiting: number;
  readonly messageOldestSeconds: number;
  readonly messagesDead: number;
  readonly criticalAlertsUnanswered: number;
  readonly criticalAlertOldestSeconds: number;
  readonly filesRefusedLastDay: number;
}

const BACKLOG: PreparedStatement = {
  name: 'backlog',
  text: `select job.*, outbox.*, alert.*, refusal.* from
    (select count(*) filter (where state = 'waiting' and kind = '${READ_STUDY}')::int as "studiesWaiting",
       count(*) filter (where state = 'dead' and kind = '${READ_STUDY}')::int as "studiesFailed",
       count(*) filter (where state = 'waiting' and kind <> '${READ_STUDY}')::int as "mapsWaiting",
       coalesce(extract(epoch from $1::timestamptz - min(run_at) filter (where state = 'waiting' and kind = '${READ_STUDY}')), 0)::float8
         as "studyOldestSeconds"
     from job where state in ('waiting', 'dead')) job,
    (select count(*) filter (where state in ('waiting', 'sending'))::int as "messagesWaiting",
       count(*) filter (where state = 'dead')::int as "messagesDead",
       coalesce(extract(epoch from $1::timestamptz - min(created_at) filter (where state in ('waiting', 'sending'))), 0)::float8
         as "messageOldestSeconds"
     from outbox where state in ('waiting', 'sending', 'dead')) outbox,
    (select count(*)::int as "criticalAlertsUnanswered",
       coalesce(extract(epoch from $1::timestamptz - min(created_at)), 0)::float8 as "criticalAlertOldestSeconds"
     from alert where status in ('new', 'seen') and severity = 'critical' and not suppressed
       and superseded_by is null and withdrawn_at is null and expires_at > $1::timestamptz) alert,
    (select count(*)::int as "filesRefusedLastDay" from refusal where at > $1::timestamptz - interval '1 day') refusal`,
};

export async function readBacklog(database: Pick<Database, 'query'>, clock: Clock): Promise<Backlog> {
  const [row] = await database.query<Backlog>(BACKLOG, [clock.now().toISOString()]);
  if (row === undefined) throw new Error('a query of totals gives one row');
  return {
    ...row,
    studyOldestSeconds: Math.max(0, row.studyOldestSeconds),
    messageOldestSeconds: Math.max(0, row.messageOldestSeconds),
    criticalAlertOldestSeconds: Math.max(0, row.criticalAlertOldestSeconds),
  };
}
