// SQL in, rows out, on either host: a pool of `pg` clients, transactions that retry on conflict, and wake-up calls after commit.
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type { Pool, PoolClient } from 'pg';
import { storeErrors } from '#store/errors.ts';
import { retryingConflicts } from './conflicts.ts';
import { tellingFaults } from './technical-fault.ts';
import { createGroupFlush } from './group-flush.ts';
import { createTurns, lockOf, rollback } from './turns.ts';

export type Wake = 'jobs' | 'outbox';

/**
 * Parsed and planned once per connection: for what is asked at every request, where that costs more than the answer.
 * Only for fixed text with a fixed list of columns: a name means one text, and PostgreSQL keeps every one of them.
 */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/** Rows come back as the caller says they are: only this room writes these tables, and its migrations are checked at start. */
export interface Sql {
  query<Row>(statement: string | PreparedStatement, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Transaction extends Sql {
  /** After the commit, and never without it: work of this kind may be ready. */
  wake(what: Wake): void;
}

export interface TransactionOptions {
  /** The only facility that row-level security lets it see; absent: all. Checked against its pattern: it stands in SQL text. */
  readonly facilityId?: string;
  /** Takes its turn of this name, see `Database.turn`. Fixed words and a facility: it stands in SQL text. */
  readonly turn?: string;
}

export interface Database extends Sql {
  /** `facilityId`: the only one that row-level security lets it see; absent: all. */
  query<Row>(statement: string | PreparedStatement, values?: readonly unknown[], facilityId?: string): Promise<Row[]>;
  readonly host: 'embedded' | 'postgresql';
  /** Runs `work` again, up to 5 times, where PostgreSQL says that it met another transaction. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** One `work` of this name at a time, in the order of asking, over all processes; it may use the database as it likes. */
  turn<T>(name: string, work: () => Promise<T>): Promise<T>;
  onWake(what: Wake, listener: () => void): () => void;
  close(): Promise<void>;
}

export interface Host {
  readonly kind: Database['host'];
  readonly pool: Pool;
  /** Connections that only hold turns, so that those who have theirs find one to work with; absent where there are no other processes. */
  readonly turns?: Pool;
  /** SQL that tells other processes; absent where there are none. */
  readonly broadcast?: (what: Wake) => string;
  /** Calls back when another process told. */
  readonly subscribe?: (listener: (what: Wake) => void) => Promise<void>;
  close(): Promise<void>;
}

/** What a worker of all facilities names; without a name row-level security shows nothing. */
const ALL_FACILITIES = '*';

/** PostgreSQL refuses a NUL in a text; asked here, the same texts are refused on either host and the connection stays whole. */
const holdsNul = (value: unknown): boolean =>
  typeof value === 'string' ? value.includes('\0') : Array.isArray(value) && value.some(holdsNul);

function queryOf(statement: string | PreparedStatement, values: readonly unknown[] = []) {
  if (values.some(holdsNul)) throw storeErrors.error('text-not-storable');
  return { ...(typeof statement === 'string' ? { text: statement } : statement), values: [...values] };
}

/** Queries outside a transaction, each from a connection that sees one facility. */
function createFacilityQuery({ kind, pool }: Pick<Host, 'kind' | 'pool'>) {
  // A connection is named again only when its next query is another facility's. The embedded database has one session, its owner's, whom
  // every policy lets through: naming it would cost a round trip for nothing.
  const named = new WeakMap<PoolClient, string>();
  return async (query: ReturnType<typeof queryOf>, facility: string) => {
    const client = await pool.connect();
    let broken: unknown;
    try {
      if (kind === 'postgresql' && named.get(client) !== facility) {
        await client.query(`set haidang.facility = '${facility}'`);
        named.set(client, facility);
      }
      return await client.query(query);
    } catch (error) {
      broken = error;
      throw error;
    } finally {
      client.release(broken instanceof Error ? broken : undefined);
    }
  };
}

export async function openDatabase(host: Host): Promise<Database> {
  const turns = createTurns(host.turns);
  const wakes = new EventEmitter().setMaxListeners(0);
  const inside = new AsyncLocalStorage<true>();
  await host.subscribe?.((what) => wakes.emit(what));

  /** One message to the server: each costs a round trip. */
  const opening = ({ facilityId, turn }: TransactionOptions): string =>
    [
      'begin',
      `set local haidang.facility = '${facilityId ?? ALL_FACILITIES}'`,
      ...(turn === undefined || host.turns === undefined ? [] : [`select ${lockOf(turn)}`]),
    ].join('; ');
  const closing = (woken: ReadonlySet<Wake>): string =>
    [...[...woken].flatMap((what) => host.broadcast?.(what) ?? []), 'commit'].join('; ');

  const ask = createFacilityQuery(host);
  const flushed = host.kind === 'embedded' ? createGroupFlush(host.pool) : undefined;

  async function once<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<T> {
    const client = await host.pool.connect();
    const woken = new Set<Wake>();
    let committed: T;
    let deferred = false;
    let broken: unknown;
    try {
      await client.query(opening(options));
      const result = await work({
        query: async (statement, values) => (await client.query(queryOf(statement, values))).rows,
        wake: (what) => void woken.add(what),
      });
      // Others wait for the only connection: they need not wait for the disk as well.
      deferred = flushed !== undefined && host.pool.waitingCount > 0;
      await client.query(`${deferred ? 'set local synchronous_commit = off; ' : ''}${closing(woken)}`);
      committed = result;
    } catch (error) {
      broken = await rollback(client);
      throw error;
    } finally {
      client.release(broken instanceof Error ? broken : undefined);
    }
    if (deferred) await flushed?.(client);
    for (const what of woken) wakes.emit(what);
    return committed;
  }

  // The embedded host has one connection: a query past the open transaction would wait for itself for ever.
  const outside = (): void => {
    if (inside.getStore()) throw new Error('a query was asked of the pool inside a transaction: use the transaction');
  };

  return {
    host: host.kind,
    async turn(name, work) {
      outside();
      return tellingFaults(() => turns.everywhere(name, work));
    },
    async query(statement, values, facilityId = ALL_FACILITIES) {
      outside();
      return (await tellingFaults(() => retryingConflicts(() => ask(queryOf(statement, values), facilityId)))).rows;
    },
    async transaction(work, options = {}) {
      outside();
      const { turn } = options;
      const tried = () => retryingConflicts(() => inside.run(true, () => once(work, options)));
      return tellingFaults(() => (turn === undefined ? tried() : turns.here(turn, tried)));
    },
    onWake(what, listener) {
      wakes.on(what, listener);
      return () => void wakes.off(what, listener);
    },
    close: () => host.close(),
  };
}
