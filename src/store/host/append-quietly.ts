// Risks that lead to no alert, with their silences and audit entries, as one statement: while a chart is opened nothing may hold the
// embedded host's only connection for a transaction of seven steps. It writes the same row as a transaction would.
import { CHAIN_SQL } from '#store/audit/audit-chain.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import { canonicalJson, storableText } from './canonical.ts';
import type { PreparedStatement } from './database.ts';
import type { Tenancy } from './tenancy.ts';

/** $1 is the facility, $2 to $7 are `columnsOf`. */
export const INSERT_ASSESSMENTS = `insert into assessment (facility_id, id, patient_id, equation_id, outcome, record, assessed_at)
      select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[])
      on conflict (id) do nothing returning id`;

export const columnsOf = (assessments: readonly Assessment[]): readonly (readonly string[])[] => [
  assessments.map(({ id }) => id),
  assessments.map(({ patientId }) => storableText(patientId)),
  assessments.map(({ equationId }) => equationId),
  assessments.map(({ outcome }) => outcome),
  assessments.map((assessment) => canonicalJson(assessment)),
  assessments.map(({ assessedAt }) => assessedAt),
];

/** `chain` is the arithmetic of audit-chain.ts; two at the same moment meet at the lock of the head, or at the audit's primary key. */
const APPEND_QUIETLY: PreparedStatement = {
  name: 'assessments-append-quietly',
  text: `with recursive fresh as (
      ${INSERT_ASSESSMENTS}),
    silenced as (
      insert into silence (facility_id, source_id, reason, at)
      select $1, s.id, s.reason, $11 from unnest($9::uuid[], $10::jsonb[]) as s (id, reason)
      where exists (select 1 from fresh)),
    entry as (
      select row_number() over (order by e.place) as n, e.id::text as subject_id, e.entry
      from unnest($2::uuid[], $8::text[]) with ordinality as e (id, entry, place) join fresh on fresh.id = e.id),
    head as (
      select sequence, hash from audit_head where facility_id = $1 and exists (select 1 from fresh) for update),
    ${CHAIN_SQL}
    insert into audit (facility_id, sequence, subject_type, subject_id, entry, previous_hash, hash)
    select $1, chain.sequence, 'assessment', entry.subject_id, entry.entry, chain.previous_hash, chain.hash
    from chain join entry on entry.n = chain.n order by chain.n`,
};

export interface Quiet {
  readonly assessments: readonly Assessment[];
  readonly silences: readonly { readonly sourceId: Uuid; readonly reason: Reason }[];
  /** One per assessment, as text to be hashed: written only for those that are new. */
  readonly entries: readonly string[];
}

/** Idempotent on the assessments' ids; silences are written only where any of them is new. */
export async function appendQuietly({ facilityId, sql, clock }: Tenancy, quiet: Quiet): Promise<void> {
  const { assessments, silences, entries } = quiet;
  await sql.query(APPEND_QUIETLY, [
    facilityId,
    ...columnsOf(assessments),
    entries,
    silences.map(({ sourceId }) => sourceId),
    silences.map(({ reason }) => canonicalJson(reason)),
    clock.now(),
  ]);
}
