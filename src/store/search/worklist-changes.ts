// Studies that changed for a reader since a moment, from the audit: every change is appended there in its own transaction, so that this
// sees the work of all processes on either host. Reads leave entries too; they are no change.
import type { Tenancy } from '#store/host/tenancy.ts';

export interface WorklistChanges {
  /** For the next question. */
  readonly upTo: number;
  /** Study UIDs, each once. */
  readonly studies: readonly string[];
  /** How many of them have new images. */
  readonly arrived: number;
}

export interface ChangeLog {
  /** `after` absent: nothing is listed, only where the log stands now. */
  since(after?: number): Promise<WorklistChanges>;
}

const ACTIONS = [
  'instance.accepted',
  'reading.committed',
  'reading.maps-checked',
  'study.opened',
  'study.closed',
  'study.reopened',
  'study.labelled',
  'study.corrected',
  'study.withdrawn',
  'study.reading-requested',
  'alert.raised',
  'alert.seen',
  'alert.acknowledged',
  'alert.overridden',
  'alert.false-positive',
  'alert.resolved',
  'alert.expired',
] as const;

/** Someone who was away longer than this reads the list again anyway. */
const MOST_CHANGES = 1000;

interface Row {
  readonly action: string;
  readonly study_uid: string | null;
}

export function openChangeLog({ facilityId, sql }: Tenancy): ChangeLog {
  return {
    async since(after) {
      const [head] = await sql.query<{ sequence: number }>(
        'select sequence::float8 as sequence from audit_head where facility_id = $1',
        [facilityId],
      );
      const upTo = head?.sequence ?? 0;
      if (after === undefined || upTo <= after) return { upTo, studies: [], arrived: 0 };
      const rows = await sql.query<Row>(
        `select entry->>'action' as action, coalesce(
           case when subject_type = 'study' then subject_id end,
           entry->'detail'->>'studyUid',
           case when subject_type = 'alert' then
             (select study_uid from alert where facility_id = $1 and id = subject_id::uuid) end,
           case when subject_type = 'reading' then
             (select study_uid from reading where facility_id = $1 and id = subject_id::uuid) end) as study_uid
         from (select subject_type, subject_id, entry::jsonb as entry from audit
           where facility_id = $1 and sequence > $2 and sequence <= $3 order by sequence desc limit $4) recent
         where entry->>'action' = any($5)`,
        [facilityId, after, upTo, MOST_CHANGES, [...ACTIONS]],
      );
      const uids = (of: readonly Row[]): string[] => [...new Set(of.flatMap(({ study_uid: uid }) => uid ?? []))];
      return {
        upTo,
        studies: uids(rows),
        arrived: uids(rows.filter(({ action }) => action === 'instance.accepted')).length,
      };
    },
  };
}
