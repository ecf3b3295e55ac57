// The services that are measured against each other, each in processes of its own: ours, and the usual Python one in a virtual
// environment that is made for it. Both keep files on this disk and rows in the PostgreSQL that is given.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWith } from '../peers/python.ts';
import { freePort } from './free-port.ts';
import { root } from '../report.ts';
import { spawnService } from '../service-process.ts';

export interface Rival {
  readonly name: string;
  readonly address: string;
  readonly pid: number;
  readonly coldStartSeconds: number;
  stop(): Promise<void>;
}

interface Started {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly folder: string;
}

/** Until it answers, or throws when it has ended. */
export async function untilReady({ name, port, child, folder }: Started): Promise<Rival> {
  const started = performance.now();
  const address = `http://127.0.0.1:${port}`;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (;;) {
    const ready = await fetch(`${address}/health/ready`)
      .then(({ status }) => status === 200)
      .catch(() => false);
    if (ready) break;
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`${name} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} did not start`);
  return {
    name,
    address,
    pid,
    coldStartSeconds: (performance.now() - started) / 1000,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `databaseUrl`: an empty database. `variables`: more settings. */
export async function startOurs(
  databaseUrl: string | undefined,
  variables: Readonly<Record<string, string>> = {},
): Promise<Rival> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-benchmark-'));
  const port = await freePort();
  const child = spawnService(folder, { port, databaseUrl, variables });
  return untilReady({ name: 'haidang', port, child, folder });
}

const PEER = join(root, 'benchmarks', 'peers', 'fastapi');
/** Two workers of one thread of ONNX Runtime each, one for each of two cores. */
export async function startPeer(databaseUrl: string, model: string): Promise<Rival> {
  const python = pythonWith('fastapi');
  const folder = mkdtempSync(join(tmpdir(), 'haidang-peer-'));
  const port = await freePort();
  const options = ['--host', '127.0.0.1', '--port', String(port), '--workers', '2', '--log-level', 'error'];
  const child = spawn(python, ['-m', 'uvicorn', 'service:app', ...options, '--no-access-log'], {
    cwd: PEER,
    env: { ...process.env, PEER_MODEL: model, PEER_FILES: folder, PEER_DATABASE: databaseUrl },
    stdio: ['ignore', 'ignore', 2],
  });
  return untilReady({ name: 'FastAPI', port, child, folder });
}
