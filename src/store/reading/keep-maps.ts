// Stores the checked maps of a reading with their pictures and the end of their job, in one transaction, once per reading.
import type { MapCheck } from '#kernel/reading-commit.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import { statementOf } from '#store/host/parts.ts';
import { storeErrors } from '#store/errors.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { completePart } from '#store/queue/job-writes.ts';
import { heatmapParts } from './heatmap-rows.ts';

/** Maps that are known already stay as they are. Throws CareError `store.lease-lost`. */
export async function keepMaps(tx: Transaction, scope: Tenancy, checked: MapCheck): Promise<void> {
  const { job, readingId, verdicts } = checked;
  const { statement, values } = statementOf(
    [
      completePart(job, scope.clock.now()),
      {
        name: 'maps',
        text: `kept as (update reading set maps = $3::jsonb where facility_id = $1 and id = $2 and maps is null returning id)`,
        values: [scope.facilityId, readingId, canonicalJson(verdicts)],
      },
    ],
    'select (select count(*)::int from ended) as ended, (select count(*)::int from kept) as kept',
  );
  const [row] = await tx.query<{ ended: number; kept: number }>(statement, values);
  if (row?.ended !== 1) throw storeErrors.error('lease-lost', { field: job.id });
  // One with the same key may have waited for this job to end.
  tx.wake('jobs');
  if (row.kept === 0) return;
  const entry = { actor: 'system', action: 'reading.maps-checked', subjectType: 'reading', subjectId: readingId };
  await appendAudit(tx, scope, [{ ...entry, detail: { digest: digestOf(verdicts) } }], heatmapParts(scope, checked));
}
