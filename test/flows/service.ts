// A whole service for one test file: in this process, or as a child that can be killed; a small model, a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type Client, createClient } from '#client/client.ts';
import { readConfig } from '#service/config.ts';
import { startService } from '#service/service.ts';
import { type TinyOptions, writeTinyModel } from '../fixtures/tiny-model.ts';
import { freshDataDir } from '../store/hosts.ts';

export interface TestService {
  readonly client: Client;
  readonly address: string;
  readonly dataDir: string;
  /** The one-time link that it prints. */
  readonly loginLink: string | undefined;
  close(): Promise<void>;
}

/** `cxr-findings` in a folder of its own. */
export function modelsFolder(alter?: TinyOptions['alter']): string {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-models-'));
  writeTinyModel(folder, { id: 'cxr-findings', ...(alter !== undefined && { alter }) });
  return folder;
}

const settings = (dataDir: string, models: string) => ({
  HAIDANG_ACCESS: 'open',
  HAIDANG_PORT: '0',
  HAIDANG_DATA_DIR: dataDir,
  HAIDANG_MODELS_DIR: models,
  HAIDANG_LOG_LEVEL: 'silent',
  HAIDANG_MAX_UPLOAD_MIB: '4',
});

/** `site` is the content of the site file. */
export async function openTestService(
  alter?: TinyOptions['alter'],
  site?: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<TestService> {
  const dataDir = await freshDataDir();
  const models = modelsFolder(alter);
  const siteFile = join(models, 'site.json');
  if (site !== undefined) writeFileSync(siteFile, JSON.stringify(site), { mode: 0o600 });
  const env = { ...settings(dataDir, models), ...(site !== undefined && { HAIDANG_SITE: siteFile }), ...variables };
  const service = await startService(readConfig(env, '/'));
  return {
    client: createClient({ baseUrl: service.address }),
    address: service.address,
    loginLink: service.loginLink,
    dataDir,
    async close() {
      await service.close();
      for (const folder of [dataDir, models]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface ChildService {
  readonly client: Client;
  readonly address: string;
  readonly process: ChildProcess;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; its exit status. */
  stop(): Promise<number | null>;
}

/** `node src/main.ts` as a user starts it; resolves with its ready line. `log`: the file descriptor that its log goes to. */
export async function spawnService(
  dataDir: string,
  models: string,
  variables: Readonly<Record<string, string>> = {},
  log: number | 'inherit' = 'inherit',
): Promise<ChildService> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, ...settings(dataDir, models), ...variables },
    stdio: ['ignore', 'pipe', log],
  });
  if (child.stdout === null) throw new Error('standard output is a pipe');
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line'),
    gone.then(() => {
      throw new Error('the service ended before it was ready');
    }),
  ]);
  const address = /http:\/\/\S+/.exec(String(line))?.[0];
  if (address === undefined) throw new Error(`no address in: ${line}`);
  return {
    client: createClient({ baseUrl: address }),
    address,
    process: child,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      await gone;
      return child.exitCode;
    },
  };
}

/** A start that is expected to fail: its exit status and what it printed. */
export async function refusedStart(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, HAIDANG_PORT: '0', HAIDANG_LOG_LEVEL: 'silent', ...env },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}
