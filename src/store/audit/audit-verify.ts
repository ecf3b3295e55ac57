// The stored chain → a verdict: which entries were edited, taken out or cut off, and which readings no longer are what was committed.
import type { AuditFault, AuditVerdict } from '#kernel/audit-verdict.ts';
import { chainHash, digestOf, GENESIS } from './audit-chain.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { uuidsOf } from '#store/search/where.ts';

/** Entries read at a time: bounded memory for a chain of any length. */
const PAGE = 1_000;

/** Actions whose entries carry a digest of their subject's record. */
const COMMITTED: ReadonlySet<unknown> = new Set(['reading.committed', 'assessment.committed', 'alert.raised']);

interface Row {
  readonly sequence: number;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
  readonly subject_type: string;
  readonly subject_id: string;
}

interface Link {
  readonly sequence: number;
  readonly hash: string;
}

function faultsOfRow(
  row: Row,
  previous: Link,
  records: ReadonlyMap<string, unknown>,
  erased: ReadonlySet<string>,
): AuditFault[] {
  const faults: AuditFault[] = [];
  const { sequence } = row;
  if (sequence !== previous.sequence + 1) faults.push({ sequence: previous.sequence + 1, kind: 'missing' });
  else if (row.previous_hash !== previous.hash) faults.push({ sequence, kind: 'broken-link' });
  const hashed = chainHash(row.previous_hash, sequence, row.entry) === row.hash;
  const entry: Record<string, unknown> = JSON.parse(row.entry);
  if (!hashed || entry['subjectType'] !== row.subject_type || entry['subjectId'] !== row.subject_id) {
    faults.push({ sequence, kind: 'edited' });
  } else if (COMMITTED.has(entry['action'])) {
    const { detail } = entry;
    const kept = typeof detail === 'object' && detail !== null && 'digest' in detail ? detail.digest : undefined;
    const record = records.get(row.subject_id);
    const now = record === undefined ? undefined : digestOf(record);
    const isErased = record === undefined && erased.has(row.subject_id);
    if (kept !== now && !isErased) faults.push({ sequence, kind: 'record-differs', subject: row.subject_id });
  }
  return faults;
}

/** By id: what is stored now of that which the rows speak of. */
async function recordsOf(scope: Tenancy, rows: readonly Row[]): Promise<ReadonlyMap<string, unknown>> {
  const records = new Map<string, unknown>();
  for (const table of ['reading', 'assessment', 'alert']) {
    const ids = uuidsOf(rows.flatMap((row) => (row.subject_type === table ? [row.subject_id] : [])));
    const found = await scope.sql.query<{ id: string; record: unknown }>(
      `select id::text, record from ${table} where facility_id = $1 and id = any($2::uuid[])`,
      [scope.facilityId, ids],
    );
    for (const { id, record } of found) records.set(id, record);
  }
  return records;
}

/** Records that were erased with their person: their own entry of the chain says so, and is checked like any other. */
async function erasedRecords({ sql, facilityId }: Tenancy): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(
    `select jsonb_array_elements_text(entry::jsonb->'detail'->'erased') as id from audit
     where facility_id = $1 and subject_type = 'person' and entry::jsonb->>'action' = 'person.erased'`,
    [facilityId],
  );
  return new Set(rows.map(({ id }) => id));
}

export async function verifyAudit(scope: Tenancy, { expectedHead }: { expectedHead?: string }): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  let link: Link = { sequence: 0, hash: GENESIS };
  let entries = 0;
  const erased = await erasedRecords(scope);
  let headSeen = expectedHead === undefined || expectedHead === GENESIS;
  const [head] = await scope.sql.query<Link>('select sequence::int, hash from audit_head where facility_id = $1', [
    scope.facilityId,
  ]);
  for (;;) {
    // Up to the head as it was at the beginning: what is appended meanwhile belongs to the next walk.
    const rows = await scope.sql.query<Row>(
      `select sequence::int, entry, previous_hash, hash, subject_type, subject_id from audit
       where facility_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit $4`,
      [scope.facilityId, link.sequence, head?.sequence ?? 0, PAGE],
    );
    const records = await recordsOf(scope, rows);
    for (const row of rows) {
      faults.push(...faultsOfRow(row, link, records, erased));
      link = row;
      entries += 1;
      headSeen ||= row.hash === expectedHead;
    }
    if (rows.length < PAGE) break;
  }
  if (!headSeen || head === undefined || head.hash !== link.hash || head.sequence !== link.sequence) {
    faults.push({ sequence: 0, kind: 'head-differs' });
  }
  return { intact: faults.length === 0, entries, head: link.hash, faults };
}
