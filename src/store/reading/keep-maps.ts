// What was found of a reading's maps, with their pictures and the end of their job, in one transaction: once per reading.
import type { MapCheck } from '#kernel/reading-commit.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Scope } from '#store/host/scope.ts';
import { completeJob } from '#store/queue/job-writes.ts';
import { insertHeatmaps } from './heatmap-rows.ts';

/** Maps that are known already stay as they are. Throws CareError `store.lease-lost`. */
export async function keepMaps(tx: Transaction, scope: Scope, checked: MapCheck): Promise<void> {
  const { job, readingId, verdicts } = checked;
  await completeJob(tx, job, scope.clock.now());
  const kept = await tx.query(
    'update reading set maps = $3 where facility_id = $1 and id = $2 and maps is null returning id',
    [scope.facilityId, readingId, canonicalJson(verdicts)],
  );
  if (kept.length === 0) return;
  await insertHeatmaps(tx, scope, checked);
  await appendAudit(tx, scope, [
    {
      actor: 'system',
      action: 'reading.maps-checked',
      subjectType: 'reading',
      subjectId: readingId,
      detail: { digest: digestOf(verdicts) },
    },
  ]);
}
