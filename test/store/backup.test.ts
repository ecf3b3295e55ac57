// A backup is made beside running work, restored into an empty place, and everything is there: rows, files, the audit chain, the numbers.
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { restoreStore } from '#store/backup/restore-store.ts';
import { openStore, type Store } from '#store/store.ts';
import { HOSTS, openTestStore, type TestStore } from './hosts.ts';
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
