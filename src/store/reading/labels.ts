// Labels of single findings at rest, written with the answer that they come from; the newest word counts.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { FindingLabel } from '#alerts/lifecycle/label.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import type { Confirmed } from '#similarity/vector-index.ts';
import type { Sql, Transaction } from '#store/host/database.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

/** The audit entry is for the caller to append, last. */
export async function keepLabel(
  tx: Transaction,
  { facilityId }: Tenancy,
  label: FindingLabel,
  { alertId, actor, at }: AlertEvent,
): Promise<AuditEntry> {
  const { studyUid, findingCode, present } = label;
  await tx.query(
    `insert into study_label (facility_id, study_uid, finding_code, present, alert_id, said_by, at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (facility_id, study_uid, finding_code) do update set present = excluded.present,
       alert_id = excluded.alert_id, said_by = excluded.said_by, at = excluded.at where study_label.at <= excluded.at`,
    [facilityId, studyUid, findingCode, present, alertId, storableText(actor), at],
  );
  return {
    actor,
    action: 'study.labelled',
    subjectType: 'study',
    subjectId: studyUid,
    detail: { findingCode, present, alertId },
  };
}

interface LabelRow {
  readonly study_uid: string;
  readonly present: string[];
  readonly absent: string[];
}

/** By study UID; a study without a label is not in it. */
export async function confirmedOf(
  sql: Sql,
  facilityId: string,
  studyUids: readonly string[],
): Promise<ReadonlyMap<string, Confirmed>> {
  if (studyUids.length === 0) return new Map();
  const rows = await sql.query<LabelRow>(
    `select study_uid, array_remove(array_agg(case when present then finding_code end order by finding_code), null) as present,
       array_remove(array_agg(case when not present then finding_code end order by finding_code), null) as absent
     from study_label where facility_id = $1 and study_uid = any($2) group by study_uid`,
    [facilityId, [...studyUids]],
  );
  return new Map(rows.map(({ study_uid, present, absent }) => [study_uid, { present, absent }]));
}
