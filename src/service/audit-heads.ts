// Signs the head of every facility's audit chain each hour into `audit-heads/FACILITY.jws` of the data folder, one line each; copy that
// folder to where the service cannot write.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditHead, readHead, signHead } from '#access/audit-head.ts';
import type { TokenKey } from '#access/token-key.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Store } from '#store/store.ts';

const FOLDER = 'audit-heads';
const EVERY_MS = 3_600_000;

const fileOf = (dataDir: string, facility: string): string => join(dataDir, FOLDER, `${facility}.jws`);

const linesOf = async (dataDir: string, facility: string): Promise<readonly string[]> =>
  (await readFile(fileOf(dataDir, facility), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

/** The last one that this key has signed. */
export async function lastHead(dataDir: string, facility: string, key: TokenKey): Promise<AuditHead | undefined> {
  const last = (await linesOf(dataDir, facility)).at(-1);
  return last === undefined ? undefined : readHead(last, key);
}

export interface HeadsDeps {
  readonly dataDir: string;
  readonly key: TokenKey;
  readonly clock: Clock;
  readonly store: Pick<Store, 'facilities' | 'facility'>;
}

/** Only what is new since the last line; the chain's own head is read, nothing is walked. */
async function signHeads({ dataDir, key, clock, store }: HeadsDeps): Promise<void> {
  await mkdir(join(dataDir, FOLDER), { recursive: true, mode: 0o700 });
  for (const facility of await store.facilities()) {
    const { audit } = await store.facility(facility);
    const { entries, head } = await audit.head();
    const before = await lastHead(dataDir, facility, key);
    if (before?.head === head) continue;
    const signed = await signHead({ facility, entries, head, at: clock.now().toISOString() }, key);
    await appendFile(fileOf(dataDir, facility), `${signed}\n`, { mode: 0o600 });
  }
}

export interface HeadSigner {
  stop(): Promise<void>;
}

/** Once at the start, each hour, and once at the end. */
export function startHeadSigner(deps: HeadsDeps, fault: (thrown: unknown) => void): HeadSigner {
  let running: Promise<void> = Promise.resolve();
  const run = (): void => {
    running = running.then(() => signHeads(deps)).catch(fault);
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      run();
      await running;
    },
  };
}
