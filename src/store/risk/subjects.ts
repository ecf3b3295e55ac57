// Persons of whom a risk was told, with what the doors stated of them, and which of them are to be judged again because a stored result
// changed. A person becomes due in the transaction of the change, so that a crash in between loses no person.
import type { DuePerson, RiskSubject } from '#kernel/risk-subject.ts';
import type { PatientFacts } from '#kernel/study.ts';
import { newUuid } from '#kernel/ids.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { PreparedStatement, Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

const SUBJECT_ROOM = 'risk-subject';
const DUE_ROOM = 'risk-due';

export interface RiskSubjects {
  /** What a door states replaces what it stated before. */
  keep(patientCode: string, door: string, subject: RiskSubject): Promise<void>;
  due(limit: number): Promise<readonly DuePerson[]>;
  judged(person: Pick<DuePerson, 'patientCode' | 'mark'>): Promise<void>;
}

/** Only persons of whom a risk was told. */
export async function markDue(
  tx: Transaction,
  { facilityId, clock }: Tenancy,
  patientCodes: readonly string[],
): Promise<void> {
  if (patientCodes.length === 0) return;
  await tx.query(
    `insert into record (facility_id, room, key, value, updated_at)
     select facility_id, '${DUE_ROOM}', key, jsonb_build_object('mark', $3::text), $4::timestamptz from record
     where facility_id = $1 and room = '${SUBJECT_ROOM}' and key = any($2)
     on conflict (facility_id, room, key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    [facilityId, [...new Set(patientCodes.map(storableText))], newUuid(), clock.now()],
  );
}

const SEXES: Readonly<Record<string, RiskSubject['sex']>> = { M: 'male', F: 'female' };

/** What the hospital's master index says of a person holds from now on, and their risks are judged with it. */
export async function correctSubject(
  tx: Transaction,
  scope: Tenancy,
  { id, birthDate, sex }: PatientFacts & { readonly id: string },
): Promise<void> {
  const known = sex === undefined ? undefined : SEXES[sex];
  if (birthDate === undefined && known === undefined) return;
  const now = scope.clock.now();
  const subject: RiskSubject = {
    ...(known === undefined ? {} : { sex: known }),
    ...(birthDate === undefined ? {} : { birthDate }),
    conditions: [],
  };
  await tx.query(
    `update record set value = value || $3::jsonb, updated_at = $4
     where facility_id = $1 and room = '${SUBJECT_ROOM}' and key = $2`,
    [scope.facilityId, storableText(id), canonicalJson({ person: { subject, at: now.toISOString() } }), now],
  );
  await markDue(tx, scope, [id]);
}

/** Two records of one person are one: what was stated under either number holds, under the one that is left. */
export async function moveSubject(tx: Transaction, scope: Tenancy, prior: string, id: string): Promise<void> {
  const [from, to] = [storableText(prior), storableText(id)];
  await tx.query(
    `insert into record (facility_id, room, key, value, updated_at)
     select facility_id, room, $3::text, value, updated_at from record
     where facility_id = $1 and room = '${SUBJECT_ROOM}' and key = $2
     on conflict (facility_id, room, key) do update set value = excluded.value || record.value`,
    [scope.facilityId, from, to],
  );
  await tx.query(
    `delete from record where facility_id = $1 and room in ('${SUBJECT_ROOM}', '${DUE_ROOM}') and key = $2`,
    [scope.facilityId, from],
  );
  await markDue(tx, scope, [id]);
}

interface DueRow {
  readonly key: string;
  readonly mark: string;
  readonly stated: Readonly<Record<string, { readonly subject: RiskSubject; readonly at: string }>> | null;
}

const KEEP: PreparedStatement = {
  name: 'risk-subject-keep',
  text: `insert into record (facility_id, room, key, value, updated_at) values ($1, '${SUBJECT_ROOM}', $2, $3, $4)
    on conflict (facility_id, room, key) do update set value = record.value || excluded.value, updated_at = excluded.updated_at`,
};

export function openRiskSubjects(scope: Tenancy): RiskSubjects {
  const { facilityId, sql, clock } = scope;
  return {
    async keep(patientCode, door, subject) {
      const now = clock.now();
      const stated = canonicalJson({ [door]: { subject, at: now.toISOString() } });
      await sql.query(KEEP, [facilityId, storableText(patientCode), stated, now]);
    },
    async due(limit) {
      const rows = await sql.query<DueRow>(
        `select d.key, d.value->>'mark' as mark, s.value as stated from record d
         left join record s on s.facility_id = d.facility_id and s.room = '${SUBJECT_ROOM}' and s.key = d.key
         where d.facility_id = $1 and d.room = '${DUE_ROOM}' order by d.updated_at, d.key limit $2`,
        [facilityId, limit],
      );
      return rows.map(({ key, mark, stated }) => ({
        patientCode: key,
        mark,
        statedBy: Object.values(stated ?? {})
          .toSorted((a, b) => (a.at < b.at ? -1 : 1))
          .map(({ subject }) => subject),
      }));
    },
    async judged({ patientCode, mark }) {
      await scope.transaction((tx) =>
        tx.query(
          `delete from record where facility_id = $1 and room = '${DUE_ROOM}' and key = $2 and value->>'mark' = $3`,
          [facilityId, storableText(patientCode), mark],
        ),
      );
    },
  };
}
