// Who did what: an append-only chain, each entry holding the hash of the one before, so that an edit shows.
import type { AuditVerdict } from './verdict.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { chainHash } from './audit-chain.ts';
import { verifyAudit } from './audit-verify.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Prepared, Transaction } from '#store/host/database.ts';
import type { Scope } from '#store/host/scope.ts';

export interface AuditRecord extends AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface Audit {
  append(entry: AuditEntry): Promise<AuditRecord>;
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

/** Both are part of every transaction that writes. */
const HEAD: Prepared = {
  name: 'audit-head',
  text: 'select sequence::int, hash from audit_head where facility_id = $1 for update',
};

const APPEND: Prepared = {
  name: 'audit-append',
  text: `with added as (
      insert into audit (facility_id, sequence, subject_type, subject_id, entry, previous_hash, hash)
      select $1, * from unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]))
    update audit_head set sequence = $2, hash = $3 where facility_id = $1`,
};

/**
 * The last step of a transaction: it takes the facility's chain for itself until the commit, and taking it last keeps two
 * transactions from waiting for each other.
 */
export async function appendAudit(
  tx: Transaction,
  scope: Scope,
  entries: readonly AuditEntry[],
): Promise<readonly AuditRecord[]> {
  if (entries.length === 0) return [];
  const { facilityId } = scope;
  const [head] = await tx.query<{ sequence: number; hash: string }>(HEAD, [facilityId]);
  if (head === undefined) throw new Error('the facility has no audit chain');
  const at = scope.clock.now().toISOString();
  const records: AuditRecord[] = [];
  let { sequence, hash } = head;
  const texts: string[] = [];
  for (const entry of entries) {
    const previousHash = hash;
    const text = canonicalJson({ ...entry, at });
    sequence += 1;
    hash = chainHash(previousHash, sequence, text);
    texts.push(text);
    records.push({ ...entry, sequence, at, previousHash, hash });
  }
  await tx.query(APPEND, [
    facilityId,
    sequence,
    hash,
    records.map((record) => record.sequence),
    records.map(({ subjectType }) => subjectType),
    records.map(({ subjectId }) => storableText(subjectId)),
    texts,
    records.map(({ previousHash }) => previousHash),
    records.map((record) => record.hash),
  ]);
  return records;
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

export function openAudit(scope: Scope): Audit {
  return {
    async append(entry) {
      const [record] = await scope.transaction((tx) => appendAudit(tx, scope, [entry]));
      if (record === undefined) throw new Error('the audit entry was not written');
      return record;
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
