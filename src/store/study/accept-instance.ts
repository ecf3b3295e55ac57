// An instance is checked against what is there, then stored with its study, its job and its audit entry; one that is there already, and
// comes in another file with the same pixels, corrects what the file before it said.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { AcceptedInstance, AcceptOptions } from '#kernel/acceptance.ts';
import { type Completeness, missingViews } from '#kernel/completeness.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { storeErrors } from '#store/errors.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { PreparedStatement, Transaction } from '#store/host/database.ts';
import type { Part } from '#store/host/parts.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { enqueuePart, READ_STUDY } from '#store/queue/job-writes.ts';
import { RANK } from '#store/queue/rank.ts';
import { FILLED_BY_HOSPITAL } from './hospital-facts.ts';
import { takeResend } from './resend.ts';
import { survivorsOf } from './person-alias.ts';
import type { TellChange } from './study-change.ts';
import { type RejectionRecord, withdrawImages } from './withdraw-images.ts';
import { patientKeyOf } from './study-row.ts';

type Rejected = RejectionRecord & { readonly noteUid: string };

/** The gravest note about a row of `instance`, as JSON. */
const NOTE = `(select n.record || jsonb_build_object('noteUid', n.note_uid) from rejection r
  join rejection_note n using (facility_id, note_uid)
  where r.facility_id = instance.facility_id and r.sop_instance_uid = instance.sop_instance_uid
  order by n.record->'wrong' desc, n.sequence desc limit 1)`;

interface StoredFile {
  readonly sha256: string;
  readonly study_uid: string;
  readonly withdrawn: boolean;
}

const known = (instance: IncomingInstance): AcceptedInstance => ({
  status: 'duplicate',
  sopInstanceUid: instance.sopInstanceUid,
  studyUid: instance.studyUid,
});

const text = (value: string | undefined): string | null => (value === undefined ? null : storableText(value));

async function storedFile(
  tx: Transaction,
  scope: Tenancy,
  instance: IncomingInstance,
): Promise<StoredFile | undefined> {
  const [row] = await tx.query<StoredFile>(
    `select sha256, study_uid, withdrawn_at is not null as withdrawn from instance
     where facility_id = $1 and sop_instance_uid = $2 for update`,
    [scope.facilityId, instance.sopInstanceUid],
  );
  return row;
}

interface HeldStudy {
  readonly patient_key: string;
  readonly fetched_at: Date | null;
  /** An image of this UID was stored before the study was asked for; one that is stored while it is waited for is met at its key. */
  readonly is_stored: boolean;
}

/** Makes the study, or takes it for this transaction. Parts that an earlier instance lacked are filled in, none is changed. */
async function holdStudy(
  tx: Transaction,
  scope: Tenancy,
  instance: IncomingInstance,
  { fetched }: AcceptOptions,
): Promise<HeldStudy | undefined> {
  const { patient } = instance;
  const [row] = await tx.query<HeldStudy>(
    {
      name: 'study-hold',
      text: `insert into study (facility_id, study_uid, patient_key, patient_id, patient_name, patient_birth_date, patient_sex,
       accession_number, treatment_code, study_time, modality, description, age_years, not_for_clinical_use,
       received_at, last_instance_at, fetched_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16)
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
     returning patient_key, fetched_at,
       exists (select 1 from instance i where i.facility_id = $1 and i.sop_instance_uid = $17) as is_stored`,
    },
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
      fetched === true ? scope.clock.now() : null,
      instance.sopInstanceUid,
    ],
  );
  return row;
}

/** Somebody sends a study that was only compared with: from now on it is read and told like any other. */
async function makeOwn(tx: Transaction, scope: Tenancy, { studyUid }: IncomingInstance): Promise<void> {
  await tx.query(
    `update study set fetched_at = null, closed_at = null, facts_revision = facts_revision + 1
     where facility_id = $1 and study_uid = $2`,
    [scope.facilityId, studyUid],
  );
}

/** A study that was closed comes back: nobody has seen this image yet. One that was fetched stays off the worklist. */
const INSERT: PreparedStatement = {
  name: 'instance-insert',
  text: `with arrived as (
      update study s set last_instance_at = $7, closed_at = s.fetched_at, ${FILLED_BY_HOSPITAL}
      where s.facility_id = $1 and s.study_uid = $3)
    insert into instance (facility_id, sop_instance_uid, study_uid, sha256, bytes, record, received_at)
    values ($1, $2, $3, $4, $5, $6, $7) returning ${NOTE} as note`,
};

/** A note that came before it, if there is one. */
async function insertInstance(
  tx: Transaction,
  scope: Tenancy,
  instance: IncomingInstance,
): Promise<Rejected | undefined> {
  const { patient: _, ...record } = instance;
  const { sopInstanceUid, studyUid, blob } = instance;
  const now = scope.clock.now();
  const [row] = await tx.query<{ note: Rejected | null }>(INSERT, [
    scope.facilityId,
    sopInstanceUid,
    studyUid,
    blob.sha256,
    blob.bytes,
    canonicalJson(record),
    now,
  ]);
  return row?.note ?? undefined;
}

/** An image that was deleted after its retention period comes in again like a new one; one that was withdrawn as wrong stays withdrawn. */
async function restore(
  tx: Transaction,
  scope: Tenancy,
  { sopInstanceUid, studyUid }: IncomingInstance,
  { actor, accepted }: { readonly actor: string; readonly accepted: AcceptedInstance },
): Promise<Taken> {
  const [row] = await tx.query<{ note: Rejected | null }>(
    `select ${NOTE} as note from instance where facility_id = $1 and sop_instance_uid = $2`,
    [scope.facilityId, sopInstanceUid],
  );
  if (row?.note?.wrong !== false) return { accepted, reads: false, keeps: false, audit: [] };
  await tx.query('update instance set withdrawn_at = null where facility_id = $1 and sop_instance_uid = $2', [
    scope.facilityId,
    sopInstanceUid,
  ]);
  await tx.query('update study set facts_revision = facts_revision + 1 where facility_id = $1 and study_uid = $2', [
    scope.facilityId,
    studyUid,
  ]);
  const entry = { actor, action: 'instance.restored', subjectType: 'instance', subjectId: sopInstanceUid };
  return { accepted, reads: true, keeps: false, audit: [{ ...entry, detail: { studyUid, note: row.note.noteUid } }] };
}

interface Taken {
  readonly accepted: AcceptedInstance;
  /** Read the study (again). */
  readonly reads: boolean;
  /** Keep the bytes. */
  readonly keeps: boolean;
  readonly audit: readonly AuditEntry[];
}

interface AcceptTo {
  readonly options: AcceptOptions;
  readonly tell: TellChange;
}

/** Throws CareError `store.conflicting-instance`, `store.conflicting-study`. */
async function take(tx: Transaction, scope: Tenancy, instance: IncomingInstance, to: AcceptTo): Promise<Taken> {
  const { actor, resend } = to.options;
  const nothingNew = { accepted: known(instance), reads: false, keeps: false, audit: [] };
  if (resend !== undefined) {
    // The row of the study is the gate: whatever arrives at the same moment for one study goes through one after the other.
    await tx.query('select 1 from study where facility_id = $1 and study_uid = $2 for update', [
      scope.facilityId,
      instance.studyUid,
    ]);
    const file = await storedFile(tx, scope, instance);
    if (file?.sha256 === instance.blob.sha256) return nothingNew;
    if (file?.sha256 !== resend.replaces || file.study_uid !== instance.studyUid)
      throw storeErrors.error('conflicting-instance', { field: 'SOPInstanceUID' });
    const before = await underSurvivor(tx, scope, resend.before);
    const { replaced, reads, audit } = await takeResend(tx, scope, instance, {
      resend: { ...resend, before },
      actor,
      tell: to.tell,
    });
    const accepted = known(instance);
    if (!file.withdrawn) return { accepted, reads, keeps: replaced, audit };
    const back = await restore(tx, scope, instance, { actor, accepted });
    return { ...back, keeps: replaced, audit: [...audit, ...back.audit] };
  }
  const held = await holdStudy(tx, scope, instance, to.options);
  const comes = held?.fetched_at != null && to.options.fetched !== true;
  if (comes) await makeOwn(tx, scope, instance);
  const file = held?.is_stored === true ? await storedFile(tx, scope, instance) : undefined;
  if (file !== undefined) {
    if (file.sha256 === instance.blob.sha256 && file.study_uid === instance.studyUid)
      return file.withdrawn
        ? restore(tx, scope, instance, { actor, accepted: known(instance) })
        : { ...nothingNew, reads: comes };
    throw storeErrors.error('conflicting-instance', { field: 'SOPInstanceUID' });
  }
  if (instance.patient.id !== undefined && held?.patient_key !== patientKeyOf(instance.patient, instance.studyUid))
    throw storeErrors.error('conflicting-study', { field: 'PatientID' });
  // The disk works while the database does; the audit's chain is taken after both, since others wait for it.
  const [note] = await Promise.all([insertInstance(tx, scope, instance), to.options.content?.keep()]);
  const { sopInstanceUid, studyUid, blob } = instance;
  return {
    accepted: { ...known(instance), status: 'stored' },
    reads:
      note?.wrong !== true ||
      (await withdrawImages(tx, scope, { studyUid, images: [sopInstanceUid], note, actor, tell: to.tell })),
    keeps: true,
    audit: [
      {
        actor,
        action: 'instance.accepted',
        subjectType: 'instance',
        subjectId: sopInstanceUid,
        detail: { studyUid, sha256: blob.sha256, bytes: blob.bytes },
      },
    ],
  };
}

interface Arrival {
  readonly instance: IncomingInstance;
  readonly completeness: Completeness | undefined;
}

/** Complete studies wait for the quiet time, incomplete ones longer; none longer than the rule's maximum. */
async function readiness(
  tx: Transaction,
  scope: Tenancy,
  { instance, completeness }: Arrival,
): Promise<{ readonly runAt: Date; readonly latestAfterMs?: number }> {
  const now = scope.clock.now();
  if (completeness === undefined) return { runAt: now };
  const { quietMs, maximumWaitMs, expectedViews } = completeness;
  const views =
    expectedViews.length === 0
      ? []
      : await tx.query<{ view: string | null }>(
          `select distinct record->>'view' as view from instance where facility_id = $1 and study_uid = $2`,
          [scope.facilityId, instance.studyUid],
        );
  const missing = missingViews(
    completeness,
    views.map(({ view }) => view ?? undefined),
  );
  const waitMs = missing.length === 0 ? quietMs : Math.max(quietMs, maximumWaitMs);
  return { runAt: new Date(now.getTime() + waitMs), latestAfterMs: maximumWaitMs };
}

/** An archive may know a person by a number that the hospital has given up. */
async function underSurvivor(tx: Transaction, scope: Tenancy, instance: IncomingInstance): Promise<IncomingInstance> {
  const { id } = instance.patient;
  if (id === undefined) return instance;
  const survivor = await survivorsOf(tx, scope, [id]);
  return survivor(id) === id ? instance : { ...instance, patient: { ...instance.patient, id: survivor(id) } };
}

/** One transaction, see Intake.accept. */
export async function accept(scope: Tenancy, sent: IncomingInstance, to: AcceptTo): Promise<AcceptedInstance> {
  const { facilityId, clock } = scope;
  const { completeness, content, fetched } = to.options;
  return scope.transaction(async (tx) => {
    const instance = await underSurvivor(tx, scope, sent);
    const { accepted, reads, keeps, audit } = await take(tx, scope, instance, to);
    const now = clock.now();
    const parts: Part[] = [];
    if (reads) {
      const ready = await readiness(tx, scope, { instance, completeness });
      const rank = fetched === true ? RANK.fetched : RANK.routine;
      const job = { facilityId, kind: READ_STUDY, key: instance.studyUid, payload: {}, rank, ...ready };
      parts.push(enqueuePart(job, now));
      tx.wake('jobs');
    }
    if (keeps) await content?.keep();
    await appendAudit(tx, scope, audit, parts);
    return accepted;
  });
}
