// An instance on its way in: checked against what is there, then stored with its study, its job and its audit entry.
import type { IncomingInstance } from '#kernel/instance.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';
import { FILLED_BY_HOSPITAL } from './hospital-facts.ts';
import type { StagedBlob } from '#kernel/blob.ts';
import { enqueueJob, READ_STUDY } from '#store/queue/job-writes.ts';
import type { Scope } from '#store/host/scope.ts';
import { patientKeyOf } from './study-row.ts';

export interface Accepted {
  readonly status: 'stored' | 'duplicate';
  readonly sopInstanceUid: string;
  readonly studyUid: string;
}

export interface AcceptOptions {
  /** Who sent it, for the audit, for example `upload` or an AE title. */
  readonly actor: string;
  /** Wait this long after the last instance of the study before it is read. */
  readonly settleMs?: number;
  /** Where the bytes are only staged so far: kept just before the commit, discarded where nothing new is stored. */
  readonly content?: StagedBlob;
}

const known = (instance: IncomingInstance): Accepted => ({
  status: 'duplicate',
  sopInstanceUid: instance.sopInstanceUid,
  studyUid: instance.studyUid,
});

const text = (value: string | undefined): string | null => (value === undefined ? null : storableText(value));

/** `undefined`: not there yet. Throws `store.conflicting-instance`. */
async function duplicateOf(tx: Transaction, scope: Scope, instance: IncomingInstance): Promise<Accepted | undefined> {
  const [row] = await tx.query<{ sha256: string; study_uid: string }>(
    'select sha256, study_uid from instance where facility_id = $1 and sop_instance_uid = $2',
    [scope.facilityId, instance.sopInstanceUid],
  );
  if (row === undefined) return undefined;
  if (row.sha256 !== instance.blob.sha256 || row.study_uid !== instance.studyUid) {
    throw storeErrors.error('conflicting-instance', { field: 'SOPInstanceUID' });
  }
  return known(instance);
}

/** Makes the study, or takes it for this transaction. Parts that an earlier instance lacked are filled in, none is changed. */
async function holdStudy(tx: Transaction, scope: Scope, instance: IncomingInstance): Promise<void> {
  const { patient } = instance;
  const [row] = await tx.query<{ patient_key: string }>(
    `insert into study (facility_id, study_uid, patient_key, patient_id, patient_name, patient_birth_date, patient_sex,
       accession_number, treatment_code, study_time, modality, description, age_years, not_for_clinical_use,
       received_at, last_instance_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
     on conflict (facility_id, study_uid) do update set
       patient_key = case when study.patient_id is null then excluded.patient_key else study.patient_key end,
       patient_id = coalesce(study.patient_id, excluded.patient_id),
       patient_name = coalesce(study.patient_name, excluded.patient_name),
       patient_birth_date = coalesce(study.patient_birth_date, excluded.patient_birth_date),
       patient_sex = coalesce(study.patient_sex, excluded.patient_sex),
       accession_number = coalesce(study.accession_number, excluded.accession_number),
       treatment_code = coalesce(study.treatment_code, excluded.treatment_code),
       study_time = coalesce(study.study_time, excluded.study_time),
       modality = coalesce(study.modality, excluded.modality),
       description = coalesce(study.description, excluded.description),
       age_years = coalesce(study.age_years, excluded.age_years),
       not_for_clinical_use = study.not_for_clinical_use or excluded.not_for_clinical_use
     returning patient_key`,
    [
      scope.facilityId,
      instance.studyUid,
      patientKeyOf(patient, instance.studyUid),
      text(patient.id),
      text(patient.name),
      text(patient.birthDate),
      text(patient.sex),
      text(instance.accessionNumber),
      text(instance.treatmentCode),
      text(instance.studyTime),
      text(instance.modality),
      text(instance.description),
      instance.ageYears ?? null,
      instance.notForClinicalUse,
      scope.clock.now(),
    ],
  );
  if (patient.id !== undefined && row?.patient_key !== patientKeyOf(patient, instance.studyUid)) {
    throw storeErrors.error('conflicting-study', { field: 'PatientID' });
  }
}

/** One transaction, see Intake.accept. */
export async function accept(scope: Scope, instance: IncomingInstance, options: AcceptOptions): Promise<Accepted> {
  const { facilityId, clock } = scope;
  return scope.transaction(async (tx) => {
    // The row of the study is the gate: whatever arrives at the same moment for one study goes through one after the other.
    await holdStudy(tx, scope, instance);
    const duplicate = await duplicateOf(tx, scope, instance);
    if (duplicate !== undefined) return duplicate;
    const { patient: _, ...record } = instance;
    const now = clock.now();
    await tx.query(
      `insert into instance (facility_id, sop_instance_uid, study_uid, sha256, bytes, record, received_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        facilityId,
        instance.sopInstanceUid,
        instance.studyUid,
        instance.blob.sha256,
        instance.blob.bytes,
        canonicalJson(record),
        now,
      ],
    );
    // A study that was closed comes back: nobody has seen this image yet.
    await tx.query(
      `update study s set last_instance_at = $3, closed_at = null, ${FILLED_BY_HOSPITAL}
       where s.facility_id = $1 and s.study_uid = $2`,
      [facilityId, instance.studyUid, now],
    );
    const runAt = new Date(now.getTime() + (options.settleMs ?? 0));
    await enqueueJob(tx, { facilityId, kind: READ_STUDY, key: instance.studyUid, payload: {}, runAt }, now);
    await options.content?.keep();
    await appendAudit(tx, scope, [
      {
        actor: options.actor,
        action: 'instance.accepted',
        subjectType: 'instance',
        subjectId: instance.sopInstanceUid,
        detail: { studyUid: instance.studyUid, sha256: instance.blob.sha256, bytes: instance.blob.bytes },
      },
    ]);
    return { ...known(instance), status: 'stored' };
  });
}
