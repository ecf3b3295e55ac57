// A service that cannot start says which setting is at fault, leaves nothing running, and ends with 1.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freshDataDir } from '../store/hosts.ts';
import { type TestService, modelsFolder, openTestService, refusedStart } from './service.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let running: TestService;
const models = modelsFolder();
const elsewhere = await freshDataDir();
beforeAll(async () => {
  running = await openTestService();
});
afterAll(async () => {
  await running.close();
  for (const folder of [models, elsewhere]) rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['a data folder that another process uses', () => ({ HAIDANG_DATA_DIR: running.dataDir }), 'store.folder-in-use'],
  ['a port that is taken', () => ({ HAIDANG_PORT: new URL(running.address).port }), 'HAIDANG_PORT'],
  // Nobody makes folders there, root neither.
  [
    'a data folder that cannot be written to',
    () => ({ HAIDANG_DATA_DIR: '/sys/haidang' }),
    'store.read-only: HAIDANG_DATA_DIR',
  ],
])('%s', async (_name, env, said) => {
  const { status, stdout, stderr } = await refusedStart({
    HAIDANG_DATA_DIR: elsewhere,
    HAIDANG_MODELS_DIR: models,
    ...env(),
  });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('    at ');
});
