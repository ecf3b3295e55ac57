// Load of a facility's readers, counted from stored alerts: so every process, and a restarted one, counts the same.
import type { AlertLoad, LoadQuestion } from '#alerts/decide/reader-load.ts';
import type { Sql } from '#store/host/database.ts';
import { type Part, statementOf } from '#store/host/parts.ts';

export interface LoadRow {
  readonly raised_last_hour: Record<string, number>;
  readonly interruptive_by_role: Record<string, number>;
  readonly patients: number;
}

/** Name of the turn in which one decision after the other counts and raises. */
export const ALERT_DECISION = 'alert decision';

/** Rule ids hold no colon; a dedup key begins with one. An assessed person and a filmed one with the same patient ID are one. */
const LOAD = `load as (select
  (select coalesce(jsonb_object_agg(rule, n), '{}') from (
     select split_part(dedup_key, ':', 1) as rule, count(*)::int as n from alert
     where facility_id = $1 and not suppressed and created_at > $2 and created_at <= $4 group by rule) counted)
    as raised_last_hour,
  (select coalesce(jsonb_object_agg(role, n), '{}') from (
     select role, count(*)::int as n from alert, jsonb_array_elements_text(record->'audience'->'roles') as role
     where facility_id = $1 and not suppressed and created_at > $3 and created_at <= $4 and severity = any($5)
     group by role) counted)
    as interruptive_by_role,
  (select count(*)::int from (
     select patient_key from study where facility_id = $1 and received_at > $3 and received_at <= $4
     union
     select 'id:' || patient_id from assessment where facility_id = $1 and assessed_at > $3 and assessed_at <= $4)
     as person)
    as patients)`;

/** `load`: one row. */
export const loadPart = (facilityId: string, { hourStart, windowStart, now, interruptive }: LoadQuestion): Part => ({
  name: 'load',
  text: LOAD,
  values: [facilityId, hourStart, windowStart, now, [...interruptive]],
});

export const toLoad = (row: Partial<LoadRow> | undefined): AlertLoad => ({
  raisedLastHour: row?.raised_last_hour ?? {},
  interruptiveByRole: row?.interruptive_by_role ?? {},
  patients: row?.patients ?? 0,
});

/** `sql`: of the facility, or the transaction that decides. */
export async function countLoad(sql: Sql, facilityId: string, question: LoadQuestion): Promise<AlertLoad> {
  const { statement, values } = statementOf([loadPart(facilityId, question)], 'select * from load');
  const [row] = await sql.query<LoadRow>(statement, values);
  return toLoad(row);
}
