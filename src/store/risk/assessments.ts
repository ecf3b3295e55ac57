// Risk assessments of a person, kept as a series.
import type { Told } from '#kernel/told.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Uuid } from '#kernel/ids.ts';
import { alertIdsOf, auditOf, insertTold } from '#store/alert/alert-rows.ts';
import { entryText } from '#store/audit/entry-text.ts';
import { appendQuietly, columnsOf, INSERT_ASSESSMENTS } from '#store/host/append-quietly.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { storableText } from '#store/host/canonical.ts';
import type { PreparedStatement } from '#store/host/database.ts';
import { asUuid } from '#store/host/identifiers.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { survivorOf } from '#store/study/person-alias.ts';

export interface Assessments {
  /** Idempotent on the id; with its alerts, their messages and the silences in one transaction. */
  append(
    assessments: readonly Assessment[],
    also?: { told?: readonly Told[]; actor?: string },
  ): Promise<{ alertIds: readonly Uuid[] }>;
  get(id: Uuid): Promise<Assessment | undefined>;
  /** Oldest first: the trend. */
  ofPatient(
    patientId: string,
    filter?: { equationId?: string; since?: string; limit?: number },
  ): Promise<readonly Assessment[]>;
}

const INSERT: PreparedStatement = {
  name: 'assessments-insert',
  text: INSERT_ASSESSMENTS,
};

const GET: PreparedStatement = {
  name: 'assessment',
  text: 'select record from assessment where facility_id = $1 and id = $2',
};

const entryOf = (assessment: Assessment, actor: string): AuditEntry => ({
  actor,
  action: 'assessment.committed',
  subjectType: 'assessment',
  subjectId: assessment.id,
  detail: {
    digest: digestOf(assessment),
    equationId: assessment.equationId,
    outcome: assessment.outcome,
    inputSha256: assessment.provenance.inputSha256,
    modelSha256: assessment.provenance.modelSha256,
  },
});

export function openAssessments(scope: Tenancy): Assessments {
  const { facilityId, sql } = scope;

  const inTransaction = (assessments: readonly Assessment[], told: readonly Told[], actor: string) =>
    scope.transaction(async (tx) => {
      const added = await tx.query<{ id: Uuid }>(INSERT, [facilityId, ...columnsOf(assessments)]);
      const ids = new Set<string>(added.map(({ id }) => id));
      const fresh = assessments.filter(({ id }) => ids.has(id.toLowerCase()));
      // Sent a second time: its silences were written the first time. An alert is new where its predecessor has fallen since.
      const isFresh = (id: Uuid): boolean => fresh.some((one) => one.id.toLowerCase() === id.toLowerCase());
      const due = told.filter((one) => one.kind === 'alert' || assessments.length === 0 || isFresh(one.sourceId));
      if (due.length === 0 && fresh.length === 0) return { alertIds: [] };
      const written = await insertTold(tx, scope, due);
      // Of a repeated assessment only an alert that is really new counts.
      const results = written.results.filter(
        (one) => fresh.length > 0 || (one.kind === 'alert' && one.status === 'raised'),
      );
      const entries = [...fresh.map((one) => entryOf(one, actor)), ...auditOf(results)];
      await appendAudit(tx, scope, entries, written.parts);
      return { alertIds: alertIdsOf(results) };
    });

  return {
    async append(given, { told = [], actor = 'system' } = {}) {
      const assessments = [...new Map(given.map((one) => [one.id.toLowerCase(), one])).values()];
      const silences = told.flatMap((one) => (one.kind === 'silence' ? [one] : []));
      if (assessments.length === 0 || silences.length < told.length) return inTransaction(assessments, told, actor);
      const at = scope.clock.now().toISOString();
      const entries = assessments.map((one) => entryText(entryOf(one, actor), at));
      try {
        await appendQuietly(scope, { assessments, silences, entries });
        return { alertIds: [] };
      } catch {
        // It met another writer, or there is a fault: the transaction tries again, and says which.
        return inTransaction(assessments, told, actor);
      }
    },
    async get(id) {
      const [row] = await sql.query<{ record: Assessment }>(GET, [facilityId, asUuid(id)]);
      return row?.record;
    },
    async ofPatient(patientId, { equationId, since, limit = 1_000 } = {}) {
      const rows = await sql.query<{ record: Assessment }>(
        `select record from (
           select record || jsonb_build_object('patientId', patient_id) as record, assessed_at, sequence from assessment where facility_id = $1 and patient_id = ${survivorOf('$2')}
             and ($3::text is null or equation_id = $3) and ($4::timestamptz is null or assessed_at >= $4)
           order by assessed_at desc, sequence desc limit $5) newest
         order by assessed_at, sequence`,
        [facilityId, storableText(patientId), equationId ?? null, since ?? null, limit],
      );
      return rows.map(({ record }) => record);
    },
  };
}
