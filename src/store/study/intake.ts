// What arrives: an instance and its study, once, with the job that will read it.
import type { StoredInstance, StoredStudy } from '#kernel/stored-study.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { PatientFacts } from '#kernel/study.ts';
import { accept, type Accepted, type AcceptOptions } from './accept-instance.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { storeErrors } from '#store/errors.ts';
import { enqueueJob, READ_STUDY } from '#store/queue/job-writes.ts';
import type { Scope } from '#store/host/scope.ts';
import { type InstanceRow, patientKeyOf, type StudyRow, toStudy } from './study-row.ts';

export interface Intake {
  /**
   * Idempotent on the SOP Instance UID; the instance, its study, its job and its audit entry are one transaction.
   * Throws CareError `store.conflicting-instance` for the same UID with other bytes, and `store.conflicting-study` for
   * the same study UID under another patient ID.
   */
  accept(instance: IncomingInstance, options: AcceptOptions): Promise<Accepted>;
  study(studyUid: string): Promise<StoredStudy | undefined>;
  instance(sopInstanceUid: string): Promise<StoredInstance | undefined>;
  studiesOfPatient(patientId: string): Promise<readonly StoredStudy[]>;
  /** Marks that a clinician opened the study; the first time counts. */
  opened(studyUid: string, actor: string): Promise<void>;
  /** Only a human closes: the study leaves the worklist. */
  closed(studyUid: string, actor: string): Promise<void>;
  /** Back into the worklist, where it was closed by mistake or something new came up. */
  reopened(studyUid: string, actor: string): Promise<void>;
  /** Asks for the study to be read again. */
  requestReading(studyUid: string, actor: string): Promise<Uuid>;
}

export function openIntake(scope: Scope): Intake {
  const { facilityId, sql } = scope;

  async function instancesOf(studyUid: string, patient: PatientFacts): Promise<readonly StoredInstance[]> {
    const rows = await sql.query<InstanceRow>(
      `select record, received_at from instance where facility_id = $1 and study_uid = $2
       order by received_at, sop_instance_uid`,
      [facilityId, studyUid],
    );
    return rows.map((row) => ({ ...row.record, patient, receivedAt: row.received_at.toISOString() }));
  }

  async function withInstances(row: StudyRow): Promise<StoredStudy> {
    const bare = toStudy(row);
    return { ...bare, instances: await instancesOf(bare.studyUid, bare.patient) };
  }

  async function study(studyUid: string): Promise<StoredStudy | undefined> {
    const [row] = await sql.query<StudyRow>('select * from study where facility_id = $1 and study_uid = $2', [
      facilityId,
      studyUid,
    ]);
    return row && withInstances(row);
  }

  /** The first time counts; later ones only add to the audit. */
  async function mark(studyUid: string, what: 'opened' | 'closed', actor: string): Promise<void> {
    await scope.transaction(async (tx) => {
      const column = `${what}_at`;
      const rows = await tx.query(
        `update study set ${column} = coalesce(${column}, $3) where facility_id = $1 and study_uid = $2 returning study_uid`,
        [facilityId, studyUid, scope.clock.now()],
      );
      if (rows.length === 0) throw storeErrors.error('not-found', { field: 'studyUid' });
      await appendAudit(tx, scope, [{ actor, action: `study.${what}`, subjectType: 'study', subjectId: studyUid }]);
    });
  }

  return {
    async accept(instance, options) {
      try {
        return await accept(scope, instance, options);
      } finally {
        await options.content?.discard();
      }
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
    opened: (studyUid, actor) => mark(studyUid, 'opened', actor),
    closed: (studyUid, actor) => mark(studyUid, 'closed', actor),
    async reopened(studyUid, actor) {
      await scope.transaction(async (tx) => {
        const rows = await tx.query(
          'update study set closed_at = null where facility_id = $1 and study_uid = $2 returning study_uid',
          [facilityId, studyUid],
        );
        if (rows.length === 0) throw storeErrors.error('not-found', { field: 'studyUid' });
        await appendAudit(tx, scope, [{ actor, action: 'study.reopened', subjectType: 'study', subjectId: studyUid }]);
      });
    },
    async requestReading(studyUid, actor) {
      return scope.transaction(async (tx) => {
        const [row] = await tx.query('select 1 from study where facility_id = $1 and study_uid = $2 for update', [
          facilityId,
          studyUid,
        ]);
        if (row === undefined) throw storeErrors.error('not-found', { field: 'studyUid' });
        const now = scope.clock.now();
        const job = { facilityId, kind: READ_STUDY, key: studyUid, payload: { requestedBy: actor }, runAt: now };
        const id = await enqueueJob(tx, job, now);
        await appendAudit(tx, scope, [
          { actor, action: 'study.reading-requested', subjectType: 'study', subjectId: studyUid },
        ]);
        return id;
      });
    },
  };
}
