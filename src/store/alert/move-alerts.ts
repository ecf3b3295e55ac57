// Alerts under another subject: each is superseded by one like it, since the record of an alert is evidence and is never rewritten.
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { isOpen } from '#alerts/lifecycle/lifecycle.ts';
import { supersededEvent } from '#alerts/lifecycle/superseded.ts';
import type { Alert, AlertSubject } from '#kernel/alert.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import { derivedUuid } from '#kernel/ids.ts';
import { canonicalJson } from '#store/host/canonical.ts';
import type { Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { type AlertRow, auditOf, insertTold, toAlert } from './alert-rows.ts';

export interface MovedAlerts {
  readonly ended: readonly { readonly alert: Alert; readonly event: AlertEvent }[];
  readonly raised: readonly Alert[];
  /** For the caller to append, last. */
  readonly audit: readonly AuditEntry[];
}

/** An open alert that moves to another person is new to that person's clinicians; an alert that an answer has ended stays ended. */
function successorOf(alert: Alert, subject: AlertSubject, now: Date): Alert {
  const moved = subject.patientCode !== alert.subject.patientCode;
  const lifeMs = Date.parse(alert.expiresAt) - Date.parse(alert.createdAt);
  return {
    ...alert,
    id: derivedUuid('moved', alert.id, canonicalJson(subject)),
    subject,
    status: moved && isOpen(alert.status) ? 'new' : alert.status,
    ...(moved && {
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + lifeMs).toISOString(),
    }),
  };
}

/** `rows`: held by this transaction, none superseded. Those whose subject is already the right one stay. */
export async function moveAlerts(
  tx: Transaction,
  scope: Tenancy,
  { rows, subjectOf }: { readonly rows: readonly AlertRow[]; readonly subjectOf: (alert: Alert) => AlertSubject },
): Promise<MovedAlerts> {
  const now = scope.clock.now();
  const ended: MovedAlerts['ended'][number][] = [];
  const raised: Alert[] = [];
  const audit: AuditEntry[] = [];
  for (const old of rows.map(toAlert)) {
    const subject = subjectOf(old);
    if (canonicalJson(subject) === canonicalJson(old.subject)) continue;
    const alert = successorOf(old, subject, now);
    const { results } = await insertTold(tx, scope, [{ kind: 'alert', alert, supersedes: old.id }]);
    audit.push(...auditOf(results));
    const event = supersededEvent(old, alert.id, now);
    ended.push({ alert: { ...old, ...(event.to !== undefined && { status: event.to }) }, event });
    raised.push(alert);
  }
  return { ended, raised, audit };
}
