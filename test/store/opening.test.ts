import { fork } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { lockFolder, succeed } from '#store/host/folder-lock.ts';
import { readMigrations } from '#store/host/migrate.ts';
import { openStore } from '#store/store.ts';
import { freshDataDir, HOSTS, openTestStore } from './hosts.ts';
import { readOne } from './read-one.ts';
import { sampleInstance } from './samples.ts';

describe('the lock of the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haidang-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const file = () => join(folder, 'in-use.json');

  test('a second opener is told who holds it, and gets it when the first lets go', async () => {
    const first = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'store.folder-in-use',
      field: 'HAIDANG_DATA_DIR',
      reason: expect.stringContaining(`process ${process.pid}`),
    });
    await first.close();
    await (await lockFolder(folder)).close();
  });

  test('of ten that open it at once one wins', async () => {
    const locks = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    const won = locks.filter((lock) => lock.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const { value } of won) await value.close();
  });

  test('a holder that was killed does not hold it, also where another process has its number now', async () => {
    const first = await lockFolder(folder);
    const holder = JSON.parse(await readFile(file(), 'utf8'));
    await first.close();
    for (const dead of [
      { ...holder, pid: 2 ** 22 - 1 },
      { ...holder, started: '1' },
    ]) {
      await writeFile(file(), JSON.stringify(dead));
      const next = await lockFolder(folder);
      expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
      await next.close();
    }
  });

  const dead = { pid: 2 ** 22 - 1, host: 'gone', started: '', token: 'x' };
  const leave = async (name: string, token = dead.token) => {
    await writeFile(join(folder, name), JSON.stringify({ ...dead, token }));
    const old = new Date(Date.now() - 60_000);
    await utimes(join(folder, name), old, old);
  };

  test('ten that find a dead holder at once: one wins', async () => {
    await leave('in-use.json');
    const locks = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    expect(locks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['in-use.json']);
  });

  test('one that found the holder dead and comes late leaves the file of the winner alone', async () => {
    await leave('in-use.json');
    const winner = await lockFolder(folder);
    const before = await readFile(file(), 'utf8');
    const draft = join(folder, 'late.new');
    await writeFile(draft, 'late');
    expect(await succeed(file(), dead, draft)).toBe(false);
    expect(await readFile(file(), 'utf8')).toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['in-use.json', 'late.new']);
    await winner.close();
  });

  test('while a living process takes the place of a dead one no other does; one killed at it holds nobody up', async () => {
    await leave('in-use.json');
    const claim = join(folder, 'in-use.after-x.json');
    const other = await mkdtemp(join(tmpdir(), 'haidang-lock-'));
    const living = await lockFolder(other);
    await copyFile(join(other, 'in-use.json'), claim);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'store.folder-in-use' });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(dead);
    await living.close();
    await rm(other, { recursive: true });

    for (const token of ['y', 'x']) {
      await leave('in-use.json');
      await leave('in-use.after-x.json', token);
      await (await lockFolder(folder)).close();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  test('an empty or broken lock file holds nobody up', async () => {
    for (const text of ['', '{', '{"pid":"x"}']) {
      await writeFile(file(), text);
      const next = await lockFolder(folder);
      expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ pid: process.pid });
      await next.close();
    }
  });
});

describe.each(HOSTS)('opening on %s', (host) => {
  test('migrations run once, and a changed or missing one stops the start', async () => {
    const at = await openTestStore(host);
    await at.reopen();
    expect(at.store.migrated).toEqual([]);
    expect(await at.sql('select name from migration order by name')).toEqual(
      readMigrations().map(({ name }) => ({ name })),
    );
    await at.sql(`insert into migration (name, sha256) values ('0099-from-the-future.sql', 'x')`);
    await expect(at.reopen()).rejects.toMatchObject({
      code: 'store.migration-changed',
      field: '0099-from-the-future.sql',
    });
    await at.close().catch(() => undefined);
  });

  test('a query past an open transaction is refused instead of waiting for ever', async () => {
    const at = await openTestStore(host);
    const content = { keep: () => at.local.audit.verify(), discard: async () => undefined };
    await expect(at.local.intake.accept(sampleInstance(), { actor: 'x', content } as never)).rejects.toThrow(
      'inside a transaction',
    );
    await at.close();
  });

  test('row-level security: a transaction that names its facility sees no other, one that names none sees nothing', async () => {
    const at = await openTestStore(host);
    await (await at.store.facility('other')).refusals.record({ code: 'x', reason: 'other' });
    await at.local.refusals.record({ code: 'x', reason: 'local' });
    const [where] = await at.sql<{ schema: string }>('select current_schema() as schema');
    // A server's session has a role that policies bind; the embedded one is the owner of all, whom none does.
    const role = host === 'embedded' ? `reader_${where?.schema}` : undefined;
    if (role !== undefined) {
      await at.sql(`create role ${role}`);
      await at.sql(`grant usage on schema ${where?.schema} to ${role}`);
      await at.sql(`grant select, insert on refusal to ${role}`);
    }
    const inFacility = <Row>(facility: string, text: string) =>
      at.transaction(async (tx) => {
        if (role !== undefined) await tx.query(`set local role ${role}`);
        await tx.query(`select set_config('haidang.facility', $1, true)`, [facility]);
        return tx.query<Row>(text);
      });
    const reasons = async (facility: string) =>
      (await inFacility<{ reason: string }>(facility, 'select reason from refusal order by reason')).map(
        ({ reason }) => reason,
      );
    expect(await reasons('local')).toEqual(['local']);
    expect(await reasons('other')).toEqual(['other']);
    expect(await reasons('')).toEqual([]);
    expect(await reasons('*')).toEqual(['local', 'other']);
    await expect(
      inFacility('local', `insert into refusal (facility_id, code, reason, at) values ('other', 'x', 'x', now())`),
    ).rejects.toThrow('row-level security');
    const [open] = await at.sql<{ tables: string | null }>(
      `select string_agg(relname, ',') as tables from pg_class c join pg_attribute a on a.attrelid = c.oid
       where a.attname = 'facility_id' and relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace
         and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(open?.tables).toBeNull();
    if (role !== undefined) {
      await at.sql(`drop owned by ${role}`);
      await at.sql(`drop role ${role}`);
    }
    await at.close();
  });
});

test('a database thread that dies fails what it was asked, and the next query finds all that was committed', async () => {
  const dataDir = await freshDataDir();
  const host = await openEmbedded(dataDir, 'haidang');
  await host.pool.query('create table kept (n integer)');
  await host.pool.query('insert into kept values (1)');
  const client = await host.pool.connect();
  client.on('error', () => undefined);
  await client.query('begin');
  await client.query('insert into kept values (2)');
  // No session can begin so: PGlite gives up, and its thread with it.
  const { connection } = client as unknown as { connection: { stream: Duplex } };
  connection.stream.write(Buffer.from([0, 0, 0, 9, 9, 9, 9, 9, 9]));
  await expect(client.query('commit')).rejects.toThrow('');
  client.release(true);
  expect((await host.pool.query('select n from kept')).rows).toEqual([{ n: 1 }]);
  await host.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('after a kill every acknowledged image is there once, read once, alerted once', async () => {
  const dataDir = await freshDataDir();
  const acknowledged: string[] = [];
  // Twice, at a moment that nobody chose: between accepting, claiming, reading and committing.
  for (const until of [7, 20]) {
    const child = fork(new URL('./killed.ts', import.meta.url), [dataDir], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise<void>((resolve) => {
      child.on('message', (uid: string) => {
        acknowledged.push(uid);
        if (acknowledged.length === until) child.kill('SIGKILL');
      });
      child.on('exit', () => resolve());
    });
  }
  const store = await openStore({ dataDir, clock: systemClock });
  const local = await store.facility('local');
  while (await readOne(store, local));

  expect(acknowledged.length).toBeGreaterThanOrEqual(20);
  for (const uid of acknowledged) {
    const instance = await local.intake.instance(uid);
    expect(await store.blobs.get(instance?.blob.sha256 ?? '')).toEqual(Buffer.from(uid));
    const studyUid = instance?.studyUid ?? '';
    const readings = await local.readings.ofStudy(studyUid);
    expect(readings).toMatchObject([{ revision: 1, outcome: 'assessed' }]);
    expect(await local.alerts.list({ studyUid, include: ['superseded', 'suppressed'] })).toHaveLength(1);
    const heatmap = await local.readings.heatmap(readings[0]?.id ?? '', 'Effusion');
    expect(await store.blobs.has(heatmap?.blob.sha256 ?? '0'.repeat(64))).toBe(true);
  }
  const studies = await local.worklist.count({ state: 'all' });
  expect(await local.outbox.list({ limit: 1_000 })).toHaveLength(studies);
  expect(await local.audit.verify()).toMatchObject({ intact: true });
  expect(await store.jobs.counts()).toMatchObject({ waiting: 0, running: 0, dead: 0 });
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
}, 300_000);
