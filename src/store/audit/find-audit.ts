// Searches over the audit chain: by who acted, on what, and whom it is about. Reads only.
import type { AuditQuery, Found } from '#kernel/record-search.ts';
import { type AuditRecord, type AuditRow, toAuditRecord } from './audit.ts';
import { storableText } from '#store/host/canonical.ts';
import { cursorOf, localTime, orderOf, type Sortable } from '#store/search/sorting.ts';
import type { Scope } from '#store/host/scope.ts';
import { patientKeysOf } from '#store/study/study-row.ts';
import { countOf, openWhere, type Where } from '#store/search/where.ts';

export interface AuditFinder {
  audit(query: AuditQuery): Promise<readonly Found<AuditRecord>[]>;
  countAudit(query: AuditQuery): Promise<number>;
}

const AUDIT_ORDER: Sortable = {
  time: localTime(`a.entry::jsonb->>'at'`),
  updated: localTime(`a.entry::jsonb->>'at'`),
  tie: { sql: 'a.sequence', type: 'bigint' },
};

/** Who is meant by an entry about a patient, a study, a reading, an alert or an assessment. */
const AUDIT_OF_PATIENT = (patients: string, keys: string): string => `(
  (a.subject_type in ('study', 'instance', 'reading') and a.subject_id in (
    select s.study_uid from study s where s.facility_id = $1 and s.patient_key = any(${keys}::text[])
    union all select i.sop_instance_uid from instance i join study s using (facility_id, study_uid)
      where i.facility_id = $1 and s.patient_key = any(${keys}::text[])
    union all select r.id::text from reading r join study s using (facility_id, study_uid)
      where r.facility_id = $1 and s.patient_key = any(${keys}::text[])))
  or (a.subject_type = 'patient' and a.subject_id = any(${patients}::text[]))
  or (a.subject_type = 'alert' and a.subject_id in (
    select id::text from alert where facility_id = $1 and patient_code = any(${patients}::text[])))
  or (a.subject_type = 'assessment' and a.subject_id in (
    select id::text from assessment where facility_id = $1 and patient_id = any(${patients}::text[]))))`;

interface AuditFoundRow extends AuditRow {
  readonly sequence: string;
  readonly sorted: string | null;
}

function auditWhere(facilityId: string, query: AuditQuery): Where {
  const where = openWhere('a.facility_id', facilityId);
  where.when(
    query.ids?.filter((id) => /^\d{1,18}$/.test(id)),
    (place) => `a.sequence = any(${place}::bigint[])`,
  );
  where.when(query.actors, (place) => `a.entry::jsonb->>'actor' = any(${place}::text[])`);
  where.when(
    query.subjects?.map(storableText),
    (place) => `a.subject_type || '/' || a.subject_id = any(${place}::text[])`,
  );
  if (query.patients !== undefined) {
    const keys = where.place(patientKeysOf(query.patients));
    where.also(AUDIT_OF_PATIENT(where.place(query.patients.map(storableText)), keys));
  }
  where.times(`(a.entry::jsonb->>'at')`, query.times);
  where.times(`(a.entry::jsonb->>'at')`, query.updated);
  return where;
}

export function openAuditFinder({ facilityId, sql }: Scope): AuditFinder {
  return {
    async audit(query) {
      const where = auditWhere(facilityId, query);
      const order = orderOf(where, AUDIT_ORDER, query);
      const rows = await sql.query<AuditFoundRow>(
        `select a.sequence::text, a.entry, a.previous_hash, a.hash, ${order.column} from audit a where ${where.text()}
         order by ${order.by} limit ${where.place(query.limit)}`,
        where.values,
      );
      return rows.map((row) => {
        const item = toAuditRecord(row);
        return { item, updatedAt: item.at, key: cursorOf(row.sequence, row.sorted) };
      });
    },
    countAudit: (query) => countOf(sql, 'audit a', auditWhere(facilityId, query)),
  };
}
