// A database and its folder of files belong together: a second process with another folder does not start.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeOver } from '#store/store.ts';
import { openTestStore, type TestStore } from './hosts.ts';

let opened: TestStore;
let other: string;
beforeEach(async () => {
  opened = await openTestStore('embedded');
  other = await mkdtemp(join(tmpdir(), 'haidang-other-'));
});
afterEach(async () => {
  await opened.close();
  await rm(other, { recursive: true, force: true });
});

test('another folder is refused, the same one is taken again', async () => {
  const { database, clock, dataDir } = opened;
  await expect(storeOver(database, { dataDir: other, clock })).rejects.toMatchObject({
    code: 'store.other-folder',
    field: 'HAIDANG_DATA_DIR',
  });
  expect(JSON.parse(await readFile(join(dataDir, 'installation.json'), 'utf8'))).toHaveProperty('installation');
  await opened.reopen();
});

test('a folder of a version without markers is taken where the newest film lies in it', async () => {
  await rm(join(opened.dataDir, 'installation.json'));
  await opened.sql('update installation set folder_marked = false');
  await opened.reopen();
  expect(JSON.parse(await readFile(join(opened.dataDir, 'installation.json'), 'utf8'))).toHaveProperty('installation');
});

test('health is tried by writing: a database that may only be read says so', async () => {
  expect(await opened.store.health()).toMatchObject({ database: 'ok', disk: expect.stringMatching(/^(ok|low)$/) });
  await opened.sql('set default_transaction_read_only = on');
  expect(await opened.store.health()).toMatchObject({ database: 'read-only' });
  await expect(opened.local.refusals.record({ code: 'x.y', reason: 'z' })).rejects.toMatchObject({
    code: 'store.read-only',
    status: 503,
    retryAfterSeconds: 10,
  });
  await opened.sql('set default_transaction_read_only = off');
});

test('a NUL in whatever is asked of the database is a 400, never a fault', async () => {
  await expect(opened.sql('select $1::text', ['a\0'])).rejects.toMatchObject({
    code: 'store.text-not-storable',
    status: 400,
  });
  await expect(opened.sql('select $1::text[]', [['a', 'b\0']])).rejects.toMatchObject({ status: 400 });
});

test('films are for the service’s own user alone', async () => {
  const { sha256 } = await opened.store.blobs.put(Buffer.from('film'));
  const folder = join(opened.dataDir, 'blobs', sha256.slice(0, 2));
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, sha256.slice(2)))).mode & 0o077).toBe(0);
});
