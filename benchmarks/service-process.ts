// The service as a process of its own, for benchmarks that look at it from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { root } from './report.ts';

export interface ServiceOptions {
  readonly port: number;
  /** Absent: the embedded database in `folder`. */
  readonly databaseUrl: string | undefined;
  /** More settings. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Open to everybody on loopback; it has to be waited for, and ended by its caller. */
export const spawnService = (folder: string, { port, databaseUrl, variables = {} }: ServiceOptions): ChildProcess =>
  spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      INIT_CWD: root,
      HAIDANG_DATA_DIR: folder,
      HAIDANG_PORT: String(port),
      HAIDANG_LOG_LEVEL: 'error',
      HAIDANG_ACCESS: 'open',
      ...variables,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
