// A person's marks on a study: opened, closed, reopened, another reading asked for. Each is in the audit.
import type { Uuid } from '#kernel/ids.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { storeErrors } from '#store/errors.ts';
import { enqueueJob, READ_STUDY } from '#store/queue/job-writes.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface StudyMarks {
  /** Marks that a clinician opened the study; the first time counts. */
  opened(studyUid: string, actor: string): Promise<void>;
  /** Only a human closes: the study leaves the worklist. */
  closed(studyUid: string, actor: string): Promise<void>;
  /** Back into the worklist, where it was closed by mistake or something new came up. */
  reopened(studyUid: string, actor: string): Promise<void>;
  /** Asks for the study to be read again. */
  requestReading(studyUid: string, actor: string): Promise<Uuid>;
}

export function openMarks(scope: Tenancy): StudyMarks {
  const { facilityId } = scope;

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
