// Studies that a reader has opened, with the two moments that say how long they waited.
import { PRIORITIES } from '#kernel/finding.ts';
import type { WaitedStudy } from '#kernel/waited-study.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

interface OpenedRow {
  readonly study_uid: string;
  readonly patient_key: string;
  readonly priority_rank: number;
  readonly received_at: Date;
  readonly opened_at: Date;
}

/** The last ones opened, the newest first. */
export const openWaitedStudies =
  ({ facilityId, sql }: Tenancy) =>
  async (limit: number): Promise<readonly WaitedStudy[]> => {
    const rows = await sql.query<OpenedRow>(
      `select t.study_uid, t.patient_key, t.received_at, t.opened_at, coalesce(r.priority_rank, 2) as priority_rank
       from study t
       left join lateral (
         select priority_rank from reading
         where facility_id = t.facility_id and study_uid = t.study_uid and superseded_by is null
         order by sequence desc limit 1) r on true
       where t.facility_id = $1 and t.opened_at is not null
       order by t.opened_at desc, t.study_uid limit $2`,
      [facilityId, limit],
    );
    return rows.map((row) => ({
      studyUid: row.study_uid,
      patient: row.patient_key,
      priority: PRIORITIES[row.priority_rank] ?? 'routine',
      receivedAt: row.received_at.toISOString(),
      openedAt: row.opened_at.toISOString(),
    }));
  };
