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
import type { Part } from '#store/host/parts.ts';
import { storeErrors } from '#store/errors.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export interface AlertRow {
  readonly record: Alert;
  readonly status: AlertStatus;
}

/** The record is kept as it was raised; the status is what happened since. */
export const toAlert = (row: AlertRow): Alert => ({ ...row.record, status: row.status });

const INSERT_EVENT: PreparedStatement = {
  name: 'alert-event-insert',
  text: `insert into alert_event (facility_id, id, alert_id, record, at) values ($1, $2, $3, $4, $5)
     on conflict (facility_id, id) do nothing returning id`,
};

/** False: this event is already there. */
export async function insertEvent(tx: Transaction, scope: Tenancy, event: AlertEvent): Promise<boolean> {
  const rows = await tx.query(INSERT_EVENT, [
    scope.facilityId,
    event.id,
    event.alertId,
    canonicalJson(event),
    event.at,
  ]);
  return rows.length > 0;
}

const FOR_UPDATE: PreparedStatement = {
  name: 'alert-for-update',
  text: 'select record, status, superseded_by from alert where facility_id = $1 and id = $2 for update',
};

/** Locks the alert until the transaction ends. */
export async function alertForUpdate(
  tx: Transaction,
  { facilityId }: Tenancy,
  id: Uuid,
): Promise<(AlertRow & { readonly superseded_by: Uuid | null }) | undefined> {
  const [row] = await tx.query<AlertRow & { superseded_by: Uuid | null }>(FOR_UPDATE, [facilityId, id]);
  return row;
}

const SUPERSEDE: PreparedStatement = {
  name: 'alert-supersede',
  text: 'update alert set superseded_by = $3, status = $4 where facility_id = $1 and id = $2',
};

/** The old one makes room: marked, and resolved where it was still open, with an event that says by what. */
async function supersede(tx: Transaction, scope: Tenancy, oldId: Uuid, newId: Uuid): Promise<void> {
  const row = await alertForUpdate(tx, scope, oldId);
  if (row === undefined) throw storeErrors.error('not-found', { field: 'supersedes' });
  if (row.superseded_by !== null) throw storeErrors.error('alert-changed', { field: 'supersedes' });
  const event = supersededEvent({ id: oldId, status: row.status }, newId, scope.clock.now());
  await tx.query(SUPERSEDE, [scope.facilityId, oldId, newId, event.to ?? row.status]);
  await insertEvent(tx, scope, event);
}

/** Of one rule and subject only one alert is current. */
const RAISE: PreparedStatement = {
  name: 'alert-raise',
  text: `with current as (
      select id from alert where facility_id = $2 and (id = $1 or (dedup_key = $3 and superseded_by is null))
      order by sequence desc limit 1),
    raised as (
      insert into alert (id, facility_id, dedup_key, status, severity, patient_code, treatment_code, accession_number,
        study_uid, source_id, suppressed, record, created_at, expires_at)
      select $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::uuid, $11::boolean,
        $12::jsonb, $13::timestamptz, $14::timestamptz
      where not exists (select 1 from current) returning id)
    select (select id from current) as known`,
};

/** `silenced`: decisions not to alert. */
const SILENCE = `silenced as (
    insert into silence (facility_id, source_id, reason, at)
    select $1, source_id, reason, $2 from unnest($3::uuid[], $4::jsonb[]) as s (source_id, reason))`;

/** Written with the audit, see insertTold. */
function silencePart({ facilityId, clock }: Tenancy, silences: readonly (Told & { kind: 'silence' })[]): Part {
  return {
    name: 'silence',
    text: SILENCE,
    values: [
      facilityId,
      clock.now(),
      silences.map(({ sourceId }) => sourceId),
      silences.map(({ reason }) => canonicalJson(reason)),
    ],
  };
}

export type ToldResult =
  | {
      readonly kind: 'alert';
      readonly status: 'raised' | 'known';
      readonly alertId: Uuid;
      readonly audit: readonly AuditEntry[];
    }
  | { readonly kind: 'silence' };

async function insertAlert(tx: Transaction, scope: Tenancy, told: Told & { kind: 'alert' }): Promise<ToldResult> {
  const { alert, supersedes } = told;
  if (alert.facilityId !== scope.facilityId) throw storeErrors.error('wrong-facility', { field: 'facilityId' });
  const { subject } = alert;
  // A second raiser of the same key meets the unique index here, and its transaction runs again and finds the first.
  const raise = async (): Promise<Uuid | undefined> => {
    const [row] = await tx.query<{ known: Uuid | null }>(RAISE, [
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
    return row?.known ?? undefined;
  };
  const before = await raise();
  if (before !== undefined && before !== supersedes)
    return { kind: 'alert', status: 'known', alertId: before, audit: [] };
  if (supersedes !== undefined) {
    await supersede(tx, scope, supersedes, alert.id);
    if (before !== undefined) await raise();
  }
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

export interface ToldWritten {
  /** One per decision, in the order given. */
  readonly results: readonly ToldResult[];
  /** Silences, for the caller to write with the audit entries, last. */
  readonly parts: readonly Part[];
}

export async function insertTold(tx: Transaction, scope: Tenancy, told: readonly Told[]): Promise<ToldWritten> {
  const results: ToldResult[] = [];
  const silences: (Told & { kind: 'silence' })[] = [];
  for (const one of told) {
    if (one.kind === 'silence') silences.push(one);
    results.push(one.kind === 'alert' ? await insertAlert(tx, scope, one) : { kind: 'silence' });
  }
  return { results, parts: silences.length === 0 ? [] : [silencePart(scope, silences)] };
}
