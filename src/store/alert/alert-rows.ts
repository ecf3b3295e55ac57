// Alerts, events and silences → rows, inside a transaction that somebody else opened.
import type { Told } from '#kernel/told.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import { supersededEvent } from '#alerts/lifecycle/superseded.ts';
import type { Alert, AlertStatus } from '#kernel/alert.ts';
import type { Uuid } from '#kernel/ids.ts';
import { digestOf } from '#store/audit/audit-chain.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { PreparedStatement, Transaction } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import type { Scope } from '#store/host/scope.ts';

export interface AlertRow {
  readonly record: Alert;
  readonly status: AlertStatus;
}

/** The record is kept as it was raised; the status is what happened since. */
export const toAlert = (row: AlertRow): Alert => ({ ...row.record, status: row.status });

/** False: this event is already there. */
export async function insertEvent(tx: Transaction, scope: Scope, event: AlertEvent): Promise<boolean> {
  const rows = await tx.query(
    `insert into alert_event (facility_id, id, alert_id, record, at) values ($1, $2, $3, $4, $5)
     on conflict (facility_id, id) do nothing returning id`,
    [scope.facilityId, event.id, event.alertId, canonicalJson(event), event.at],
  );
  return rows.length > 0;
}

/** The old one makes room: marked, and resolved where it was still open, with an event that says by what. */
async function supersede(tx: Transaction, scope: Scope, oldId: Uuid, newId: Uuid): Promise<void> {
  const [row] = await tx.query<AlertRow & { superseded_by: Uuid | null }>(
    'select record, status, superseded_by from alert where facility_id = $1 and id = $2 for update',
    [scope.facilityId, oldId],
  );
  if (row === undefined) throw storeErrors.error('not-found', { field: 'supersedes' });
  if (row.superseded_by !== null) throw storeErrors.error('alert-changed', { field: 'supersedes' });
  const event = supersededEvent({ id: oldId, status: row.status }, newId, scope.clock.now());
  await tx.query('update alert set superseded_by = $3, status = $4 where facility_id = $1 and id = $2', [
    scope.facilityId,
    oldId,
    newId,
    event.to ?? row.status,
  ]);
  await insertEvent(tx, scope, event);
}

const CURRENT: PreparedStatement = {
  name: 'alert-current',
  text: `select id from alert where facility_id = $1 and (id = $3 or (dedup_key = $2 and superseded_by is null))
    order by sequence desc limit 1`,
};

const INSERT_ALERT: PreparedStatement = {
  name: 'alert-insert',
  text: `insert into alert (id, facility_id, dedup_key, status, severity, patient_code, treatment_code, accession_number,
      study_uid, source_id, suppressed, record, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
};

const INSERT_SILENCE: PreparedStatement = {
  name: 'silence-insert',
  text: 'insert into silence (facility_id, source_id, reason, at) values ($1, $2, $3, $4)',
};

async function currentWithKey(tx: Transaction, scope: Scope, alert: Alert): Promise<Uuid | undefined> {
  const [row] = await tx.query<{ id: Uuid }>(CURRENT, [scope.facilityId, storableText(alert.dedupKey), alert.id]);
  return row?.id;
}

export type ToldResult =
  | {
      readonly kind: 'alert';
      readonly status: 'raised' | 'known';
      readonly alertId: Uuid;
      readonly audit: readonly AuditEntry[];
    }
  | { readonly kind: 'silence' };

async function insertAlert(tx: Transaction, scope: Scope, told: Told & { kind: 'alert' }): Promise<ToldResult> {
  const { alert, supersedes } = told;
  if (alert.facilityId !== scope.facilityId) throw storeErrors.error('wrong-facility', { field: 'facilityId' });
  const before = await currentWithKey(tx, scope, alert);
  if (before !== undefined && before !== supersedes)
    return { kind: 'alert', status: 'known', alertId: before, audit: [] };
  if (supersedes !== undefined) await supersede(tx, scope, supersedes, alert.id);
  const { subject } = alert;
  // A second raiser of the same key meets the unique index here, and its transaction runs again and finds the first.
  await tx.query(INSERT_ALERT, [
    alert.id,
    scope.facilityId,
    storableText(alert.dedupKey),
    alert.status,
    alert.severity,
    storableText(subject.patientCode),
    subject.treatmentCode ?? null,
    subject.accessionNumber ?? null,
    subject.studyUid ?? null,
    alert.sourceId,
    alert.suppressedBecause !== undefined,
    canonicalJson(alert),
    alert.createdAt,
    alert.expiresAt,
  ]);
  await insertOutbox(tx, scope, told.outbox ?? []);
  const entry = {
    actor: 'system',
    action: 'alert.raised',
    subjectType: 'alert',
    subjectId: alert.id,
    detail: { digest: digestOf(alert), sourceId: alert.sourceId, severity: alert.severity },
  };
  return { kind: 'alert', status: 'raised', alertId: alert.id, audit: [entry] };
}

export const alertIdsOf = (results: readonly ToldResult[]): readonly Uuid[] =>
  results.flatMap((result) => (result.kind === 'alert' ? [result.alertId] : []));

export const auditOf = (results: readonly ToldResult[]): readonly AuditEntry[] =>
  results.flatMap((result) => (result.kind === 'alert' ? result.audit : []));

/** One result per decision, in the order given; their audit entries are for the caller to append, last. */
export async function insertTold(tx: Transaction, scope: Scope, told: readonly Told[]): Promise<readonly ToldResult[]> {
  const results: ToldResult[] = [];
  for (const one of told) {
    if (one.kind === 'alert') {
      results.push(await insertAlert(tx, scope, one));
      continue;
    }
    await tx.query(INSERT_SILENCE, [scope.facilityId, one.sourceId, canonicalJson(one.reason), scope.clock.now()]);
    results.push({ kind: 'silence' });
  }
  return results;
}
