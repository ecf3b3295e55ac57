// What arrives: an instance and its study, once, with the job that will read it.
import type { StoredInstance, StoredStudy } from '#kernel/stored-study.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { PatientFacts } from '#kernel/study.ts';
import type { AcceptedInstance, AcceptOptions, InstanceFile } from '#kernel/acceptance.ts';
import { accept } from './accept-instance.ts';
import type { PreparedStatement } from '#store/host/database.ts';
import type { Scope } from '#store/host/scope.ts';
import { rejectImages, type RejectOptions } from './withdraw-images.ts';
import type { RejectionNote } from '#kernel/rejection.ts';
import type { TellChange } from './study-change.ts';
import { openMarks, type StudyMarks } from './study-marks.ts';
import { type InstanceRow, patientKeyOf, type StudyRow, toStudy } from './study-row.ts';

export interface Intake extends StudyMarks {
  /**
   * Idempotent on the SOP Instance UID; the instance, its study, its job and its audit entry are one transaction.
   * Throws CareError `store.conflicting-instance` for the same UID with other bytes that `resend` does not say to hold the same
   * pixels, and `store.conflicting-study` for a new image of the same study UID under another patient ID.
   */
  accept(instance: IncomingInstance, options: AcceptOptions): Promise<AcceptedInstance>;
  /** A note that withdraws images, with all that follows, in one transaction. */
  reject(note: RejectionNote, options: RejectOptions): Promise<{ readonly status: 'stored' | 'duplicate' }>;
  /** The file that is stored under this UID, for the comparison with another one. */
  file(sopInstanceUid: string): Promise<InstanceFile | undefined>;
  study(studyUid: string): Promise<StoredStudy | undefined>;
  instance(sopInstanceUid: string): Promise<StoredInstance | undefined>;
  studiesOfPatient(patientId: string): Promise<readonly StoredStudy[]>;
}

interface FileRow {
  readonly sha256: string;
  readonly bytes: number;
  readonly study_uid: string;
  readonly pixels_sha256: string | null;
  readonly shown_sha256: string | null;
}

interface StudyInstance {
  readonly record: InstanceRow['record'];
  readonly receivedAt: string;
}

/** With its images, which almost everybody who asks for a study needs. */
const STUDY: PreparedStatement = {
  name: 'study-with-instances',
  text: `select s.*, (
      select jsonb_agg(jsonb_build_object('record', i.record, 'receivedAt', i.received_at) order by i.received_at, i.sop_instance_uid)
      from instance i where i.facility_id = $1 and i.study_uid = $2 and i.withdrawn_at is null) as instances
    from study s where s.facility_id = $1 and s.study_uid = $2`,
};

export function openIntake(scope: Scope, tell: TellChange): Intake {
  const { facilityId, sql } = scope;

  async function instancesOf(studyUid: string, patient: PatientFacts): Promise<readonly StoredInstance[]> {
    const rows = await sql.query<InstanceRow>(
      {
        name: 'instances-of-study',
        text: `select record, received_at from instance
         where facility_id = $1 and study_uid = $2 and withdrawn_at is null
       order by received_at, sop_instance_uid`,
      },
      [facilityId, studyUid],
    );
    return rows.map((row) => ({ ...row.record, patient, receivedAt: row.received_at.toISOString() }));
  }

  async function withInstances(row: StudyRow): Promise<StoredStudy> {
    const bare = toStudy(row);
    return { ...bare, instances: await instancesOf(bare.studyUid, bare.patient) };
  }

  async function study(studyUid: string): Promise<StoredStudy | undefined> {
    const [row] = await sql.query<StudyRow & { instances: readonly StudyInstance[] | null }>(STUDY, [
      facilityId,
      studyUid,
    ]);
    if (row === undefined) return undefined;
    const bare = toStudy(row);
    const { patient } = bare;
    const instances = (row.instances ?? []).map(({ record, receivedAt }) => ({
      ...record,
      patient,
      receivedAt: new Date(receivedAt).toISOString(),
    }));
    return { ...bare, instances };
  }

  return {
    async accept(instance, options) {
      try {
        return await accept(scope, instance, { options, tell });
      } finally {
        await options.content?.discard();
      }
    },
    async reject(note, options) {
      try {
        return await rejectImages(scope, note, { options, tell });
      } finally {
        await options.content?.discard();
      }
    },
    async file(sopInstanceUid) {
      const [row] = await sql.query<FileRow>(
        `select sha256, bytes::float8 as bytes, study_uid, pixels_sha256, shown_sha256 from instance
         where facility_id = $1 and sop_instance_uid = $2`,
        [facilityId, sopInstanceUid],
      );
      if (row === undefined) return undefined;
      const { sha256, bytes, study_uid: studyUid, pixels_sha256: pixels, shown_sha256: shown } = row;
      return { sha256, bytes, studyUid, ...(pixels !== null && shown !== null && { picture: { pixels, shown } }) };
    },
    study,
    async instance(sopInstanceUid) {
      const [row] = await sql.query<{ study_uid: string }>(
        'select study_uid from instance where facility_id = $1 and sop_instance_uid = $2',
        [facilityId, sopInstanceUid],
      );
      const found = row && (await study(row.study_uid));
      return found?.instances.find((instance) => instance.sopInstanceUid === sopInstanceUid);
    },
    async studiesOfPatient(patientId) {
      const rows = await sql.query<StudyRow>(
        'select * from study where facility_id = $1 and patient_key = $2 order by received_at desc',
        [facilityId, patientKeyOf({ id: patientId }, '')],
      );
      return Promise.all(rows.map(withInstances));
    },
    ...openMarks(scope),
  };
}
