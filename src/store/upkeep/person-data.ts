// All that is stored of one person: to be handed over, or to be erased. Both work from one list of tables, so what is erased is what is shown.
import { createHash } from 'node:crypto';
import { appendAudit } from '#store/audit/audit.ts';
import type { Sql, Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { storeErrors } from '#store/errors.ts';
import { ALIAS_ROOM, survivorsOf } from '#store/study/person-alias.ts';
import { ORDER_ROOM, PERSON_ROOM } from '#kernel/hospital-order.ts';
import { storableText } from '#store/host/canonical.ts';

export interface PersonTable {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface PersonExport {
  /** The number that holds now, and those that were given up for it in merges. */
  readonly patientCodes: readonly string[];
  readonly tables: readonly PersonTable[];
  /** SHA-256 of the films, notes and heatmaps, in the blob store. */
  readonly blobs: readonly string[];
}

export interface Erased {
  readonly rows: number;
  /** No other row names these any more: their files may be deleted. */
  readonly blobs: readonly string[];
}

export interface PersonData {
  /** Throws CareError `store.not-found` where nothing is stored under this number. */
  export(patientCode: string): Promise<PersonExport>;
  /** All or nothing. Throws CareError `store.not-found`, `store.on-hold` where a legal hold is on the person. */
  erase(patientCode: string, options: { readonly actor: string; readonly reason: string }): Promise<Erased>;
  /** A hold forbids erasure until it is released. */
  hold(patientCode: string, options: { readonly actor: string; readonly reason: string }): Promise<void>;
  release(patientCode: string, options: { readonly actor: string; readonly reason: string }): Promise<void>;
}

const HOLD_ROOM = 'legal-hold';

/** Messages name the person by number (perhaps with a receiver behind it), by the key of the person, or by the study. */
const NAMED_BY_ORDER_KEY = (column: string): string =>
  `split_part(${column}, ' ', 1) = any($2) or ${column} = any($3)
   or starts_with(${column}, 'id:') and split_part(substr(${column}, 4), ' ', 1) = any($2)`;

const RECORDS = `(room in ('${PERSON_ROOM}', '${ALIAS_ROOM}', 'risk-subject', 'risk-due') and key = any($2))
  or (room = '${ORDER_ROOM}' and key = any($7)) or key = any($4) or key = any($5)
  or value->>'patientId' = any($2) or value->>'patientCode' = any($2) or value->>'studyUid' = any($3)
  or value->>'alertId' = any($5) or ${NAMED_BY_ORDER_KEY("value->>'orderKey'")}`;

/** $1 facility, $2 patient codes, $3 studies, $4 readings, $5 alerts, $6 assessments, $7 accession numbers. In an order in which rows can go. */
const TABLES: readonly (readonly [table: string, where: string])[] = [
  ['study_label', 'study_uid = any($3) or alert_id = any($5::uuid[])'],
  ['alert_event', 'alert_id = any($5::uuid[])'],
  ['silence', 'source_id = any($4::uuid[]) or source_id = any($6::uuid[])'],
  ['alert', 'id = any($5::uuid[])'],
  ['silent_reading', 'beside = any($4::uuid[])'],
  ['embedding', 'reading_id = any($4::uuid[])'],
  ['heatmap', 'reading_id = any($4::uuid[])'],
  ['finding', 'reading_id = any($4::uuid[])'],
  ['reading', 'id = any($4::uuid[])'],
  [
    'rejection',
    'note_uid in (select note_uid from rejection_note n where n.facility_id = $1 and n.study_uid = any($3))',
  ],
  ['rejection_note', 'study_uid = any($3)'],
  [
    'instance_version',
    'sop_instance_uid in (select sop_instance_uid from instance i where i.facility_id = $1 and i.study_uid = any($3))',
  ],
  ['instance', 'study_uid = any($3)'],
  ['job', 'key = any($3)'],
  ['study', 'study_uid = any($3)'],
  ['assessment', 'id = any($6::uuid[])'],
  ['measurement', 'patient_id = any($2)'],
  ['report', 'patient_id = any($2)'],
  ['outbox', `${NAMED_BY_ORDER_KEY('order_key')} or body->>'alertId' = any($5)`],
  ['record', RECORDS],
];

/** The tables that hold data of persons. */
export const PERSON_TABLES: readonly string[] = TABLES.map(([table]) => table);

/** Ids that stand in the audit trail, by table. */
const COMMITTED = ['reading', 'alert', 'assessment'] as const;

type Parameters = readonly [
  string,
  readonly string[],
  readonly string[],
  readonly string[],
  readonly string[],
  readonly string[],
  readonly string[],
];

async function textsOf(sql: Pick<Sql, 'query'>, text: string, values: readonly unknown[]): Promise<readonly string[]> {
  return (await sql.query<{ value: string }>(text, values)).map(({ value }) => value);
}

async function parametersOf(sql: Pick<Sql, 'query'>, scope: Tenancy, given: string): Promise<Parameters> {
  const { facilityId } = scope;
  const code = (await survivorsOf(sql, scope, [given]))(storableText(given));
  const aliases = await textsOf(
    sql,
    `select key as value from record where facility_id = $1 and room = '${ALIAS_ROOM}' and value->>'to' = $2`,
    [facilityId, code],
  );
  const codes = [code, ...aliases];
  const studies = await textsOf(
    sql,
    'select study_uid as value from study where facility_id = $1 and patient_id = any($2) order by 1',
    [facilityId, codes],
  );
  const readings = await textsOf(
    sql,
    'select id::text as value from reading where facility_id = $1 and study_uid = any($2)',
    [facilityId, studies],
  );
  const alerts = await textsOf(
    sql,
    'select id::text as value from alert where facility_id = $1 and (patient_code = any($2) or study_uid = any($3))',
    [facilityId, codes, studies],
  );
  const assessments = await textsOf(
    sql,
    'select id::text as value from assessment where facility_id = $1 and patient_id = any($2)',
    [facilityId, codes],
  );
  const accessions = await textsOf(
    sql,
    `select accession_number as value from study
     where facility_id = $1 and study_uid = any($2) and accession_number is not null`,
    [facilityId, studies],
  );
  return [facilityId, codes, studies, readings, alerts, assessments, accessions];
}

/** Each statement is given the parameters that it names, renumbered: PostgreSQL refuses one that a statement does not use. */
function bound(text: string, parameters: Parameters): { readonly text: string; readonly values: readonly unknown[] } {
  const used = [...new Set(text.match(/\$\d/g) ?? [])];
  return {
    text: text.replaceAll(/\$\d/g, (place) => `$${used.indexOf(place) + 1}`),
    values: used.map((place) => parameters[Number(place.slice(1)) - 1]),
  };
}

function statement(verb: string, where: string, parameters: Parameters) {
  return bound(`${verb} where facility_id = $1 and (${where})`, parameters);
}

async function blobsOf(sql: Pick<Sql, 'query'>, parameters: Parameters): Promise<readonly string[]> {
  const { text, values } = bound(
    `select distinct sha256 as value from (
       select sha256 from instance where facility_id = $1 and study_uid = any($3)
       union all select v.sha256 from instance_version v join instance i using (facility_id, sop_instance_uid)
         where v.facility_id = $1 and i.study_uid = any($3)
       union all select sha256 from rejection_note where facility_id = $1 and study_uid = any($3)
       union all select sha256 from heatmap where facility_id = $1 and reading_id = any($4::uuid[])
       union all select jsonb_path_query(value, '$.objects[*].sha256') #>> '{}' from record
         where facility_id = $1 and key = any($4::uuid[]::text[])) named`,
    parameters,
  );
  return textsOf(sql, text, values);
}

/** Of these, the ones that no row of any facility names. */
const unnamed = (tx: Transaction, blobs: readonly string[]): Promise<readonly string[]> =>
  textsOf(
    tx,
    `select value from unnest($1::text[]) as given (value) where not exists (select 1 from instance where sha256 = value)
       and not exists (select 1 from instance_version where sha256 = value)
       and not exists (select 1 from rejection_note where sha256 = value)
       and not exists (select 1 from heatmap where sha256 = value)`,
    [blobs],
  );

/** The audit trail speaks of an erased person by this alone. */
const pseudonymOf = (code: string): string => createHash('sha256').update(code).digest('hex').slice(0, 32);

export function openPersonData(scope: Tenancy): PersonData {
  const { facilityId, clock } = scope;

  async function tablesOf(sql: Pick<Sql, 'query'>, parameters: Parameters): Promise<readonly PersonTable[]> {
    const tables: PersonTable[] = [];
    for (const [table, where] of TABLES) {
      const { text, values } = statement(`select to_jsonb(${table}) as row from ${table}`, where, parameters);
      const rows = await sql.query<{ row: Record<string, unknown> }>(text, values);
      if (rows.length > 0) tables.push({ table, rows: rows.map(({ row }) => row) });
    }
    if (tables.length === 0) throw storeErrors.error('not-found', { field: 'patientCode' });
    return tables;
  }

  const audited = (
    tx: Transaction,
    action: string,
    code: string,
    { actor, reason, ...detail }: { readonly actor: string; readonly reason: string; readonly [key: string]: unknown },
  ) =>
    appendAudit(tx, scope, [
      { actor, action, subjectType: 'person', subjectId: pseudonymOf(code), detail: { reason, ...detail } },
    ]);

  return {
    async export(patientCode) {
      const parameters = await parametersOf(scope.sql, scope, patientCode);
      const tables = await tablesOf(scope.sql, parameters);
      return { patientCodes: parameters[1], tables, blobs: await blobsOf(scope.sql, parameters) };
    },

    erase: (patientCode, { actor, reason }) =>
      scope.transaction(async (tx) => {
        const parameters = await parametersOf(tx, scope, patientCode);
        const [, codes] = parameters;
        const held = await textsOf(
          tx,
          `select key as value from record where facility_id = $1 and room = '${HOLD_ROOM}' and key = any($2)`,
          [facilityId, codes],
        );
        if (held.length > 0) throw storeErrors.error('on-hold', { field: 'patientCode' });
        const tables = await tablesOf(tx, parameters);
        const blobs = await blobsOf(tx, parameters);
        await tx.query(`select set_config('haidang.erasing', 'on', true)`);
        for (const [table, where] of TABLES) {
          const { text, values } = statement(`delete from ${table}`, where, parameters);
          await tx.query(text, values);
        }
        await tx.query(`select set_config('haidang.erasing', 'off', true)`);
        const ids = COMMITTED.flatMap((name) => tables.find(({ table }) => table === name)?.rows ?? []);
        await audited(tx, 'person.erased', patientCode, { actor, reason, erased: ids.map(({ id }) => id) });
        const rows = tables.reduce((total, table) => total + table.rows.length, 0);
        return { rows, blobs: await unnamed(tx, blobs) };
      }),

    hold: (patientCode, why) =>
      scope.transaction(async (tx) => {
        await tx.query(
          `insert into record (facility_id, room, key, value, updated_at) values ($1, '${HOLD_ROOM}', $2, '{}', $3)
           on conflict (facility_id, room, key) do nothing`,
          [facilityId, storableText(patientCode), clock.now()],
        );
        await audited(tx, 'person.held', patientCode, why);
      }),

    release: (patientCode, why) =>
      scope.transaction(async (tx) => {
        await tx.query(`delete from record where facility_id = $1 and room = '${HOLD_ROOM}' and key = $2`, [
          facilityId,
          storableText(patientCode),
        ]);
        await audited(tx, 'person.released', patientCode, why);
      }),
  };
}
