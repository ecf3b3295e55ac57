// Signs the head of every facility's audit chain each hour into `audit-heads/FACILITY.jws` of the data folder, one line each; copy that
// folder to where the service cannot write. `keys.json` beside them holds the public keys that prove them: a backup carries the folder and no
// private key, so a restored place signs with a key of its own and still proves what was signed before.
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type AuditHead, publicHalf, readHead, signHead } from '#access/audit-head.ts';
import type { TokenKey } from '#access/token-key.ts';
import type { Clock } from '#kernel/clock.ts';
import { AUDIT_HEADS } from '#store/backup/carried.ts';
import type { Store } from '#store/store.ts';

const EVERY_MS = 3_600_000;

const fileOf = (dataDir: string, facility: string): string => join(dataDir, AUDIT_HEADS, `${facility}.jws`);
const keysFile = (dataDir: string): string => join(dataDir, AUDIT_HEADS, 'keys.json');

const linesOf = async (dataDir: string, facility: string): Promise<readonly string[]> =>
  (await readFile(fileOf(dataDir, facility), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

/** A JWK set (RFC 7517) of Ed25519 keys. */
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.literal('OKP'), crv: z.string(), x: z.string() })) });

async function publicKeys(dataDir: string): Promise<readonly TokenKey[]> {
  const text = await readFile(keysFile(dataDir), 'utf8').catch(() => undefined);
  return text === undefined ? [] : keySet.parse(JSON.parse(text)).keys;
}

/** Written beside and renamed: a reader sees the old set or the new one. */
async function notePublicKey(dataDir: string, key: TokenKey): Promise<void> {
  const known = await publicKeys(dataDir);
  if (known.some(({ x }) => x === key.x)) return;
  const draft = `${keysFile(dataDir)}.part`;
  await writeFile(draft, JSON.stringify({ keys: [...known, publicHalf(key)] }), { mode: 0o600 });
  await rename(draft, keysFile(dataDir));
}

/** The last one that this key has signed, or a key that was in use here before. */
export async function lastHead(dataDir: string, facility: string, key: TokenKey): Promise<AuditHead | undefined> {
  const keys = [key, ...(await publicKeys(dataDir))];
  for (const line of [...(await linesOf(dataDir, facility))].reverse())
    for (const each of keys) {
      const head = await readHead(line, each);
      if (head !== undefined) return head;
    }
  return undefined;
}

export interface HeadsDeps {
  readonly dataDir: string;
  readonly key: TokenKey;
  readonly clock: Clock;
  readonly store: Pick<Store, 'facilities' | 'facility'>;
}

/** Only what is new since the last line; the chain's own head is read, nothing is walked. */
async function signHeads({ dataDir, key, clock, store }: HeadsDeps): Promise<void> {
  await mkdir(join(dataDir, AUDIT_HEADS), { recursive: true, mode: 0o700 });
  await notePublicKey(dataDir, key);
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
