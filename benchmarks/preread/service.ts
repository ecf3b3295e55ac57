// A real service in a process of its own on an empty folder; its cold start is measured from spawn to its first ready answer.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface BenchService {
  readonly address: string;
  readonly coldStartSeconds: number;
  stop(): Promise<void>;
}

export async function startBenchService(root: string): Promise<BenchService> {
  const dataDir = mkdtempSync(join(tmpdir(), 'haidang-benchmark-'));
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, ['src/cli/main.ts', 'serve'], {
    cwd: root,
    env: {
      ...process.env,
      INIT_CWD: root,
      HAIDANG_DATA_DIR: dataDir,
      HAIDANG_ACCESS: 'open',
      HAIDANG_PORT: String(port),
      HAIDANG_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = `http://127.0.0.1:${port}`;
  for (;;) {
    const ready = await fetch(`${address}/health/ready`)
      .then(({ status }) => status === 200)
      .catch(() => false);
    if (ready) break;
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const coldStartSeconds = (performance.now() - started) / 1000;
  return {
    address,
    coldStartSeconds,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
