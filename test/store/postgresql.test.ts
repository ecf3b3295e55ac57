// Properties that only a database server has: several processes on one database, and connections that break.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMigrations } from '#store/host/migrate.ts';
import { openStore, type Store } from '#store/store.ts';
import { HOSTS, testClock } from './hosts.ts';
import { sampleInstance, sampleReading } from './samples.ts';

const databaseUrl = process.env['HAIDANG_TEST_DATABASE_URL'] ?? '';

describe.skipIf(!HOSTS.includes('postgresql'))('two services on one PostgreSQL (HAIDANG_TEST_DATABASE_URL)', () => {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  const clock = testClock();
  const lost: string[] = [];
  let dataDir: string;
  let stores: readonly Store[] = [];
  let admin: pg.Client;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'haidang-store-'));
    admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    const log = ({ event }: { event: string }): void => void lost.push(event);
    // At the same moment: the migrations run once.
    stores = await Promise.all([1, 2].map(() => openStore({ dataDir, databaseUrl, schema, clock, log })));
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
    await admin.query(`drop schema ${schema} cascade`);
    await admin.end();
    await rm(dataDir, { recursive: true, force: true });
  });
  const store = (n: number): Store => {
    const found = stores[n];
    if (found === undefined) throw new Error('no store');
    return found;
  };

  test('both open at once, and one of them migrated', () => {
    expect(stores.map(({ migrated }) => migrated.length).sort()).toEqual([0, readMigrations().length]);
  });

  test('a study that one accepts wakes the other', async () => {
    const woken = new Promise<void>((resolve) => void store(1).jobs.onWake(resolve));
    const local = await store(0).facility('local');
    await local.intake.accept(sampleInstance(), { actor: 'upload' });
    await woken;
    expect(await store(1).jobs.claim({ kinds: ['read-study'], worker: 'b', leaseMs: 1e6, limit: 9 })).toHaveLength(1);
  });

  test('the same study sent to both and read by both is one reading', async () => {
    const instance = sampleInstance();
    const answers = await Promise.all(
      [0, 1, 0, 1].map(async (n) => (await store(n).facility('local')).intake.accept(instance, { actor: 'upload' })),
    );
    expect(answers.filter(({ status }) => status === 'stored')).toHaveLength(1);
    const bare = { heatmaps: [], told: [], outbox: [], audit: [] };
    const committed = await Promise.all(
      [0, 1, 0, 1].map(async (n) =>
        (await store(n).facility('local')).readings.commit({ ...bare, reading: sampleReading(instance) }),
      ),
    );
    expect(committed.filter(({ status }) => status === 'committed')).toHaveLength(1);
    expect(await (await store(0).facility('local')).audit.verify()).toMatchObject({ intact: true });
  });

  test('take turns: whatever the number of facilities, one decision of each at a time', async () => {
    const deciding = new Map<string, number>();
    const names = Array.from({ length: 12 }, (_, place) => `ward-${place}`);
    const decisions = names.flatMap((name) =>
      [0, 1, 0, 1].map(async (n) => {
        const { alerts } = await store(n).facility(name);
        await alerts.turn(async () => {
          deciding.set(name, (deciding.get(name) ?? 0) + 1);
          expect(deciding.get(name)).toBe(1);
          await alerts.list();
          deciding.set(name, 0);
        });
      }),
    );
    await Promise.all(decisions);
    expect(deciding.size).toBe(12);
  });

  test('broken connections are replaced, and the listener asks for work that it may have missed', async () => {
    const woken = new Promise<void>((resolve) => void store(0).jobs.onWake(resolve));
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      `haidang/${schema}`,
    ]);
    await woken;
    expect(lost).toContain('store.listener-lost');
    // A query that meets a connection just broken may fail once; the pool drops it.
    await store(0)
      .ping()
      .catch(() => undefined);
    await store(0).ping();
    const local = await store(0).facility('local');
    expect(await local.intake.accept(sampleInstance(), { actor: 'upload' })).toMatchObject({ status: 'stored' });
  });
});
