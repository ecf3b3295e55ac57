// Background upkeep of the database: adds new vectors to the graph, removes finished work, and vacuums the embedded host, which has no autovacuum.
import type { StoreEvent } from './store-event.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, DAY_MS } from '#kernel/clock.ts';
import type { Database } from '#store/host/database.ts';
import { EXACT_UP_TO } from '#store/vectors/nearest.ts';

export interface MaintenanceDone {
  /** Vectors entered into a graph. */
  readonly graphed: number;
  /** Jobs and delivered messages removed. */
  readonly pruned: number;
  /** Graphs whose recall was measured. */
  readonly audited: number;
}

export interface Maintenance {
  /** One round, at once. */
  run(): Promise<MaintenanceDone>;
  close(): Promise<void>;
}

const FIRST_ROUND_MS = 60_000;
const ROUND_MS = 600_000;
const KEEP_JOBS_MS = 7 * DAY_MS;
/** Longer than any receiver's own resend window: a message enqueued again within it is known. */
const KEEP_MESSAGES_MS = 90 * DAY_MS;

export interface GraphLimits {
  /** A space with no more rows is always scanned exactly and needs no graph. */
  readonly exactUpTo: number;
  /** As many vectors outside the graph are compared one by one without being felt. */
  readonly tail: number;
}

const LIMITS: GraphLimits = { exactUpTo: EXACT_UP_TO, tail: 1_000 };
/** A batch holds the embedded database's one connection: short enough not to be felt by a commit behind it. */
const BATCH_MS = 100;
const MOST_AT_ONCE = 100;

/** Rows that are updated in place a lot; PGlite has no autovacuum, so their dead rows stay unless this removes them. */
const BUSY_TABLES = [
  'job',
  'outbox',
  'study',
  'alert',
  'audit_head',
  'record',
  'embedding_space',
  'instance',
  'reading',
];

interface SpaceTable {
  readonly name: string;
}

async function tailOf(database: Database, table: string, exactUpTo: number): Promise<number> {
  const [row] = await database.query<{ total: number; tail: number }>(
    `select (select count(*)::int from (select 1 from ${table} limit ${exactUpTo + 1}) few) as total,
       (select count(*)::int from (select 1 from ${table} where current and not in_graph limit 100000) few) as tail`,
  );
  return row === undefined || row.total <= exactUpTo ? 0 : row.tail;
}

async function enter(database: Database, table: string, rows: number): Promise<number> {
  const done = await database.query(
    `update ${table} set in_graph = true
     where reading_id in (select reading_id from ${table} where current and not in_graph limit ${rows}) returning 1`,
  );
  return done.length;
}

/** In short batches, with as long a pause after each. */
async function graph(database: Database, limits: GraphLimits, signal: AbortSignal): Promise<number> {
  const tables = await database.query<SpaceTable>(`select 'embedding_' || id as name from embedding_space order by id`);
  let graphed = 0;
  for (const { name } of tables) {
    if ((await tailOf(database, name, limits.exactUpTo)) <= limits.tail) continue;
    for (let rows = 1, entered = 1; entered > 0 && !signal.aborted;) {
      const started = performance.now();
      entered = await enter(database, name, rows);
      graphed += entered;
      const tookMs = performance.now() - started;
      rows = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor((rows * BATCH_MS) / Math.max(tookMs, 1))));
      await sleep(tookMs, undefined, { signal }).catch(() => undefined);
    }
    await database.query(`analyze ${name}`);
  }
  return graphed;
}

async function prune(database: Database, now: Date): Promise<number> {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  const jobs = await database.query(`delete from job where state = 'done' and finished_at < $1 returning 1`, [
    before(KEEP_JOBS_MS),
  ]);
  const messages = await database.query(
    `delete from outbox where state = 'delivered' and delivered_at < $1 returning 1`,
    [before(KEEP_MESSAGES_MS)],
  );
  return jobs.length + messages.length;
}

export interface MaintenanceOptions {
  readonly clock: Clock;
  readonly log: (event: StoreEvent) => void;
  readonly limits?: GraphLimits;
  /** Measures the recall of the graphs for which that is due; says how many. */
  readonly audit?: () => Promise<number>;
}

/** Runs by itself until it is closed; a round that fails is reported, and the next one tries again. */
export function startMaintenance(database: Database, options: MaintenanceOptions): Maintenance {
  const { clock, log, limits = LIMITS, audit = async () => 0 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<MaintenanceDone> | undefined;

  async function round(): Promise<MaintenanceDone> {
    const pruned = await prune(database, clock.now());
    const graphed = await graph(database, limits, signal);
    if (database.host === 'embedded') {
      for (const table of BUSY_TABLES) {
        if (!signal.aborted) await database.query(`vacuum (analyze) ${table}`);
      }
    }
    const audited = signal.aborted ? 0 : await audit();
    return { graphed, pruned, audited };
  }
  /** One at a time. */
  const run = (): Promise<MaintenanceDone> => {
    running ??= round().finally(() => {
      running = undefined;
    });
    return running;
  };
  const tick = (): void => {
    run()
      .catch((error: unknown) =>
        log({ level: 'error', event: 'store.maintenance-failed', detail: error instanceof Error ? error.name : '' }),
      )
      .finally(() => {
        if (!signal.aborted) timer = setTimeout(tick, ROUND_MS).unref();
      });
  };
  let timer = setTimeout(tick, FIRST_ROUND_MS).unref();

  return {
    run,
    async close() {
      stopping.abort();
      clearTimeout(timer);
      await running?.catch(() => undefined);
    },
  };
}
