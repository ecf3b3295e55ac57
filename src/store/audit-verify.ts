// The stored chain → a verdict: which entries were edited, taken out or cut off, and which readings no longer are what was committed.
import { sha256Hex } from '#kernel/ids.ts';
import type { AuditFault, AuditVerdict } from './audit.ts';
import { chainHash, GENESIS } from './audit-chain.ts';
import { canonicalJson } from './canonical.ts';
import type { Scope } from './scope.ts';

/** Entries read at a time: bounded memory for a chain of any length. */
const PAGE = 1_000;

/** The action whose entry carries a digest of the whole reading. */
export const READING_COMMITTED = 'reading.committed';

interface Row {
  readonly sequence: number;
  readonly entry: string;
  readonly previous_hash: string;
  readonly hash: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly reading: unknown;
}

interface Link {
  readonly sequence: number;
  readonly hash: string;
}

function faultsOfRow(row: Row, previous: Link): AuditFault[] {
  const faults: AuditFault[] = [];
  const { sequence } = row;
  if (sequence !== previous.sequence + 1) faults.push({ sequence: previous.sequence + 1, kind: 'missing' });
  else if (row.previous_hash !== previous.hash) faults.push({ sequence, kind: 'broken-link' });
  const hashed = chainHash(row.previous_hash, sequence, row.entry) === row.hash;
  const entry: Record<string, unknown> = JSON.parse(row.entry);
  if (!hashed || entry['subjectType'] !== row.subject_type || entry['subjectId'] !== row.subject_id) {
    faults.push({ sequence, kind: 'edited' });
  } else if (entry['action'] === READING_COMMITTED) {
    const { detail } = entry;
    const kept = typeof detail === 'object' && detail !== null && 'digest' in detail ? detail.digest : undefined;
    const now = row.reading === null ? undefined : sha256Hex(canonicalJson(row.reading));
    if (kept !== now) faults.push({ sequence, kind: 'record-differs', subject: row.subject_id });
  }
  return faults;
}

export async function verifyAudit(scope: Scope, { expectedHead }: { expectedHead?: string }): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  let link: Link = { sequence: 0, hash: GENESIS };
  let entries = 0;
  let headSeen = expectedHead === undefined || expectedHead === GENESIS;
  const [head] = await scope.sql.query<Link>('select sequence::int, hash from audit_head where facility_id = $1', [
    scope.facilityId,
  ]);
  for (;;) {
    // Up to the head as it was at the beginning: what is appended meanwhile belongs to the next walk.
    const rows = await scope.sql.query<Row>(
      `select a.sequence::int, a.entry, a.previous_hash, a.hash, a.subject_type, a.subject_id, r.record as reading
       from audit a
       left join reading r on a.subject_type = 'reading' and r.id::text = a.subject_id and r.facility_id = a.facility_id
       where a.facility_id = $1 and a.sequence > $2 and a.sequence <= $3 order by a.sequence limit $4`,
      [scope.facilityId, link.sequence, head?.sequence ?? 0, PAGE],
    );
    for (const row of rows) {
      faults.push(...faultsOfRow(row, link));
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
