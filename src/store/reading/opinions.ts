// Opinions of people on the findings of a study: the newest counts, and each stays in the audit.
import type { Opinion, OpinionOf } from '#kernel/opinion.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { storeErrors } from '#store/errors.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface Opinions {
  ofStudy(studyUid: string): Promise<readonly Opinion[]>;
  /** Throws CareError `store.not-found` for an unknown study. */
  say(opinion: OpinionOf & { readonly present: boolean }): Promise<void>;
  takeBack(opinion: OpinionOf): Promise<void>;
}

interface Row {
  readonly finding_code: string;
  readonly present: boolean;
  readonly said_by: string;
  readonly at: Date;
}

export function openOpinions(scope: Tenancy): Opinions {
  const { facilityId, sql } = scope;

  const audit = (tx: Transaction, { actor, studyUid, findingCode }: OpinionOf, present: boolean | null) =>
    appendAudit(tx, scope, [
      { actor, action: 'study.labelled', subjectType: 'study', subjectId: studyUid, detail: { findingCode, present } },
    ]);

  return {
    async ofStudy(studyUid) {
      const rows = await sql.query<Row>(
        `select finding_code, present, said_by, at from study_label
         where facility_id = $1 and study_uid = $2 order by finding_code`,
        [facilityId, studyUid],
      );
      return rows.map((row) => ({
        findingCode: row.finding_code,
        present: row.present,
        saidBy: row.said_by,
        at: row.at.toISOString(),
      }));
    },
    async say(opinion) {
      const { studyUid, findingCode, present, actor } = opinion;
      await scope.transaction(async (tx) => {
        const known = await tx.query('select 1 from study where facility_id = $1 and study_uid = $2', [
          facilityId,
          studyUid,
        ]);
        if (known.length === 0) throw storeErrors.error('not-found', { field: 'studyUid' });
        await tx.query(
          `insert into study_label (facility_id, study_uid, finding_code, present, said_by, at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (facility_id, study_uid, finding_code) do update
             set present = excluded.present, alert_id = null, said_by = excluded.said_by, at = excluded.at`,
          [facilityId, studyUid, findingCode, present, storableText(actor), scope.clock.now()],
        );
        await audit(tx, opinion, present);
      });
    },
    async takeBack(opinion) {
      await scope.transaction(async (tx) => {
        const gone = await tx.query(
          `delete from study_label where facility_id = $1 and study_uid = $2 and finding_code = $3 returning study_uid`,
          [facilityId, opinion.studyUid, opinion.findingCode],
        );
        if (gone.length > 0) await audit(tx, opinion, null);
      });
    },
  };
}
