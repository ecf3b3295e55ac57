// A row of the study table → the study, and who counts as one person.
import type { StoredStudy } from '#kernel/stored-study.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { PatientFacts } from '#kernel/study.ts';
import { storableText } from '#store/host/canonical.ts';
import { optional } from '#store/host/tenancy.ts';

/** A study without a patient ID is joined with no other: it counts as a person of its own. */
export const patientKeyOf = (patient: PatientFacts, studyUid: string): string =>
  patient.id === undefined ? `study:${studyUid}` : `id:${storableText(patient.id)}`;

/** A patient code, or the key of a study that came without one. */
export const patientKeysOf = (patients: readonly string[] | undefined): readonly string[] | undefined =>
  patients?.flatMap((code) => [patientKeyOf({ id: code }, ''), storableText(code)]);

export interface StudyRow {
  readonly study_uid: string;
  readonly patient_key: string;
  readonly patient_id: string | null;
  readonly patient_name: string | null;
  readonly patient_birth_date: string | null;
  readonly patient_sex: string | null;
  readonly accession_number: string | null;
  readonly treatment_code: string | null;
  readonly study_time: string | null;
  readonly modality: string | null;
  readonly description: string | null;
  readonly age_years: number | null;
  readonly not_for_clinical_use: boolean;
  readonly received_at: Date;
  readonly last_instance_at: Date;
  readonly opened_at: Date | null;
  readonly closed_at: Date | null;
  readonly facts_revision: number;
  readonly fetched_at: Date | null;
}

const patientOf = (row: StudyRow): PatientFacts => ({
  ...optional('id', row.patient_id),
  ...optional('name', row.patient_name),
  ...optional('birthDate', row.patient_birth_date),
  ...optional('sex', row.patient_sex),
});

export const toStudy = (row: StudyRow): Omit<StoredStudy, 'instances'> => ({
  factsRevision: row.facts_revision,
  studyUid: row.study_uid,
  patient: patientOf(row),
  patientKey: row.patient_key,
  ...optional('accessionNumber', row.accession_number),
  ...optional('treatmentCode', row.treatment_code),
  ...optional('studyTime', row.study_time),
  ...optional('modality', row.modality),
  ...optional('description', row.description),
  ...optional('ageYears', row.age_years),
  notForClinicalUse: row.not_for_clinical_use,
  receivedAt: row.received_at.toISOString(),
  lastInstanceAt: row.last_instance_at.toISOString(),
  ...optional('fetchedAt', row.fetched_at?.toISOString()),
  ...optional('openedAt', row.opened_at?.toISOString()),
  ...optional('closedAt', row.closed_at?.toISOString()),
});

export interface InstanceRow {
  readonly record: Omit<IncomingInstance, 'patient'>;
  readonly received_at: Date;
}

/** A column for a select from `study s`: its images, oldest first. */
export const INSTANCES = `(
  select jsonb_agg(jsonb_build_object('record', i.record, 'receivedAt', i.received_at) order by i.received_at, i.sop_instance_uid)
  from instance i where i.facility_id = s.facility_id and i.study_uid = s.study_uid and i.withdrawn_at is null) as instances`;

export interface WithInstancesRow extends StudyRow {
  readonly instances: readonly { readonly record: InstanceRow['record']; readonly receivedAt: string }[] | null;
}

export function toWholeStudy(row: WithInstancesRow): StoredStudy {
  const bare = toStudy(row);
  const { patient } = bare;
  const instances = (row.instances ?? []).map(({ record, receivedAt }) => ({
    ...record,
    patient,
    receivedAt: new Date(receivedAt).toISOString(),
  }));
  return { ...bare, instances };
}
