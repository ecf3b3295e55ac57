// Searches over the audit chain: by who acted, on what, and whom it is about. Reads only.
import type { AuditQuery, Found } from '#kernel/record-search.ts';
import type { AuditRecord } from '#kernel/audit-entry.ts';
import { type AuditRow, toAuditRecord } from './audit.ts';
import { storableText } from '#store/host/canonical.ts';
import { cursorOf, orderOf, type Sortable } from '#store/search/sorting.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { patientKeysOf } from '#store/study/study-row.ts';
import { countOf, openWhere, type Where } from '#store/search/where.ts';

export interface AuditFinder {
  audit(query: AuditQuery): Promise<readonly Found<AuditRecord>[]>;
  countAudit(query: AuditQuery): Promise<number>;
}

const AUDIT_ORDER: Sortable = {
  time: { sql: 'a.at', type: 'text' },
  updated: { sql: 'a.at', type: 'text' },
  tie: { sql: 'a.sequence', type: 'bigint' },
};

/**
 * Entries by their subjects. The places are collected first, from the index of subjects: else the chain is walked from its end, which takes as long
 * as the chain is when the entries are old or few.
 */
const ENTRIES_OF = (subjects: string): string => `a.sequence = any(array(
  select x.sequence from (${subjects}) t(type, id)
  join audit x on x.facility_id = $1 and x.subject_type = t.type and x.subject_id = t.id))`;

/** Who is meant by an entry about a patient, a study, a reading, an alert or an assessment. */
const SUBJECTS_OF_PATIENT = (patients: string, keys: string): string => `
  select kind.type, o.id from (
    select s.study_uid as id from study s where s.facility_id = $1 and s.patient_key = any(${keys}::text[])
    union all select i.sop_instance_uid from instance i join study s using (facility_id, study_uid)
      where i.facility_id = $1 and s.patient_key = any(${keys}::text[])
    union all select r.id::text from reading r join study s using (facility_id, study_uid)
      where r.facility_id = $1 and s.patient_key = any(${keys}::text[])) o
  cross join (values ('study'), ('instance'), ('reading')) kind(type)
  union all select 'patient', unnest(${patients}::text[])
  union all select 'alert', id::text from alert where facility_id = $1 and patient_code = any(${patients}::text[])
  union all select 'assessment', id::text from assessment where facility_id = $1 and patient_id = any(${patients}::text[])`;

/** `study/1.2.3` → its type and its id. */
const parted = (subject: string): readonly [type: string, id: string] => {
  const at = subject.indexOf('/');
  return at < 0 ? [subject, ''] : [subject.slice(0, at), subject.slice(at + 1)];
};

interface AuditFoundRow extends AuditRow {
  readonly sequence: string;
  readonly sorted: string | null;
}

/** Of a single value an index gives the rows in the order of their time; of several it does not. */
function isOneOf(where: Where, column: string, values: readonly string[] | undefined): void {
  if (values === undefined) return;
  const [only] = values;
  if (values.length === 1 && only !== undefined) where.also(`${column} = ${where.place(storableText(only))}`);
  else where.also(`${column} = any(${where.place(values.map(storableText))}::text[])`);
}

function auditWhere(facilityId: string, query: AuditQuery): Where {
  const where = openWhere('a.facility_id', facilityId);
  where.when(
    query.ids?.filter((id) => /^\d{1,18}$/.test(id)),
    (place) => `a.sequence = any(${place}::bigint[])`,
  );
  isOneOf(where, 'a.actor', query.actors);
  isOneOf(where, 'a.action', query.actions);
  if (query.subjects !== undefined) {
    const subjects = query.subjects.map(storableText).map(parted);
    const [types, ids] = [where.place(subjects.map(([type]) => type)), where.place(subjects.map(([, id]) => id))];
    where.also(ENTRIES_OF(`select * from unnest(${types}::text[], ${ids}::text[])`));
  }
  if (query.patients !== undefined) {
    const keys = where.place(patientKeysOf(query.patients));
    where.also(ENTRIES_OF(SUBJECTS_OF_PATIENT(where.place(query.patients.map(storableText)), keys)));
  }
  where.times('a.at', query.times);
  where.times('a.at', query.updated);
  return where;
}

export function openAuditFinder({ facilityId, sql }: Pick<Tenancy, 'facilityId' | 'sql'>): AuditFinder {
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
