// Transactions that wait for the one session of the embedded database share one flush of its log to the disk.
import { rm } from 'node:fs/promises';
import type { PoolClient } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openDatabase, type Sql } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { createGroupFlush } from '#store/host/group-flush.ts';
import { storeOver } from '#store/store.ts';
import { freshDataDir, testClock } from './hosts.ts';

const dataDir = await freshDataDir();
const host = await openEmbedded(dataDir, 'haidang');
const database = await openDatabase(host);
const store = await storeOver(database, { dataDir, clock: testClock() });
await store.facility('local');
afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

const lsn = async (sql: Sql, name: 'flush' | 'insert'): Promise<bigint> => {
  const [row] = await sql.query<{ at: string }>(`select (pg_current_wal_${name}_lsn() - '0/0')::text as at`);
  return BigInt(row?.at ?? -1);
};

test('each of twenty that commit at once is on the disk when it is told', async () => {
  const one = async () => {
    const written = await database.transaction(async (tx) => {
      await tx.query(
        `insert into record (facility_id, room, key, value, updated_at)
         values ('local', 'test', gen_random_uuid()::text, '{}', now())`,
      );
      return lsn(tx, 'insert');
    });
    return { written, flushed: await lsn(database, 'flush') };
  };
  for (const { written, flushed } of await Promise.all(Array.from({ length: 20 }, one)))
    expect(flushed).toBeGreaterThan(written);
  const [row] = await database.query<{ n: number }>(`select count(*)::int as n from record where room = 'test'`);
  expect(row?.n).toBe(20);
});

test('a commit of a session that has ended is not called durable', async () => {
  const flushed = createGroupFlush(host.pool);
  const client = await host.pool.connect();
  client.release();
  await flushed(client);
  const another = Object.create(client) as PoolClient;
  await expect(flushed(another)).rejects.toMatchObject({ code: 'store.unreachable' });
  await flushed(client);
});
