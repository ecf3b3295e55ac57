// A person's current alerts, open studies and stated diagnoses in one question, because it is asked each time a chart is opened.
import type { Alert } from '#kernel/alert.ts';
import type { Outcome, Reason } from '#kernel/finding.ts';
import { toAlert } from '#store/alert/alert-rows.ts';
import { storableText } from '#store/host/canonical.ts';
import type { PreparedStatement } from '#store/host/database.ts';
import type { JobStatus } from '#kernel/job.ts';
import { READ_STUDY } from '#store/queue/job-writes.ts';
import type { StoredMeasurement } from '#kernel/imported-result.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';
import { survivorOf } from '#store/study/person-alias.ts';

export interface PicturedStudy {
  readonly studyUid: string;
  readonly receivedAt: string;
  /** Absent while none is committed. */
  readonly reading?: { readonly outcome: Outcome; readonly reasons: readonly Reason[] };
  /** Where there is no reading: its newest reading job, that waits, runs or died. */
  readonly job?: Pick<JobStatus, 'state' | 'lastError'>;
}

export interface Picture {
  /** The suppressed too, newest first; those replaced by others are left out. At most 50 per key. */
  readonly alerts: readonly Alert[];
  /** Open ones, by urgency, then oldest first. At most 20 per key. */
  readonly studies: readonly PicturedStudy[];
  /** What visits stated under the first key, newest first, without what was withdrawn. At most 300. */
  readonly diagnoses: readonly StoredMeasurement[];
}

interface AlertOf {
  readonly kind: 'alert';
  readonly record: Alert;
  readonly status: Alert['status'];
}

interface StudyOf {
  readonly kind: 'study';
  /** Reasons. */
  readonly record: readonly Reason[] | null;
  readonly outcome: Outcome | null;
  readonly study_uid: string;
  readonly received_at: Date;
  readonly job: JobStatus['state'] | null;
  readonly last_error: Reason | null;
}

interface DiagnosisOf {
  readonly kind: 'diagnosis';
  readonly record: StoredMeasurement;
}

/**
 * Key by key, so that each list is read off its index in order, however many rows others have. `persons` are the numbers that hold now, and
 * `first` is the one of them that was sent first. A study's key is its patient's number with a prefix, see patientKeyOf.
 */
const pictureOf = (
  persons: string,
  first: string,
): string => `select 'alert' as kind, a.record, a.status, null as outcome, null as study_uid, null::timestamptz as received_at,
      null as job, null::jsonb as last_error
    from ${persons} as code, lateral (
      select record, status, sequence from alert
      where facility_id = $1 and patient_code = code.value and superseded_by is null
      order by sequence desc limit 50) a
    union all
    select 'study', s.reasons, null, s.outcome, s.study_uid, s.received_at, j.state, j.last_error
    from ${persons} as code, lateral (
      select t.facility_id, t.study_uid, t.received_at, r.outcome, r.record->'reasons' as reasons
      from study t
      left join lateral (
        select outcome, record, priority_rank from reading
        where facility_id = t.facility_id and study_uid = t.study_uid and superseded_by is null
        order by sequence desc limit 1) r on true
      where t.facility_id = $1 and t.patient_key = 'id:' || code.value and t.closed_at is null
      order by coalesce(r.priority_rank, 2), t.received_at, t.study_uid limit 20) s
    left join lateral (
      select state, last_error from job
      where s.outcome is null and facility_id = s.facility_id and kind = '${READ_STUDY}' and key = s.study_uid
        and state <> 'done'
      order by created_at desc limit 1) j on true
    union all
    select 'diagnosis', d.record, null, null, null, null, null, null from (
      select record from measurement
      where facility_id = $1 and patient_id = ${first} and withdrawn_at is null and record->'value' = 'true'::jsonb
      order by time desc nulls last, sequence desc limit 300) d`;

/** Of one number a plan is kept. PostgreSQL cannot know how many numbers a list holds, and would plan anew for each, for twice the work. */
const ONE: PreparedStatement = {
  name: 'picture',
  text: pictureOf(`(select ${survivorOf('$2::text')} as value)`, survivorOf('$2::text')),
};

const MANY: PreparedStatement = {
  name: 'picture-of-many',
  text: pictureOf(
    `(select distinct ${survivorOf('sent.number')} as value from unnest($2::text[]) as sent (number))`,
    survivorOf('($2::text[])[1]'),
  ),
};

const toPictured = (row: StudyOf): PicturedStudy => ({
  studyUid: row.study_uid,
  receivedAt: row.received_at.toISOString(),
  ...(row.outcome === null ? {} : { reading: { outcome: row.outcome, reasons: row.record ?? [] } }),
  ...(row.job === null ? {} : { job: { state: row.job, ...optional('lastError', row.last_error) } }),
});

/** `patientCodes`: numbers under which the hospital knows one person; what is found under none is an empty picture. */
export function openPicture(scope: Tenancy): (patientCodes: readonly string[]) => Promise<Picture> {
  return async (patientCodes) => {
    const numbers = patientCodes.map(storableText);
    const [statement, sent] = numbers.length === 1 ? [ONE, numbers[0]] : [MANY, numbers];
    const rows = await scope.sql.query<AlertOf | StudyOf | DiagnosisOf>(statement, [scope.facilityId, sent]);
    return {
      alerts: rows.flatMap((row) => (row.kind === 'alert' ? [toAlert(row)] : [])),
      studies: rows.flatMap((row) => (row.kind === 'study' ? [toPictured(row)] : [])),
      diagnoses: rows.flatMap((row) => (row.kind === 'diagnosis' ? [row.record] : [])),
    };
  };
}
