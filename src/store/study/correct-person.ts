// Correction of a known person by a hospital's message: corrected facts, or the number that two records share from now on.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { PersonNews } from '#kernel/incoming-message.ts';
import { ORDER_ROOM } from '#kernel/hospital-order.ts';
import { derivedUuid } from '#kernel/ids.ts';
import type { AlertRow } from '#store/alert/alert-rows.ts';
import { moveAlerts } from '#store/alert/move-alerts.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import { correctSubject, moveSubject } from '#store/risk/subjects.ts';
import { correctStudy, type Corrections } from './correct-study.ts';
import { keepAlias } from './person-alias.ts';
import type { TellChange } from './study-change.ts';
import { patientKeyOf, type StudyRow } from './study-row.ts';

/** Letters, marks and separators of two systems differ where the name does not. */
const folded = (name: string | null): string =>
  (name ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .replace(/[\^\s]+/g, ' ')
    .trim()
    .toLowerCase();

function correctionsOf(row: StudyRow, { id, name, birthDate, sex }: PersonNews['person']): Corrections {
  const isOther = name !== undefined && (folded(name) !== folded(row.patient_name) || row.patient_name === null);
  return {
    patientId: id,
    patientName: isOther ? name : row.patient_name,
    patientBirthDate: birthDate?.length === 10 ? birthDate : row.patient_birth_date,
    patientSex: sex !== undefined && ['M', 'F', 'O'].includes(sex) ? sex : row.patient_sex,
    // The episode is the same one under either number.
    treatmentCode: row.treatment_code,
  };
}

/** Everything that is kept by the patient's number without a study. */
async function moveRecords(
  tx: Transaction,
  scope: Tenancy,
  { prior, id, tell }: { readonly prior: string; readonly id: string; readonly tell: TellChange },
): Promise<AuditEntry[]> {
  const { facilityId } = scope;
  const from = [facilityId, storableText(prior), storableText(id)];
  for (const table of ['measurement', 'report'])
    await tx.query(
      `update ${table} set patient_id = $3, record = jsonb_set(record, '{patientId}', to_jsonb($3::text))
       where facility_id = $1 and patient_id = $2`,
      from,
    );
  await tx.query('update assessment set patient_id = $3 where facility_id = $1 and patient_id = $2', from);
  await tx.query(
    `update record set value = jsonb_set(value, '{patientCode}', to_jsonb($3::text))
     where facility_id = $1 and room = $4 and value->>'patientCode' = $2`,
    [...from, ORDER_ROOM],
  );
  const rows = await tx.query<AlertRow>(
    `select record, status from alert where facility_id = $1 and patient_code = $2 and study_uid is null
       and superseded_by is null order by sequence for update`,
    [facilityId, storableText(prior)],
  );
  const { audit, ended, raised } = await moveAlerts(tx, scope, {
    rows,
    subjectOf: ({ subject }) => ({ ...subject, patientCode: id }),
  });
  const change = derivedUuid('person-change', facilityId, prior, id, scope.clock.now().toISOString());
  await insertOutbox(tx, scope, tell({ id: change, ended, raised }));
  await moveSubject(tx, scope, prior, id);
  await keepAlias(tx, scope, prior, id);
  return [...audit];
}

/** The audit entries are for the caller to append, last. */
export async function correctPerson(
  tx: Transaction,
  scope: Tenancy,
  news: PersonNews,
  { actor, tell }: { readonly actor: string; readonly tell: TellChange },
): Promise<AuditEntry[]> {
  const { person, prior } = news;
  const audit: AuditEntry[] = [];
  if (prior !== undefined && prior !== person.id) {
    audit.push(...(await moveRecords(tx, scope, { prior, id: person.id, tell })));
  }
  await correctSubject(tx, scope, person);
  const rows = await tx.query<StudyRow>(
    'select * from study where facility_id = $1 and patient_key = $2 order by study_uid for update',
    [scope.facilityId, patientKeyOf({ id: prior ?? person.id }, '')],
  );
  for (const row of rows) {
    const corrections = correctionsOf(row, person);
    audit.push(...(await correctStudy(tx, scope, { studyUid: row.study_uid, corrections, actor, tell })));
  }
  return audit;
}
