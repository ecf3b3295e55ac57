// A stored reading is computed again from its bytes: beside the running service and from the stopped data folder it is the same; an edited
// record, another model file and a film that is gone are told apart, each with exit status 1.
import { execFile } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { filmDicom } from '../fixtures/film.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { freshDataDir } from '../store/hosts.ts';
import { modelsFolder, spawnService } from './service.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const dataDir = await freshDataDir();
const models = modelsFolder();
let studyUid = '';
let readingId = '';
let beside: unknown;

async function haidang(...args: string[]): Promise<{ status: number; stdout: string }> {
  const env = { ...process.env, HAIDANG_DATA_DIR: dataDir, HAIDANG_MODELS_DIR: models };
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/cli/main.ts', ...args], { env }, (error, stdout) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout }),
    );
  });
}

const replay = async (id: string) => {
  const { status, stdout } = await haidang('replay', id, '--json');
  return { status, ...JSON.parse(stdout) };
};

beforeAll(async () => {
  const service = await spawnService(dataDir, models, { HAIDANG_ACCESS: 'login' });
  const token = (await haidang('token', '--role', 'radiologist')).stdout.trim();
  const { createClient } = await import('#client/client.ts');
  const client = createClient({ baseUrl: service.address, token });
  const film = { name: 'f.dcm', bytes: Uint8Array.from(await filmDicom({ study: 'again', patient: 'P-again' })) };
  [studyUid = ''] = (await client.upload([film])).studies;
  readingId = (await client.waitUntilRead(studyUid)).reading?.id ?? '';
  beside = await replay(studyUid);
  await service.stop();
});
afterAll(() => {
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

test('beside the running service, by the study’s UID, it is the same', () => {
  expect(beside).toMatchObject({ status: 0, reading: readingId, outcome: 'same', largestDifference: 0 });
});

test('from the data folder alone it is the same, within the tolerance that is stated', async () => {
  expect(await replay(readingId)).toMatchObject({
    status: 0,
    studyUid,
    outcome: 'same',
    largestDifference: 0,
    tolerance: 1e-4,
    differences: [],
    reason: null,
  });
  expect((await haidang('replay', readingId)).stdout).toContain(`${readingId} is the same`);
});

test('a reading that is not there is refused', async () => {
  expect((await haidang('replay', '1.2.3.4')).status).not.toBe(0);
});

test('a record that was edited differs, finding by finding', async () => {
  const database = await openDatabase(await openEmbedded(dataDir, 'haidang'));
  await database.query('alter table finding disable trigger user');
  await database.query('alter table reading disable trigger user');
  await database.query(`update reading set record = jsonb_set(record, '{findings,0,probability}', '0.123')`);
  await database.close();
  const found = await replay(readingId);
  expect(found).toMatchObject({ status: 1, outcome: 'differs' });
  expect(found.differences[0]).toMatchObject({ what: expect.stringMatching(/ probability$/), recorded: '0.123' });
});

test('another model file is named, and nothing is compared', async () => {
  writeTinyModel(models, { id: 'cxr-findings', seed: 5 });
  expect(await replay(readingId)).toMatchObject({
    status: 1,
    outcome: 'not-possible',
    differences: [],
    reason: { code: 'preread.not-replayable', detail: expect.stringContaining('it was made by cxr-findings') },
  });
  // The recorded file lies there under another name: it is found by its SHA-256, but its folder's id is part of the record.
  writeTinyModel(models, { id: 'cxr-findings' });
});

test('a damaged film is told as such', async () => {
  const [film = ''] = globSync('blobs/??/*', { cwd: dataDir });
  const bytes = readFileSync(join(dataDir, film));
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(join(dataDir, film), bytes);
  expect(await replay(readingId)).toMatchObject({
    status: 1,
    outcome: 'not-possible',
    reason: { code: 'store.blob-damaged' },
  });
});
