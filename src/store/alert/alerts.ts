// Alerts at rest: one row each, changed only by an event, and every event kept.
import type { Told } from '#kernel/told.ts';
import { labelOf } from '#alerts/lifecycle/label.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';
import type { AlertLoad, LoadQuestion } from '#alerts/decide/reader-load.ts';
import type { AlertFilter, Alert, AlertStatus } from '#kernel/alert.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { type AlertInbox, type InboxQuery, readInbox } from './alert-inbox.ts';
import { ALERT_DECISION, countLoad } from './reader-load.ts';
import { alertForUpdate, auditOf, insertEvent, insertTold, toAlert, type AlertRow } from './alert-rows.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { storeErrors } from '#store/errors.ts';
import { asUuid } from '#store/host/identifiers.ts';
import { keepLabel } from '#store/reading/labels.ts';
import { insertOutbox } from '#store/queue/outbox.ts';
import type { PreparedStatement, Transaction } from '#store/host/database.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

export type { AlertEvent };

export interface Silence {
  readonly sourceId: Uuid;
  readonly reason: Reason;
  readonly at: string;
}

export interface RecordOptions {
  readonly from: AlertStatus;
  readonly outbox?: readonly OutgoingMessage[];
}

export interface Alerts {
  /**
   * Idempotent on the dedup key: where a current alert has it, that one is returned and nothing is written.
   * Throws CareError `store.alert-changed` when the alert that it supersedes was superseded meanwhile: decide again.
   */
  raise(told: Told & { kind: 'alert' }): Promise<{ status: 'raised' | 'known'; alert: Alert }>;
  get(id: Uuid): Promise<Alert | undefined>;
  /** Newest first. */
  list(filter?: AlertFilter): Promise<readonly Alert[]>;
  /** Of one person those that count now, the suppressed too, newest first. */
  currentOf(patientCode: string, limit: number): Promise<readonly Alert[]>;
  /** Unanswered ones first, the gravest and oldest of them at the head. */
  inbox(query: InboxQuery): Promise<AlertInbox>;
  events(alertId: Uuid): Promise<readonly AlertEvent[]>;
  /** Of many alerts, in one question; an alert without events has no entry. */
  eventsOf(alertIds: readonly Uuid[]): Promise<ReadonlyMap<Uuid, readonly AlertEvent[]>>;
  /**
   * Appends the event, sets the status when `to` is given, keeps what the answer says of the finding as a label, and queues the
   * messages, in one transaction. A known event id changes nothing.
   * Throws CareError `store.alert-changed` when the alert is no longer in `from`, `store.not-found`.
   */
  record(event: AlertEvent, options: RecordOptions): Promise<Alert>;
  /** Unanswered alerts whose time has run out, for the alert room to expire. */
  due(at: Date, limit?: number): Promise<readonly Alert[]>;
  /** For the caps and the budget of the alert policy. */
  load(question: LoadQuestion): Promise<AlertLoad>;
  /** One decision at a time in this facility, so that each sees what the one before it has raised. */
  turn<T>(decide: () => Promise<T>): Promise<T>;
  silences(filter?: { sourceId?: Uuid; since?: string; limit?: number }): Promise<readonly Silence[]>;
}

const LIST = `select record, status from alert where facility_id = $1
  and ($2::text[] is null or status = any($2))
  and ($3::text is null or severity = $3)
  and ($4::text is null or patient_code = $4)
  and ($5::text is null or treatment_code = $5)
  and ($6::text is null or accession_number = $6)
  and ($7::text is null or study_uid = $7)
  and ($8::uuid is null or source_id = $8)
  and ($9::text is null or dedup_key = $9)
  and ($10::timestamptz is null or created_at >= $10)
  and ($11 or not suppressed)
  and ($12 or superseded_by is null) and withdrawn_at is null
  order by sequence desc limit $13`;

/** Read at every judgement of a person. */
const CURRENT_OF_PATIENT: PreparedStatement = {
  name: 'alerts-of-patient',
  text: `select record, status from alert
    where facility_id = $1 and patient_code = $2 and superseded_by is null and withdrawn_at is null
    order by sequence desc limit $3`,
};

const SET_STATUS: PreparedStatement = {
  name: 'alert-status',
  text: 'update alert set status = $3 where facility_id = $1 and id = $2',
};

/** Writes an event with all that follows from it, in the caller's transaction. */
async function writeEvent(
  tx: Transaction,
  scope: Tenancy,
  event: AlertEvent,
  { from, outbox = [] }: RecordOptions,
): Promise<Alert> {
  const { facilityId } = scope;
  const row = await alertForUpdate(tx, scope, asUuid(event.alertId));
  if (row === undefined) throw storeErrors.error('not-found', { field: 'alertId' });
  if (!(await insertEvent(tx, scope, event))) return toAlert(row);
  if (row.status !== from) {
    throw storeErrors.error('alert-changed', {
      field: 'status',
      reason: `the alert is ${row.status}, not ${from}`,
    });
  }
  const status = event.to ?? row.status;
  await tx.query(SET_STATUS, [facilityId, event.alertId, status]);
  await insertOutbox(tx, scope, outbox);
  const { actor, channel, kind, reasonCode } = event;
  const label = labelOf(row.record, event);
  const labelled = label === undefined ? [] : [await keepLabel(tx, scope, label, event)];
  await appendAudit(tx, scope, [
    ...labelled,
    {
      actor,
      action: `alert.${kind}`,
      subjectType: 'alert',
      subjectId: event.alertId,
      detail: { channel, from, to: status, reasonCode },
    },
  ]);
  return toAlert({ ...row, status });
}

/** In the order in which they happened. */
async function eventsOf({ facilityId, sql }: Tenancy, alertIds: readonly Uuid[]): Promise<readonly AlertEvent[]> {
  const rows = await sql.query<{ record: AlertEvent }>(
    'select record from alert_event where facility_id = $1 and alert_id = any($2::uuid[]) order by sequence',
    [facilityId, alertIds.map(asUuid)],
  );
  return rows.map(({ record }) => record);
}

async function currentOf({ facilityId, sql }: Tenancy, patientCode: string, limit: number): Promise<readonly Alert[]> {
  const rows = await sql.query<AlertRow>(CURRENT_OF_PATIENT, [facilityId, patientCode, limit]);
  return rows.map(toAlert);
}

export function openAlerts(scope: Tenancy): Alerts {
  const { facilityId, sql } = scope;

  async function get(id: Uuid): Promise<Alert | undefined> {
    const [row] = await sql.query<AlertRow>('select record, status from alert where facility_id = $1 and id = $2', [
      facilityId,
      asUuid(id),
    ]);
    return row && toAlert(row);
  }

  return {
    async raise(told) {
      const inserted = await scope.transaction(async (tx) => {
        const { results, parts } = await insertTold(tx, scope, [told]);
        const [done] = results;
        if (done?.kind !== 'alert') throw new Error('an alert was raised and none came back');
        await appendAudit(tx, scope, auditOf(results), parts);
        return done;
      });
      const alert = await get(inserted.alertId);
      if (alert === undefined) throw storeErrors.error('not-found', { field: 'alertId' });
      return { status: inserted.status, alert };
    },
    get,
    async list(filter = {}) {
      const rows = await sql.query<AlertRow>(LIST, [
        facilityId,
        filter.statuses ?? null,
        filter.severity ?? null,
        filter.patientCode ?? null,
        filter.treatmentCode ?? null,
        filter.accessionNumber ?? null,
        filter.studyUid ?? null,
        filter.sourceId === undefined ? null : asUuid(filter.sourceId),
        filter.dedupKey ?? null,
        filter.since ?? null,
        filter.include?.includes('suppressed') ?? false,
        filter.include?.includes('superseded') ?? false,
        filter.limit ?? 100,
      ]);
      return rows.map(toAlert);
    },
    inbox: (query) => readInbox(scope, query),
    currentOf: (patientCode, limit) => currentOf(scope, patientCode, limit),
    events: (alertId) => eventsOf(scope, [alertId]),
    eventsOf: async (alertIds) => Map.groupBy(await eventsOf(scope, alertIds), ({ alertId }) => alertId),
    turn: (decide) => scope.turn(ALERT_DECISION, decide),
    record: (event, options) => scope.transaction((tx) => writeEvent(tx, scope, event, options)),
    async due(at, limit = 100) {
      const rows = await sql.query<AlertRow>(
        `select record, status from alert where facility_id = $1 and status in ('new', 'seen') and expires_at <= $2
         order by expires_at limit $3`,
        [facilityId, at, limit],
      );
      return rows.map(toAlert);
    },
    load: (question) => countLoad(sql, facilityId, question),
    async silences({ sourceId, since, limit = 100 } = {}) {
      const rows = await sql.query<{ source_id: Uuid; reason: Reason; at: Date }>(
        `select source_id, reason, at from silence where facility_id = $1 and ($2::uuid is null or source_id = $2)
           and ($3::timestamptz is null or at >= $3) order by id desc limit $4`,
        [facilityId, sourceId === undefined ? null : asUuid(sourceId), since ?? null, limit],
      );
      return rows.map((row) => ({ sourceId: row.source_id, reason: row.reason, at: row.at.toISOString() }));
    },
  };
}
