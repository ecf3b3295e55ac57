// A backup is made beside running work, restored into an empty place, and everything is there: rows, files, the audit chain, the numbers.
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { storedLinkKeys } from '#access/link-keys.ts';
import { tokenKeyInFolder, tokenKeyInStore } from '#access/token-key.ts';
import { systemClock } from '#kernel/clock.ts';
import { sha256Hex } from '#kernel/ids.ts';
import { lastHead, startHeadSigner } from '#service/audit-heads.ts';
import { openBlobs } from '#store/blobs/blobs.ts';
import { restoreStore } from '#store/backup/restore-store.ts';
import { openStore, type Store } from '#store/store.ts';
import { HOSTS, openTestDatabase, openTestStore, type TestStore } from './hosts.ts';
import { readOne } from './read-one.ts';
import { sampleInstance } from './samples.ts';

// An embedded database is made anew here; a machine that does other work at the same time takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const TABLES = ['study', 'instance', 'reading', 'finding', 'alert', 'audit', 'audit_head', 'embedding', 'heatmap'];

describe.each(HOSTS)('a backup of a store on %s', (host) => {
  let from: TestStore;
  let folder: string;
  let file: string;
  let restored: Store | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haidang-backup-'));
    file = join(folder, 'backup');
    from = await openTestStore(host);
    for (let study = 0; study < 3; study += 1) {
      await from.local.intake.accept(sampleInstance(), { actor: 'test' });
      await readOne(from.store, from.local);
    }
    await from.store.blobs.put(Buffer.from('a film'));
    await from.store.backup(createWriteStream(file), '0.0.0');
  });
  afterAll(async () => {
    await restored?.close();
    await from.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('brings back every row, every file and an intact audit chain, and goes on from there', async () => {
    const dataDir = join(folder, 'new');
    const done = await restoreStore(file, { dataDir });
    expect(done).toMatchObject({ version: '0.0.0', rows: expect.any(Number) });
    restored = await openStore({ dataDir, clock: from.clock });
    const local = await restored.facility('local');
    const before = await from.local.audit.verify();
    expect(await local.audit.verify()).toMatchObject({ intact: true, entries: before.entries, head: before.head });
    // The restored store backs up to the same rows.
    const again = join(folder, 'again');
    await restored.backup(createWriteStream(again), '0.0.0');
    const HEAD = /\{"name":"tables\/(\w+)","bytes":\d+,"sha256":"[0-9a-f]+"\}/g;
    const rowsOf = async (path: string): Promise<string[]> =>
      [
        ...gunzipSync(await readFile(path))
          .toString('latin1')
          .matchAll(HEAD),
      ].flatMap(([head, table = '']) => (TABLES.includes(table) ? [head] : []));
    expect(await rowsOf(again)).toHaveLength(TABLES.length);
    expect(await rowsOf(again)).toEqual(await rowsOf(file));
    // Numbers that the database gives itself go on: nothing collides.
    await local.refusals.record({ code: 'x.y', reason: 'z' });
    expect(await restored.verify()).toMatchObject({ missing: expect.any(Array), damaged: [] });
  });

  test('is restored into an empty place only, and a failed restore leaves nothing behind', async () => {
    await expect(restoreStore(file, { dataDir: folder })).rejects.toMatchObject({
      code: 'store.not-empty',
    });
    const whole = gunzipSync(await readFile(file));
    const damage = async (bytes: Buffer, code: string): Promise<void> => {
      const dataDir = await mkdtemp(join(tmpdir(), 'haidang-restore-'));
      const broken = join(folder, 'broken');
      await writeFile(broken, gzipSync(bytes));
      await expect(restoreStore(broken, { dataDir })).rejects.toMatchObject({ code });
      expect(await readdir(dataDir)).toEqual([]);
      await rm(dataDir, { recursive: true });
    };
    const flipped = Buffer.from(whole);
    flipped.write('X', flipped.indexOf('tables/audit"') + 600);
    await damage(flipped, 'store.backup-damaged');
    await damage(whole.subarray(0, whole.length - 200), 'store.backup-damaged');
    await damage(Buffer.from('no backup\n'), 'store.backup-damaged');
  });
});

describe('a restore with HAIDANG_BLOBS', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haidang-backup-'));
    file = join(folder, 'backup');
    const from = await openTestStore('embedded');
    await from.local.intake.accept(sampleInstance(), { actor: 'test' });
    await from.store.blobs.put(Buffer.from('a film'));
    await from.store.backup(createWriteStream(file), '0.0.0');
    await from.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('puts the files where the settings say, and that place opens with the same settings', async () => {
    const to = { dataDir: join(folder, 'data'), blobs: { folder: join(folder, 'films') } };
    expect(await restoreStore(file, to)).toMatchObject({ blobs: 1 });
    expect(await readdir(to.blobs.folder)).toContain('installation.json');
    expect(await readdir(to.dataDir)).not.toContain('installation.json');
    const store = await openStore({ ...to, clock: systemClock });
    expect((await store.blobs.get(sha256Hex('a film'))).toString()).toBe('a film');
    await store.close();
  });

  test('is refused where the place holds an installation or films of another one, which stay', async () => {
    const to = { dataDir: join(folder, 'second'), blobs: { folder: join(folder, 'taken') } };
    await mkdir(to.blobs.folder);
    const refused = { code: 'store.not-empty', field: 'HAIDANG_BLOBS' };
    await writeFile(join(to.blobs.folder, 'installation.json'), '{}');
    await expect(restoreStore(file, to)).rejects.toMatchObject(refused);
    expect(await readFile(join(to.blobs.folder, 'installation.json'), 'utf8')).toBe('{}');
    await rm(join(to.blobs.folder, 'installation.json'));
    const { sha256 } = await (await openBlobs(to.blobs.folder)).put(Buffer.from('another film'));
    await expect(restoreStore(file, to)).rejects.toMatchObject(refused);
    expect((await stat(join(to.blobs.folder, sha256.slice(0, 2), sha256.slice(2)))).isFile()).toBe(true);
    expect(await readdir(to.dataDir)).toEqual([]);
  });

  test('leaves nothing behind where it fails half-way, and strangers’ files where they were', async () => {
    const to = { dataDir: join(folder, 'third'), blobs: { folder: join(folder, 'shared') } };
    await mkdir(to.blobs.folder);
    await writeFile(join(to.blobs.folder, 'readme.txt'), 'of somebody else');
    const whole = gunzipSync(await readFile(file));
    const broken = join(folder, 'unknown-entry');
    // Whole by its hashes, so the fault is met only when everything before it was restored.
    const stranger = { name: 'strange/entry', bytes: 0, sha256: sha256Hex('') };
    const end = whole.lastIndexOf('{"end":true');
    const entries = Number(/"entries":(\d+)/.exec(whole.subarray(end).toString())?.[1]);
    const tail = `${JSON.stringify(stranger)}\n${JSON.stringify({ end: true, entries: entries + 1 })}\n`;
    await writeFile(broken, gzipSync(Buffer.concat([whole.subarray(0, end), Buffer.from(tail)])));
    await expect(restoreStore(broken, to)).rejects.toMatchObject({ code: 'store.backup-damaged' });
    expect(await readdir(to.dataDir)).toEqual([]);
    expect(await readdir(to.blobs.folder)).toEqual(['readme.txt']);
  });
});

describe.skipIf(!HOSTS.includes('postgresql'))('a restore into a database server', () => {
  test('of a backup of the embedded database, and of that server’s own: rows, films and audit chain', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'haidang-backup-'));
    const databases = [await openTestDatabase(), await openTestDatabase()];
    const [first, second] = databases.map(({ url }) => url);
    const from = await openTestStore('embedded');
    await from.local.intake.accept(sampleInstance(), { actor: 'test' });
    await readOne(from.store, from.local);
    await from.store.blobs.put(Buffer.from('a film'));
    const { head } = await from.local.audit.head();
    const files = [join(folder, 'embedded'), join(folder, 'server')];
    await from.store.backup(createWriteStream(files[0] ?? ''), '0.0.0');
    for (const [at, databaseUrl] of [first, second].entries()) {
      const to = {
        dataDir: join(folder, `data-${at}`),
        databaseUrl: databaseUrl ?? '',
        blobs: { folder: join(folder, `films-${at}`) },
      };
      await restoreStore(files[at] ?? '', to);
      const store = await openStore({ ...to, clock: from.clock });
      const local = await store.facility('local');
      expect(await local.audit.verify({ expectedHead: head })).toMatchObject({ intact: true, head });
      expect((await store.blobs.get(sha256Hex('a film'))).toString()).toBe('a film');
      expect((await local.worklist.list({ state: 'all' })).length).toBe(1);
      if (at === 0) await store.backup(createWriteStream(files[1] ?? ''), '0.0.0');
      await store.close();
      await expect(restoreStore(files[0] ?? '', { ...to, dataDir: join(folder, 'other') })).rejects.toMatchObject({
        code: 'store.not-empty',
      });
    }
    await from.close();
    for (const database of databases) await database.drop();
    await rm(folder, { recursive: true, force: true });
  });
});

test('a backup holds no private key, and a restored place proves the heads that were signed before', async () => {
  const at = await openTestStore('embedded');
  await at.local.audit.append({ actor: 'x', action: 'record.read', subjectType: 'study', subjectId: '1' });
  const { entries, head } = await at.local.audit.head();
  const key = await tokenKeyInFolder(at.dataDir);
  await tokenKeyInStore(at.local);
  const [links] = await storedLinkKeys(at.local);
  const signer = startHeadSigner({ dataDir: at.dataDir, key, clock: at.clock, store: at.store }, (thrown) => {
    throw thrown;
  });
  await signer.stop();
  const folder = await mkdtemp(join(tmpdir(), 'haidang-backup-'));
  const file = join(folder, 'backup');
  await at.store.backup(createWriteStream(file), '0.0.0');
  const text = gunzipSync(await readFile(file)).toString('latin1');
  expect(text).toContain('audit-heads/local.jws');
  expect(text).toContain(key.x);
  for (const secret of [key.d, links?.secret]) expect(text).not.toContain(secret);
  const dataDir = join(folder, 'new');
  await restoreStore(file, { dataDir });
  const itsKey = await tokenKeyInFolder(dataDir);
  expect(itsKey.x).not.toBe(key.x);
  expect(await lastHead(dataDir, 'local', itsKey)).toMatchObject({ entries, head });
  const restored = await openStore({ dataDir, clock: at.clock });
  const local = await restored.facility('local');
  expect(await local.audit.verify({ expectedHead: head })).toMatchObject({ intact: true });
  await restored.close();
  await at.close();
  await rm(folder, { recursive: true, force: true });
});

test('the scrub names what is missing and what is damaged', async () => {
  const at = await openTestStore('embedded');
  await at.local.intake.accept(sampleInstance(), { actor: 'test' });
  const [{ sha256 } = { sha256: '' }] = await at.sql<{ sha256: string }>('select sha256 from instance');
  const missing = await at.store.verify();
  expect(missing.missing).toContain(sha256);
  const path = join(at.dataDir, 'blobs', sha256.slice(0, 2));
  await mkdir(path, { recursive: true });
  await writeFile(join(path, sha256.slice(2)), 'other bytes');
  expect((await at.store.verify()).damaged).toContain(sha256);
  await at.close();
});
