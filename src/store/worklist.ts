// The worklist's raw material: every open study with its reading, its job and its alerts; the worklist room orders it.
import type { Outcome, Priority, Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import { type JobStatus, READ_STUDY, type StatusRow, toStatus } from './jobs.ts';
import type { Study } from './intake.ts';
import type { Scope } from './scope.ts';
import { patientKeyOf, type StudyRow, toStudy } from './study-row.ts';

export interface WorklistRow {
  readonly study: Omit<Study, 'instances'> & { readonly instanceCount: number };
  /** Absent while none is committed. */
  readonly reading?: Reading & { readonly revision: number };
  /** The newest reading job, where it waits, runs or died. */
  readonly job?: JobStatus;
  readonly openAlertIds: readonly Uuid[];
}

export interface WorklistFilter {
  readonly state?: 'open' | 'closed' | 'all';
  readonly priority?: Priority;
  readonly outcome?: Outcome;
  readonly finding?: string;
  readonly modality?: string;
  readonly patientId?: string;
  readonly studyUid?: string;
  readonly receivedFrom?: string;
  readonly receivedTo?: string;
}

export interface Worklist {
  /** By urgency, then oldest first. `after` is the last row's study UID of the page before. */
  list(filter?: WorklistFilter, page?: { limit?: number; after?: string }): Promise<readonly WorklistRow[]>;
  count(filter?: WorklistFilter): Promise<number>;
}

interface Row extends StudyRow {
  readonly instance_count: number;
  readonly reading: Reading | null;
  readonly revision: number | null;
  readonly job: (Omit<StatusRow, 'run_at'> & { readonly run_at: string }) | null;
  readonly alert_ids: Uuid[];
}

const toRow = (row: Row): WorklistRow => ({
  study: { ...toStudy(row), instanceCount: row.instance_count },
  ...(row.reading !== null && row.revision !== null ? { reading: { ...row.reading, revision: row.revision } } : {}),
  ...(row.job === null ? {} : { job: toStatus({ ...row.job, run_at: new Date(row.job.run_at) }) }),
  openAlertIds: row.alert_ids,
});

/** What was not read yet stands with the routine ones: it may be anything, and it is old first. */
const UNREAD_RANK = 2;

const FROM = `from study s
  left join lateral (
    select record, revision, priority, priority_rank, outcome, id from reading
    where facility_id = s.facility_id and study_uid = s.study_uid and superseded_by is null
    order by sequence desc limit 1) r on true
  where s.facility_id = $1
    and ($2 = 'all' or ($2 = 'open') = (s.closed_at is null))
    and ($3::text is null or r.priority = $3)
    and ($4::text is null or r.outcome = $4)
    and ($5::text is null or exists (
      select 1 from finding f where f.reading_id = r.id and f.code = $5 and f.decision = 'positive'))
    and ($6::text is null or s.modality = $6)
    and ($7::text is null or s.patient_key = $7)
    and ($8::timestamptz is null or s.received_at >= $8)
    and ($9::timestamptz is null or s.received_at < $9)
    and ($10::text is null or s.study_uid = $10)`;

const LIST = `with listed as (
    select s.*, r.record as reading, r.revision, coalesce(r.priority_rank, ${UNREAD_RANK}) as rank ${FROM})
  select s.*,
    (select count(*)::int from instance i where i.facility_id = s.facility_id and i.study_uid = s.study_uid)
      as instance_count,
    (select to_jsonb(j) from (
       select id, kind, key, state, attempt, run_at, last_error from job
       where facility_id = s.facility_id and kind = '${READ_STUDY}' and key = s.study_uid and state <> 'done'
       order by created_at desc limit 1) j) as job,
    array(select a.id::text from alert a where a.facility_id = s.facility_id and a.study_uid = s.study_uid
      and a.superseded_by is null and not a.suppressed and a.status in ('new', 'seen', 'acknowledged')
      order by a.sequence) as alert_ids
  from listed s
  where $11::text is null or (s.rank, s.received_at, s.study_uid) > (
    select a.rank, a.received_at, a.study_uid from listed a where a.study_uid = $11)
  order by s.rank, s.received_at, s.study_uid limit $12`;

export function openWorklist(scope: Scope): Worklist {
  const valuesOf = (filter: WorklistFilter): readonly unknown[] => [
    scope.facilityId,
    filter.state ?? 'open',
    filter.priority ?? null,
    filter.outcome ?? null,
    filter.finding ?? null,
    filter.modality ?? null,
    filter.patientId === undefined ? null : patientKeyOf({ id: filter.patientId }, ''),
    filter.receivedFrom ?? null,
    filter.receivedTo ?? null,
    filter.studyUid ?? null,
  ];
  return {
    async list(filter = {}, { limit = 100, after } = {}) {
      const rows = await scope.sql.query<Row>(LIST, [...valuesOf(filter), after ?? null, limit]);
      return rows.map(toRow);
    },
    async count(filter = {}) {
      const [row] = await scope.sql.query<{ n: number }>(`select count(*)::int as n ${FROM}`, valuesOf(filter));
      return row?.n ?? 0;
    },
  };
}
