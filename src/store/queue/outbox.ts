// Messages to others: written with the result that they tell of, delivered until acknowledged, in order per patient.
import type { ClaimedMessage, OutboxEntry, OutboxState } from '#kernel/outgoing-message.ts';
import type { Clock } from '#kernel/clock.ts';
import { newUuid, type Uuid } from '#kernel/ids.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { canonicalJson, storableText } from '#store/host/canonical.ts';
import type { Database, Transaction } from '#store/host/database.ts';
import { storeErrors } from '#store/errors.ts';
import { asUuid } from '#store/host/identifiers.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

export interface Outbox {
  /** The heads of the queues (per target and order key) that are due, the longest due first: one that fails again and again gives way. */
  claim(options: { target?: string; leaseMs: number; limit: number }): Promise<readonly ClaimedMessage[]>;
  ack(message: ClaimedMessage): Promise<void>;
  /** Tried again at `nextAt`; the ones behind it wait. A lease that was lost in between changes nothing. */
  fail(message: ClaimedMessage, error: string, nextAt: Date): Promise<void>;
  /** Gives up until a person resends it; the ones behind it go on. */
  dead(message: ClaimedMessage, error: string): Promise<void>;
  /** Called whenever a message may be due. */
  onWake(listener: () => void): () => void;
  /** When the next message of a target is due, if any waits. */
  nextDueAt(target?: string): Promise<Date | undefined>;
}

/** The same queue as one facility sees it. */
export interface FacilityOutbox {
  /** Idempotent on the message id. */
  enqueue(messages: readonly OutgoingMessage[]): Promise<void>;
  list(filter?: { state?: OutboxState; target?: string; limit?: number }): Promise<readonly OutboxEntry[]>;
  /** A dead message waits again, with the same identity. Throws CareError `store.not-found`. */
  resend(id: Uuid, actor: string): Promise<void>;
}

/** Idempotent on the message id. Called before the audit entry of the same transaction. */
export async function insertOutbox(
  tx: Transaction,
  scope: Tenancy,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  const { facilityId } = scope;
  // Numbers are given out before the commit: without this, a later number of the same patient could become visible first.
  for (const key of [
    ...new Set(messages.map(({ target, orderKey }) => `${facilityId} ${target} ${orderKey}`)),
  ].sort()) {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [storableText(key)]);
  }
  const now = scope.clock.now();
  for (const message of messages) {
    await tx.query(
      `insert into outbox (id, facility_id, target, topic, order_key, body, state, next_at, created_at)
       values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $7) on conflict (facility_id, id) do nothing`,
      [
        message.id,
        facilityId,
        message.target,
        message.topic,
        storableText(message.orderKey),
        canonicalJson(message.body),
        now,
      ],
    );
  }
  if (messages.length > 0) tx.wake('outbox');
}

interface OutboxRow extends Pick<OutboxEntry, 'id' | 'target' | 'topic' | 'body' | 'state' | 'attempts'> {
  readonly facility_id: string;
  readonly order_key: string;
  readonly next_at: Date;
  readonly lease: Uuid | null;
  readonly created_at: Date;
  readonly delivered_at: Date | null;
  readonly last_error: string | null;
}

const toMessage = (row: OutboxRow): OutgoingMessage & { facilityId: string; createdAt: string } => ({
  id: row.id,
  facilityId: row.facility_id,
  target: row.target,
  topic: row.topic,
  orderKey: row.order_key,
  body: row.body,
  createdAt: row.created_at.toISOString(),
});

const toEntry = (row: OutboxRow): OutboxEntry => ({
  ...toMessage(row),
  state: row.state,
  attempts: row.attempts,
  nextAt: row.next_at.toISOString(),
  ...optional('deliveredAt', row.delivered_at?.toISOString()),
  ...optional('lastError', row.last_error),
});

/** A sender that died: its messages wait again. They may have arrived, so they go out with the same identity. */
export async function recoverOutbox(tx: Transaction, now: Date, leases: 'expired' | 'all'): Promise<void> {
  await tx.query(
    `update outbox set state = 'waiting', lease = null, lease_until = null
     where state = 'sending' and ($2 or lease_until < $1 or lease_until > $1 + interval '10 minutes')`,
    [now, leases === 'all'],
  );
  tx.wake('outbox');
}

export function openOutbox(database: Database, clock: Clock): Outbox {
  return {
    async claim({ target, leaseMs, limit }) {
      return database.transaction(async (tx) => {
        const now = clock.now();
        const [lost] = await tx.query(
          `select 1 from outbox where state = 'sending'
             and (lease_until < $1 or lease_until > $1 + interval '10 minutes') limit 1`,
          [now],
        );
        if (lost !== undefined) await recoverOutbox(tx, now, 'expired');
        const lease = newUuid();
        const rows = await tx.query<OutboxRow>(
          `with head as (
             select sequence from outbox o where state = 'waiting' and (next_at <= $1 or created_at > $1 + interval '1 minute')
               and ($2::text is null or target = $2)
               and not exists (select 1 from outbox p where p.facility_id = o.facility_id and p.target = o.target
                 and p.order_key = o.order_key and p.state in ('waiting', 'sending') and p.sequence < o.sequence)
             order by next_at, sequence limit $3 for update skip locked)
           update outbox set state = 'sending', attempts = attempts + 1, lease = $4, lease_until = $5
           from head where outbox.sequence = head.sequence returning outbox.*`,
          [now, target ?? null, limit, lease, new Date(now.getTime() + leaseMs)],
        );
        return rows.map((row) => ({ ...toMessage(row), attempt: row.attempts, lease }));
      });
    },
    async ack(message) {
      await database.transaction(async (tx) => {
        // Also where another worker holds the lease now: the receiver has the message.
        await tx.query(
          `update outbox set state = 'delivered', delivered_at = $3, lease = null, lease_until = null
           where facility_id = $1 and id = $2 and state <> 'delivered'`,
          [message.facilityId, message.id, clock.now()],
        );
        tx.wake('outbox');
      });
    },
    async fail(message, error, nextAt) {
      await database.query(
        `update outbox set state = 'waiting', next_at = $4, last_error = $5, lease = null, lease_until = null
         where facility_id = $1 and id = $2 and lease = $3`,
        [message.facilityId, message.id, message.lease, nextAt, storableText(error)],
      );
    },
    async dead(message, error) {
      await database.transaction(async (tx) => {
        await tx.query(
          `update outbox set state = 'dead', last_error = $4, lease = null, lease_until = null
           where facility_id = $1 and id = $2 and lease = $3`,
          [message.facilityId, message.id, message.lease, storableText(error)],
        );
        tx.wake('outbox');
      });
    },
    onWake: (listener) => database.onWake('outbox', listener),
    async nextDueAt(target) {
      const [row] = await database.query<{ at: Date | null }>(
        // Only the head of each queue: what waits behind a postponed head is not due, whatever its own time says.
        `select min(case when state = 'waiting' then next_at else lease_until end) as at from outbox o
         where state in ('waiting', 'sending') and ($1::text is null or target = $1)
           and not exists (select 1 from outbox p where p.facility_id = o.facility_id and p.target = o.target
             and p.order_key = o.order_key and p.state in ('waiting', 'sending') and p.sequence < o.sequence)`,
        [target ?? null],
      );
      return row?.at ?? undefined;
    },
  };
}

export function openFacilityOutbox(scope: Tenancy): FacilityOutbox {
  return {
    enqueue: (messages) => scope.transaction((tx) => insertOutbox(tx, scope, messages)),
    async list({ state, target, limit = 100 } = {}) {
      const rows = await scope.sql.query<OutboxRow>(
        `select * from outbox where facility_id = $1 and ($2::text is null or state = $2)
           and ($3::text is null or target = $3) order by sequence desc limit $4`,
        [scope.facilityId, state ?? null, target ?? null, limit],
      );
      return rows.map(toEntry);
    },
    async resend(id, actor) {
      await scope.transaction(async (tx) => {
        const rows = await tx.query(
          `update outbox set state = 'waiting', next_at = $3, attempts = 0
           where facility_id = $1 and id = $2 and state = 'dead' returning id`,
          [scope.facilityId, asUuid(id), scope.clock.now()],
        );
        if (rows.length === 0) throw storeErrors.error('not-found', { field: 'id' });
        tx.wake('outbox');
        await appendAudit(tx, scope, [{ actor, action: 'message.resent', subjectType: 'message', subjectId: id }]);
      });
    },
  };
}
