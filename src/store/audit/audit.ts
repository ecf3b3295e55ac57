// The audit trail: an append-only chain, each entry holding the hash of the one before, so that an edit shows.
import { CHAIN_SQL } from './audit-chain.ts';
import type { AuditVerdict } from '#kernel/audit-verdict.ts';
import type { AuditEntry, AuditRecord } from '#kernel/audit-entry.ts';
import { verifyAudit } from './audit-verify.ts';
import { completed, entryText } from './entry-text.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { type Part, statementOf } from '#store/host/parts.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface Audit {
  append(entry: AuditEntry): Promise<AuditRecord>;
  /** One transaction. */
  appendAll(entries: readonly AuditEntry[]): Promise<void>;
  /** As the chain stands now; nothing is checked. */
  head(): Promise<{ readonly entries: number; readonly head: string }>;
  /** Oldest first. */
  list(filter?: {
    subjectType?: string;
    subjectId?: string;
    afterSequence?: number;
    limit?: number;
  }): Promise<readonly AuditRecord[]>;
  /** Walks the whole chain and compares each committed reading with its entry. `expectedHead`: a head that was kept elsewhere. */
  verify(options?: { expectedHead?: string }): Promise<AuditVerdict>;
}

/**
 * Part of every transaction that writes: the arithmetic of audit-chain.ts in SQL, since its round trips are in each of them.
 * Two at the same moment meet at the lock of the head, or at the audit's primary key, and then run again.
 */
const APPEND = `head as (select sequence, hash from audit_head where facility_id = $1 for update),
    entry as (
      select * from unnest($2::text[], $3::text[], $4::text[]) with ordinality as e (subject_type, subject_id, entry, n)),
    ${CHAIN_SQL},
    added as (
      insert into audit (facility_id, sequence, subject_type, subject_id, entry, previous_hash, hash)
      select $1, chain.sequence, entry.subject_type, entry.subject_id, entry.entry, chain.previous_hash, chain.hash
      from chain join entry on entry.n = chain.n order by chain.n)`;

const LINKS = 'select sequence::int, previous_hash, hash from chain where n > 0 order by n';

function auditPart({ facilityId }: Tenancy, entries: readonly AuditEntry[], at: string): Part {
  return {
    name: 'audit-append',
    text: APPEND,
    values: [
      facilityId,
      entries.map(({ subjectType }) => subjectType),
      entries.map(({ subjectId }) => storableText(subjectId)),
      entries.map((entry) => entryText(entry, at)),
    ],
  };
}

interface Link {
  readonly sequence: number;
  readonly previous_hash: string;
  readonly hash: string;
}

/**
 * The last step of a transaction: it takes the facility's chain for itself until the commit, and taking it last keeps two
 * transactions from waiting for each other. `parts` are written by the same statement.
 */
export async function appendAudit(
  tx: Transaction,
  scope: Tenancy,
  entries: readonly AuditEntry[],
  parts: readonly Part[] = [],
): Promise<readonly AuditRecord[]> {
  if (entries.length === 0 && parts.length === 0) return [];
  const at = scope.clock.now().toISOString();
  const { statement, values } = statementOf([...parts, auditPart(scope, entries, at)], LINKS);
  const links = await tx.query<Link>(statement, values);
  if (links.length !== entries.length) throw new Error('the facility has no audit chain');
  return entries.flatMap((entry, place) => {
    const link = links[place];
    return link === undefined
      ? []
      : [{ ...completed(entry), at, sequence: link.sequence, previousHash: link.previous_hash, hash: link.hash }];
  });
}

export interface AuditRow {
  /** A bigint comes as text. */
  readonly sequence: number | string;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
}

export function toAuditRecord(row: AuditRow): AuditRecord {
  const entry: AuditEntry & { readonly at: string } = JSON.parse(row.entry);
  return { ...entry, sequence: Number(row.sequence), previousHash: row.previous_hash, hash: row.hash };
}

export function openAudit(scope: Tenancy): Audit {
  return {
    async append(entry) {
      const [record] = await scope.transaction((tx) => appendAudit(tx, scope, [entry]));
      if (record === undefined) throw new Error('the audit entry was not written');
      return record;
    },
    async appendAll(entries) {
      await scope.transaction((tx) => appendAudit(tx, scope, entries));
    },
    async head() {
      const [row] = await scope.sql.query<{ sequence: number; hash: string }>(
        'select sequence::int, hash from audit_head where facility_id = $1',
        [scope.facilityId],
      );
      if (row === undefined) throw new Error('a facility without an audit chain');
      return { entries: row.sequence, head: row.hash };
    },
    async list({ subjectType, subjectId, afterSequence = 0, limit = 100 } = {}) {
      const rows = await scope.sql.query<AuditRow>(
        `select sequence::int, entry, previous_hash, hash from audit
         where facility_id = $1 and sequence > $2
           and ($3::text is null or subject_type = $3) and ($4::text is null or subject_id = $4)
         order by sequence limit $5`,
        [scope.facilityId, afterSequence, subjectType ?? null, subjectId ?? null, limit],
      );
      return rows.map(toAuditRecord);
    },
    verify: (options = {}) => verifyAudit(scope, options),
  };
}
