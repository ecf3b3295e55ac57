// Images that a note withdraws, and with them what was concluded from them: the reading is superseded by one that says why there is none,
// its alerts end, receivers are told, and what is left of the study is read again.
import type { StagedBlob } from '#kernel/blob.ts';
import type { Reading } from '#kernel/finding.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import type { RejectionNote } from '#kernel/rejection.ts';
import type { StoredReading } from '#kernel/stored-reading.ts';
import { endAlerts } from '#store/alert/end-alerts.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';
import { enqueueJob, READ_STUDY } from '#store/queue/job-writes.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import { commitReading } from '#store/reading/commit-reading.ts';
import { READING_COLUMNS, type ReadingRow, toReading } from '#store/reading/reading-row.ts';
import type { TellChange } from './study-change.ts';
import { type StudyRow, toStudy } from './study-row.ts';

/** What is kept of a note beside its images. */
export type RejectionRecord = Pick<RejectionNote, 'code' | 'reason' | 'wrong'>;

interface Withdrawal {
  readonly studyUid: string;
  readonly images: readonly string[];
  readonly note: RejectionRecord & { readonly noteUid: string };
  readonly actor: string;
  readonly tell: TellChange;
}

function withdrawnReading(
  row: StudyRow,
  before: StoredReading | undefined,
  scope: Tenancy,
  withdrawal: Withdrawal,
): Reading {
  const { note, studyUid } = withdrawal;
  // The images take no part in it: it goes by the note and by the state of the study that the note met.
  const input = sha256Hex(`${note.noteUid} ${row.facts_revision}`);
  return {
    id: derivedUuid('withdrawn-reading', scope.facilityId, studyUid, input),
    facilityId: scope.facilityId,
    studyUid,
    sopInstanceUids: [],
    outcome: 'not-assessed',
    reasons: [note.reason],
    findings: [],
    priority: 'routine',
    readAt: scope.clock.now().toISOString(),
    provenance: {
      modelId: 'none',
      modelVersion: '',
      modelSha256: '',
      pipelineVersion: '',
      calibrationVersion: '',
      thresholdVersion: '',
      ...before?.provenance,
      precision: '',
      provider: 'not-run',
      inputSha256: input,
    },
    notForClinicalUse: row.not_for_clinical_use,
  };
}

/** Marks the images and what follows. The row of the study is taken first. True where images are left that can be read. */
export async function withdrawImages(tx: Transaction, scope: Tenancy, withdrawal: Withdrawal): Promise<boolean> {
  const { studyUid, images, note, actor, tell } = withdrawal;
  const place = [scope.facilityId, studyUid];
  const [row] = await tx.query<StudyRow>(
    `update study set facts_revision = facts_revision + 1 where facility_id = $1 and study_uid = $2 returning *`,
    place,
  );
  const marked = await tx.query(
    `update instance set withdrawn_at = $4 where facility_id = $1 and study_uid = $2 and sop_instance_uid = any($3)
       and withdrawn_at is null returning 1`,
    [...place, images, scope.clock.now()],
  );
  const [left] = await tx.query<{ n: number }>(
    'select count(*)::int as n from instance where facility_id = $1 and study_uid = $2 and withdrawn_at is null',
    place,
  );
  const remains = (left?.n ?? 0) > 0;
  if (row === undefined || marked.length === 0) return remains;
  const [current] = await tx.query<ReadingRow>(
    `select ${READING_COLUMNS} from reading where facility_id = $1 and study_uid = $2 and superseded_by is null
     order by sequence desc limit 1`,
    place,
  );
  const before = current && toReading(current);
  const rests = before?.sopInstanceUids.some((uid) => images.includes(uid)) === true;
  if (rests || !remains) {
    const reading = withdrawnReading(row, before, scope, withdrawal);
    const ended = await endAlerts(tx, scope, { studyUid, actor, by: reading.id });
    const study = toStudy(row);
    await insertOutbox(
      tx,
      scope,
      tell({
        id: reading.id,
        before: study,
        after: study,
        ...optional('reading', before),
        ended,
        raised: [],
        withdrawn: { wrong: note.wrong },
      }),
    );
    await commitReading(tx, scope, {
      reading,
      heatmaps: [],
      told: [{ kind: 'silence', sourceId: reading.id, reason: note.reason }],
      outbox: [],
      audit: [
        {
          actor,
          action: 'study.withdrawn',
          subjectType: 'study',
          subjectId: studyUid,
          detail: { note: note.noteUid, code: note.code, images: marked.length, reading: before?.id },
        },
      ],
    });
  }
  return remains;
}

export interface RejectOptions {
  readonly actor: string;
  readonly content?: StagedBlob;
}

/** One transaction; a note that is known changes nothing. Images that are not here yet are withdrawn when they come. */
export async function rejectImages(
  scope: Tenancy,
  note: RejectionNote,
  { options, tell }: { readonly options: RejectOptions; readonly tell: TellChange },
): Promise<{ readonly status: 'stored' | 'duplicate' }> {
  const { facilityId, clock } = scope;
  const { noteUid, code, reason, wrong, images, blob } = note;
  const { actor } = options;
  return scope.transaction(async (tx) => {
    const fresh = await tx.query(
      `insert into rejection_note (facility_id, note_uid, study_uid, sha256, bytes, record, received_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      [
        facilityId,
        noteUid,
        note.studyUid,
        blob.sha256,
        blob.bytes,
        canonicalJson({ code, reason, wrong }),
        clock.now(),
      ],
    );
    if (fresh.length === 0) return { status: 'duplicate' };
    await tx.query(
      'insert into rejection (facility_id, note_uid, sop_instance_uid) select $1, $2, * from unnest($3::text[])',
      [facilityId, noteUid, images],
    );
    const studies = await tx.query<{ study_uid: string }>(
      `select distinct study_uid from instance where facility_id = $1 and sop_instance_uid = any($2) order by study_uid`,
      [facilityId, images],
    );
    for (const { study_uid: studyUid } of studies) {
      const remains = await withdrawImages(tx, scope, { studyUid, images, note, actor, tell });
      const job = { facilityId, kind: READ_STUDY, key: studyUid, payload: {}, runAt: clock.now() };
      if (remains) await enqueueJob(tx, job, clock.now());
    }
    await options.content?.keep();
    await appendAudit(tx, scope, [
      {
        actor,
        action: 'note.accepted',
        subjectType: 'note',
        subjectId: noteUid,
        detail: { studyUid: note.studyUid, code, images: images.length, sha256: blob.sha256 },
      },
    ]);
    return { status: 'stored' };
  });
}
