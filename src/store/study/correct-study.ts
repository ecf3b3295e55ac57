// Corrected facts of a study, and all that was stored under the old ones: alerts, vectors, what receivers were told. The audit names the
// fields and holds digests of their values, no value.
import type { AlertSubject } from '#kernel/alert.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import type { KeyedStudy } from '#kernel/study.ts';
import type { AlertRow } from '#store/alert/alert-rows.ts';
import { moveAlerts } from '#store/alert/move-alerts.ts';
import { storeErrors } from '#store/errors.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import { READING_COLUMNS, type ReadingRow, toReading } from '#store/reading/reading-row.ts';
import { FILLED_BY_HOSPITAL } from './hospital-facts.ts';
import type { TellChange } from './study-change.ts';
import { patientKeyOf, type StudyRow, toStudy } from './study-row.ts';

const COLUMNS = {
  patientId: 'patient_id',
  patientName: 'patient_name',
  patientBirthDate: 'patient_birth_date',
  patientSex: 'patient_sex',
  accessionNumber: 'accession_number',
  treatmentCode: 'treatment_code',
  studyTime: 'study_time',
  modality: 'modality',
  description: 'description',
  ageYears: 'age_years',
} as const;
export type StudyField = keyof typeof COLUMNS;
type Value = string | number | null;

/** The fields that are to hold these values from now on; null: not known. */
export type Corrections = { readonly [Field in StudyField]?: Value };

/** Fields that messages of the hospital gave by patient ID or accession number: they fall when that number is corrected. */
const FOLLOWS: { readonly [Field in StudyField]?: readonly StudyField[] } = {
  patientId: ['patientName', 'patientBirthDate', 'patientSex', 'treatmentCode'],
  accessionNumber: ['treatmentCode'],
};

const FIELDS: readonly StudyField[] = [
  'patientId',
  'patientName',
  'patientBirthDate',
  'patientSex',
  'accessionNumber',
  'treatmentCode',
  'studyTime',
  'modality',
  'description',
  'ageYears',
];

const stored = (value: Value): Value => (typeof value === 'string' ? storableText(value) : value);
/** One text in two normal forms is one text. */
const isSame = (one: Value, other: Value): boolean =>
  typeof one === 'string' && typeof other === 'string' ? one.normalize() === other.normalize() : one === other;

function changesOf(row: StudyRow, corrections: Corrections): ReadonlyMap<StudyField, Value> {
  const changes = new Map<StudyField, Value>();
  for (const field of FIELDS) {
    const value = corrections[field];
    if (value !== undefined && !isSame(stored(value), row[COLUMNS[field]])) changes.set(field, stored(value));
  }
  const followers = FIELDS.flatMap((field) => (changes.has(field) ? (FOLLOWS[field] ?? []) : []));
  for (const field of followers)
    if (corrections[field] === undefined && row[COLUMNS[field]] !== null) changes.set(field, null);
  return changes;
}

async function rowOf(tx: Transaction, scope: Tenancy, studyUid: string): Promise<StudyRow> {
  const [row] = await tx.query<StudyRow>('select * from study where facility_id = $1 and study_uid = $2 for update', [
    scope.facilityId,
    studyUid,
  ]);
  if (row === undefined) throw storeErrors.error('not-found', { field: 'studyUid' });
  return row;
}

async function write(tx: Transaction, scope: Tenancy, row: StudyRow, changes: ReadonlyMap<StudyField, Value>) {
  const names = [...changes.keys()].map((field, place) => `${COLUMNS[field]} = $${place + 3}`);
  await tx.query(
    `update study set ${names.join(', ')}, facts_revision = facts_revision + 1 where facility_id = $1 and study_uid = $2`,
    [scope.facilityId, row.study_uid, ...changes.values()],
  );
  const id = changes.has('patientId') ? changes.get('patientId') : row.patient_id;
  await tx.query(
    `update study s set patient_key = $3, ${FILLED_BY_HOSPITAL} where s.facility_id = $1 and s.study_uid = $2`,
    [scope.facilityId, row.study_uid, patientKeyOf(typeof id === 'string' ? { id } : {}, row.study_uid)],
  );
}

/** Readings keep no person; the vectors of a study do, so that similar films are those of others. */
async function moveVectors(tx: Transaction, { facilityId }: Tenancy, { studyUid, patientKey }: KeyedStudy) {
  await tx.query(
    'update embedding set patient_key = $3 where facility_id = $1 and study_uid = $2 and patient_key <> $3',
    [facilityId, studyUid, patientKey],
  );
}

const subjectOf = ({ patient, patientKey, studyUid, accessionNumber, treatmentCode }: KeyedStudy): AlertSubject => ({
  patientCode: patient.id ?? patientKey,
  studyUid,
  ...optional('accessionNumber', accessionNumber),
  ...optional('treatmentCode', treatmentCode),
});

/** A short word is found by trying; with the study beside it, only study by study. */
const digest = (studyUid: string, value: Value): string | null =>
  value === null ? null : sha256Hex(`${studyUid}\0${value}`).slice(0, 16);

const digests = (row: StudyRow, fields: readonly StudyField[]) =>
  Object.fromEntries(fields.map((field) => [field, digest(row.study_uid, row[COLUMNS[field]])]));

export interface Correction {
  readonly studyUid: string;
  readonly corrections: Corrections;
  readonly actor: string;
  readonly tell: TellChange;
}

/** The audit entries are for the caller to append, last; none where nothing changes. Throws CareError `store.not-found`. */
export async function correctStudy(tx: Transaction, scope: Tenancy, correction: Correction): Promise<AuditEntry[]> {
  const { studyUid, corrections, actor, tell } = correction;
  const { facilityId } = scope;
  const row = await rowOf(tx, scope, studyUid);
  const changes = changesOf(row, corrections);
  if (changes.size === 0) return [];
  await write(tx, scope, row, changes);
  const now = await rowOf(tx, scope, studyUid);
  const [before, after] = [toStudy(row), toStudy(now)];
  await moveVectors(tx, scope, after);
  const rows = await tx.query<AlertRow>(
    `select record, status from alert where facility_id = $1 and study_uid = $2 and superseded_by is null
     order by sequence for update`,
    [facilityId, studyUid],
  );
  const { ended, raised, audit } = await moveAlerts(tx, scope, { rows, subjectOf: () => subjectOf(after) });
  const [current] = await tx.query<ReadingRow>(
    `select ${READING_COLUMNS} from reading where facility_id = $1 and study_uid = $2 and superseded_by is null
     order by sequence desc limit 1`,
    [facilityId, studyUid],
  );
  const id = derivedUuid('study-change', facilityId, studyUid, String(now.facts_revision));
  const reading = current && toReading(current);
  await insertOutbox(tx, scope, tell({ id, before, after, ...optional('reading', reading), ended, raised }));
  const fields = [...changes.keys()];
  return [
    {
      actor,
      action: 'study.corrected',
      subjectType: 'study',
      subjectId: studyUid,
      detail: { fields, before: digests(row, fields), after: digests(now, fields) },
    },
    ...audit,
  ];
}
