// The host for a hospital that has a database server: PostgreSQL with pgvector >= 0.8, several processes at once.
import pg from 'pg';
import type { Host, Wake } from './database.ts';
import { roleToTake } from './service-role.ts';

const CHANNEL = 'haidang_wake';
const RECONNECT_MS = 1_000;

/** What the server's administrator sees; PostgreSQL cuts it at 63 characters. */
const nameOf = (schema: string): string => `haidang/${schema}`;

export interface PostgresqlOptions {
  readonly url: string;
  /** Lies in its own schema, so that a test or a second service shares a database without meeting the first. */
  readonly schema: string;
  readonly log: (event: { level: 'info' | 'warn' | 'error'; event: string; detail?: string }) => void;
}

/** One connection that only listens; when it breaks it comes back, and says that something may have been missed. */
async function listen(options: PostgresqlOptions, listener: (what: Wake) => void): Promise<() => Promise<void>> {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: options.url,
      keepAlive: true,
      application_name: nameOf(options.schema),
    });
    fresh.on('notification', ({ payload }) => {
      const [schema, what] = (payload ?? '').split(' ');
      if (schema === options.schema && (what === 'jobs' || what === 'outbox')) listener(what);
    });
    fresh.on('error', (error) => lost(error));
    fresh.on('end', () => lost());
    await fresh.connect();
    await fresh.query(`listen ${CHANNEL}`);
    client = fresh;
  };
  const lost = (error?: Error): void => {
    if (closed || timer !== undefined) return;
    client = undefined;
    options.log({ level: 'warn', event: 'store.listener-lost', ...(error && { detail: error.name }) });
    timer = setTimeout(() => {
      timer = undefined;
      connect().then(
        () => {
          listener('jobs');
          listener('outbox');
        },
        (failure: Error) => lost(failure),
      );
    }, RECONNECT_MS);
  };

  await connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await client?.end();
  };
}

interface PoolOptions extends PostgresqlOptions {
  readonly role: string | undefined;
}

function poolOf({ url, schema, log, role }: PoolOptions, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    keepAlive: true,
    application_name: nameOf(schema),
    // As a start option it is what `reset role` goes back to.
    options: `-c search_path=${schema},public${role === undefined ? '' : ` -c role=${role}`}`,
  });
  // Without a listener an idle connection that breaks would end the process; the next query takes a fresh one.
  pool.on('error', (error) => log({ level: 'warn', event: 'store.connection-lost', detail: error.name }));
  return pool;
}

/** Throws CareError `store.role-above-policies`. */
export async function openPostgresql(options: PostgresqlOptions): Promise<Host> {
  const role = await roleToTake(options.url, options.schema);
  if (role !== undefined) options.log({ level: 'info', event: 'store.role-taken', detail: role });
  const pool = poolOf({ ...options, role }, 10);
  const turns = poolOf({ ...options, role }, 2);
  let stop: (() => Promise<void>) | undefined;
  return {
    kind: 'postgresql',
    pool,
    turns,
    broadcast: (what) => `notify ${CHANNEL}, '${options.schema} ${what}'`,
    subscribe: async (listener) => {
      stop = await listen(options, listener);
    },
    async close() {
      await stop?.();
      await Promise.all([pool.end(), turns.end()]);
    },
  };
}
