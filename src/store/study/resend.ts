// A file that takes the place of another with the same pixels: the study follows the fields in which the two differ, and no others, so
// that what a hospital's message corrected meanwhile stands.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { Resend } from '#kernel/acceptance.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { type Corrections, correctStudy } from './correct-study.ts';
import type { TellChange } from './study-change.ts';
import type { InstanceRow } from './study-row.ts';

/** What the newer file says in another way. A field that it leaves out is no correction. */
function correctionsOf(before: IncomingInstance, after: IncomingInstance): Corrections {
  const facts = (instance: IncomingInstance) => ({
    patientId: instance.patient.id,
    patientName: instance.patient.name,
    patientBirthDate: instance.patient.birthDate,
    patientSex: instance.patient.sex,
    accessionNumber: instance.accessionNumber,
    treatmentCode: instance.treatmentCode,
    studyTime: instance.studyTime,
    modality: instance.modality,
    description: instance.description,
    ageYears: instance.ageYears,
  });
  const earlier = new Map<string, string | number | undefined>(Object.entries(facts(before)));
  const isOther = after.patient.id !== undefined && after.patient.id !== before.patient.id;
  return Object.fromEntries(
    Object.entries(facts(after)).filter(
      ([field, value]) =>
        value !== undefined && (value !== earlier.get(field) || (isOther && field.startsWith('patient'))),
    ),
  );
}

export interface TakenResend {
  /** Whether the newer file is the one that is stored now. */
  readonly replaced: boolean;
  /** The study is to be read again. */
  readonly reads: boolean;
  readonly audit: readonly AuditEntry[];
}

/** The row of the instance is held by this transaction, and its file is `resend.replaces`. */
export async function takeResend(
  tx: Transaction,
  scope: Tenancy,
  instance: IncomingInstance,
  { resend, actor, tell }: { readonly resend: Resend; readonly actor: string; readonly tell: TellChange },
): Promise<TakenResend> {
  const { facilityId } = scope;
  const { sopInstanceUid, studyUid, blob } = instance;
  const { picture, reads, replaces, before } = resend;
  const place = [facilityId, sopInstanceUid];
  await tx.query(
    'update instance set pixels_sha256 = $3, shown_sha256 = $4 where facility_id = $1 and sop_instance_uid = $2',
    [...place, picture.pixels, picture.shown],
  );
  if (reads === 'same') return { replaced: false, reads: false, audit: [] };
  const [old] = await tx.query<InstanceRow>(
    `with old as (select * from instance where facility_id = $1 and sop_instance_uid = $2),
       kept as (
         insert into instance_version (facility_id, sop_instance_uid, sha256, bytes, record, replaced_at)
         select facility_id, sop_instance_uid, sha256, bytes, record, $3 from old)
     select record, received_at from old`,
    [...place, scope.clock.now()],
  );
  const { patient: _, ...record } = instance;
  // A reading names the file that it was made from: one that would be the same keeps that name.
  const readAs = reads === 'corrected' ? { readAs: old?.record.readAs ?? replaces } : {};
  await tx.query(
    'update instance set sha256 = $3, bytes = $4, record = $5 where facility_id = $1 and sop_instance_uid = $2',
    [...place, blob.sha256, blob.bytes, canonicalJson({ ...record, ...readAs })],
  );
  if (reads === 'other')
    await tx.query('update study set facts_revision = facts_revision + 1 where facility_id = $1 and study_uid = $2', [
      facilityId,
      studyUid,
    ]);
  const audit = await correctStudy(tx, scope, { studyUid, corrections: correctionsOf(before, instance), actor, tell });
  return {
    replaced: true,
    reads: reads === 'other',
    audit: [
      {
        actor,
        action: 'instance.corrected',
        subjectType: 'instance',
        subjectId: sopInstanceUid,
        detail: { studyUid, before: replaces, after: blob.sha256, bytes: blob.bytes },
      },
      ...audit,
    ],
  };
}
