// The hosts that every storage test runs on: the embedded one always, a real PostgreSQL where HAIDANG_TEST_DATABASE_URL names one.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Clock } from '#kernel/clock.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { type Database, openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { migrate, readMigrations } from '#store/host/migrate.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { type FacilityStore, type Store, storeOver } from '#store/store.ts';

const databaseUrl = process.env['HAIDANG_TEST_DATABASE_URL'];

export const HOSTS: readonly ('embedded' | 'postgresql')[] =
  databaseUrl === undefined ? ['embedded'] : ['embedded', 'postgresql'];

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function testClock(start = '2026-03-01T00:00:00.000Z'): TestClock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
  };
}

export interface TestStore {
  readonly store: Store;
  readonly local: FacilityStore;
  readonly clock: TestClock;
  readonly dataDir: string;
  /** Straight SQL on the same tables, past the store: what an intruder could do, and what no port shows. */
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  transaction: Database['transaction'];
  readonly database: Database;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const SCHEMA = 'haidang';

/** Making an embedded database takes seconds, copying one does not: made once per version of PGlite and of the migrations. */
async function template(): Promise<string> {
  const version = readFileSync('node_modules/@electric-sql/pglite/package.json', 'utf8');
  const key = sha256Hex([version, ...readMigrations().map(({ name, sha256 }) => `${name} ${sha256}`)].join()).slice(
    0,
    16,
  );
  const folder = join('node_modules/.cache/haidang', `store-${key}`);
  if (existsSync(folder)) return folder;
  await mkdir('node_modules/.cache/haidang', { recursive: true });
  const draft = `${folder}.${randomUUID()}`;
  const database = await openDatabase(await openEmbedded(draft, SCHEMA));
  await migrate(database, SCHEMA);
  await database.close();
  // Another test process may have been first; its copy is as good.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
  return folder;
}

export async function freshDataDir(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'haidang-store-'));
  await cp(await template(), dataDir, { recursive: true });
  return dataDir;
}

async function openHost(host: 'embedded' | 'postgresql', dataDir: string, schema: string): Promise<Database> {
  if (host === 'embedded') return openDatabase(await openEmbedded(dataDir, schema));
  if (databaseUrl === undefined) throw new Error('HAIDANG_TEST_DATABASE_URL is not set');
  return openDatabase(await openPostgresql({ url: databaseUrl, schema, log: () => undefined }));
}

/** A store of its own: a folder of its own, and on a server a schema of its own. */
export async function openTestStore(host: 'embedded' | 'postgresql'): Promise<TestStore> {
  const dataDir = host === 'embedded' ? await freshDataDir() : mkdtempSync(join(tmpdir(), 'haidang-store-'));
  const schema = host === 'embedded' ? SCHEMA : `test_${randomUUID().replaceAll('-', '')}`;
  const clock = testClock();
  let database: Database;
  let store: Store;
  let local: FacilityStore;
  async function open(): Promise<void> {
    database = await openHost(host, dataDir, schema);
    store = await storeOver(database, { dataDir, clock, schema });
    local = await store.facility('local');
  }
  await open();
  return {
    get store() {
      return store;
    },
    get local() {
      return local;
    },
    clock,
    dataDir,
    sql: (text, values) => database.query(text, values),
    transaction: (work) => database.transaction(work),
    get database() {
      return database;
    },
    async reopen() {
      await store.close();
      await open();
    },
    async close() {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
      if (host === 'postgresql') {
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        await client.query(`drop schema ${schema} cascade`);
        await client.end();
      }
    },
  };
}

/** An empty database on the test server, for what makes the schema by itself. */
export async function openTestDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  if (databaseUrl === undefined) throw new Error('HAIDANG_TEST_DATABASE_URL is not set');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const ask = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await ask(`create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(`drop database ${name} with (force)`) };
}
