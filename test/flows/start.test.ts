// A service that cannot start says which setting is at fault, leaves nothing running, and ends with 1.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freshDataDir } from '../store/hosts.ts';
import { type TestService, modelsFolder, openTestService } from './service.ts';

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

async function serve(env: Record<string, string>) {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: {
      ...process.env,
      HAIDANG_PORT: '0',
      HAIDANG_DATA_DIR: elsewhere,
      HAIDANG_MODELS_DIR: models,
      HAIDANG_LOG_LEVEL: 'silent',
      ...env,
    },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}

test.each([
  ['a data folder that another process uses', () => ({ HAIDANG_DATA_DIR: running.dataDir }), 'store.folder-in-use'],
  ['a port that is taken', () => ({ HAIDANG_PORT: new URL(running.address).port }), 'HAIDANG_PORT'],
  ['a model that is not there', () => ({ HAIDANG_CXR_MODEL: 'nothing' }), 'HAIDANG_CXR_MODEL'],
  [
    'a model that is not there: which ones there are',
    () => ({ HAIDANG_CXR_MODEL: 'nothing' }),
    'there is cxr-findings',
  ],
])('%s', async (_name, env, said) => {
  const { status, stdout, stderr } = await serve(env());
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('    at ');
});
