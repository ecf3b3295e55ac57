// Ends the alerts of a study whose reading no longer bears them: marked, and resolved where they were still open, with an event that says by what.
import { type AlertEvent, mayBecome } from '#alerts/lifecycle/lifecycle.ts';
import { derivedUuid, type Uuid } from '#kernel/ids.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import type { EndedAlert } from '#store/study/study-change.ts';
import { type AlertRow, insertEvent, toAlert } from './alert-rows.ts';

/** `by`: the reading that takes the place of theirs. Whatever was answered to them: they spoke of what holds no more. */
export async function endAlerts(
  tx: Transaction,
  scope: Tenancy,
  { studyUid, actor, by }: { readonly studyUid: string; readonly actor: string; readonly by: Uuid },
): Promise<readonly EndedAlert[]> {
  const rows = await tx.query<AlertRow>(
    `select record, status from alert where facility_id = $1 and study_uid = $2 and superseded_by is null
     order by sequence for update`,
    [scope.facilityId, studyUid],
  );
  const ended: EndedAlert[] = [];
  for (const alert of rows.map(toAlert)) {
    const to = mayBecome(alert.status, 'resolved') ? ({ to: 'resolved' } as const) : {};
    const status = to.to ?? alert.status;
    const event: AlertEvent = {
      id: derivedUuid('withdrawn', alert.id, by),
      alertId: alert.id,
      at: scope.clock.now().toISOString(),
      actor,
      channel: 'store',
      kind: 'withdrawn',
      ...to,
      detail: { by },
    };
    await tx.query(
      'update alert set status = $3, superseded_by = $4, withdrawn_at = $5 where facility_id = $1 and id = $2',
      [scope.facilityId, alert.id, status, by, scope.clock.now()],
    );
    await insertEvent(tx, scope, event);
    ended.push({ alert: { ...alert, status }, event });
  }
  return ended;
}
