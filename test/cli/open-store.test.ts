// Every command opens the store where the settings say that it lies, the files too; beside a running service it asks that service.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStoreOf, storeOrService } from '#cli/open-store.ts';
import { type Config, readConfig } from '#service/config.ts';
import type { Store } from '#store/store.ts';
import { freshDataDir } from '../store/hosts.ts';

let config: Config;
let files: string;
let store: Store;
beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'haidang-files-'));
  config = readConfig({ HAIDANG_DATA_DIR: await freshDataDir(), HAIDANG_BLOBS: files }, '/');
  store = await openStoreOf(config);
});
afterAll(async () => {
  await store.close();
  for (const folder of [files, config.dataDir]) rmSync(folder, { recursive: true, force: true });
});

test('files lie where HAIDANG_BLOBS says', async () => {
  const { sha256 } = await store.blobs.put(Buffer.from('a film'));
  expect(existsSync(join(files, sha256.slice(0, 2), sha256.slice(2)))).toBe(true);
  expect(existsSync(join(config.dataDir, 'blobs', sha256.slice(0, 2), sha256.slice(2)))).toBe(false);
});

test('while another process holds the database the service is asked, and where none listens the error says so', async () => {
  const ways = { directly: async () => 'store', through: async (address: string) => address };
  await expect(storeOrService(config, ways)).rejects.toMatchObject({ code: 'store.folder-in-use' });
  writeFileSync(join(config.dataDir, 'address'), 'http://127.0.0.1:18080');
  expect(await storeOrService(config, ways)).toBe('http://127.0.0.1:18080');
});

test('no command opens the store by itself, so none forgets a setting', () => {
  const openers = globSync('src/cli/**/*.ts').filter((file) => /\bopenStore\(/.test(readFileSync(file, 'utf8')));
  expect(openers).toEqual(['src/cli/open-store.ts']);
});
