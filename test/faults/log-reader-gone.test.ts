// Whoever reads the log goes away (a pipe that closes, EPIPE): the service answers on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, expect, test, vi } from 'vitest';
import { modelsFolder } from '../flows/service.ts';
import { freshDataDir } from '../store/hosts.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const [dataDir, models] = [await freshDataDir(), modelsFolder()];
afterAll(() => {
  for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
});

test('a service whose log and whose standard output nobody reads any more answers on, and stops as it should', async () => {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: {
      ...process.env,
      HAIDANG_ACCESS: 'open',
      HAIDANG_PORT: '0',
      HAIDANG_DATA_DIR: dataDir,
      HAIDANG_MODELS_DIR: models,
      HAIDANG_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  let logged = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    logged += chunk.length;
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const address = /http:\/\/\S+/.exec(String(line))?.[0];
  expect(logged).toBeGreaterThan(0);
  child.stderr.destroy();
  child.stdout.destroy();
  await Promise.all([once(child.stderr, 'close'), once(child.stdout, 'close')]);
  // Each request is a line of the log.
  for (let count = 0; count < 50; count += 1) expect((await fetch(`${address}/v1/worklist`)).status).toBe(200);
  child.kill('SIGTERM');
  const [status, signal] = await gone;
  expect([status, signal]).toEqual([0, null]);
});
