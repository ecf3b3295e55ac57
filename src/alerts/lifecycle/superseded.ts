// The event by which a newer alert supersedes an older one: stored, and sent to receivers in the same form.
import type { Alert } from '#kernel/alert.ts';
import { derivedUuid, type Uuid } from '#kernel/ids.ts';
import { type AlertEvent, mayBecome } from './lifecycle.ts';

/** What happens to an alert when another takes its place. */
export function supersededEvent({ id, status }: Pick<Alert, 'id' | 'status'>, by: Uuid, at: Date): AlertEvent {
  return {
    id: derivedUuid('superseded', id, by),
    alertId: id,
    at: at.toISOString(),
    actor: 'system',
    channel: 'store',
    kind: 'superseded',
    ...(mayBecome(status, 'resolved') ? { to: 'resolved' } : {}),
    detail: { by },
  };
}
