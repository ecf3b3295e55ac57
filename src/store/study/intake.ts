// Stores an arriving instance and its study once, with the job that will read it.
import type { StoredInstance, StoredStudy } from '#kernel/stored-study.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { AcceptedInstance, AcceptOptions, InstanceFile } from '#kernel/acceptance.ts';
import { accept } from './accept-instance.ts';
import type { PreparedStatement } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { rejectImages, type RejectOptions } from './withdraw-images.ts';
import type { RejectionNote } from '#kernel/rejection.ts';
import type { TellChange } from './study-change.ts';
import { openMarks, type StudyMarks } from './study-marks.ts';
import { INSTANCES, patientKeyOf, toWholeStudy, type WithInstancesRow } from './study-row.ts';

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

/** With its images, which almost everybody who asks for a study needs. */
const STUDY: PreparedStatement = {
  name: 'study-with-instances',
  text: `select s.*, ${INSTANCES} from study s where s.facility_id = $1 and s.study_uid = $2`,
};

const OF_PATIENT: PreparedStatement = {
  name: 'studies-of-patient',
  text: `select s.*, ${INSTANCES} from study s where s.facility_id = $1 and s.patient_key = $2 order by s.received_at desc`,
};

export function openIntake(scope: Tenancy, tell: TellChange): Intake {
  const { facilityId, sql } = scope;

  async function study(studyUid: string): Promise<StoredStudy | undefined> {
    const [row] = await sql.query<WithInstancesRow>(STUDY, [facilityId, studyUid]);
    return row && toWholeStudy(row);
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
      const rows = await sql.query<WithInstancesRow>(OF_PATIENT, [facilityId, patientKeyOf({ id: patientId }, '')]);
      return rows.map(toWholeStudy);
    },
    ...openMarks(scope),
  };
}
