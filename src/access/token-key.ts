// The key that signs the service's own tokens: made once, kept where only the service can read it, so that tokens outlive a restart.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import type { KeyStore } from './link-keys.ts';

const ROOM = 'keys';
const NAME = 'tokens';
const ALGORITHM = 'EdDSA';

const privateJwk = z.looseObject({ kty: z.literal('OKP'), crv: z.string(), x: z.string(), d: z.string() });

/** A private JWK. */
export type TokenKey = JWK;

async function freshKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  return exportJWK(privateKey);
}

const isThere = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';

/**
 * `keys/tokens.json` in the data folder, mode 0600: beside the embedded database, which another process cannot open while the
 * service runs. Of two processes that make it at once the first wins.
 */
export async function tokenKeyInFolder(dataDir: string): Promise<JWK> {
  const folder = join(dataDir, ROOM);
  const file = join(folder, `${NAME}.json`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const read = () => readFile(file, 'utf8').catch(() => undefined);
  const text = await read();
  if (text !== undefined) return privateJwk.parse(JSON.parse(text));
  const key = await freshKey();
  await writeFile(file, JSON.stringify(key), { mode: 0o600, flag: 'wx' }).catch((cause: unknown) => {
    if (!isThere(cause)) throw cause;
  });
  return privateJwk.parse(JSON.parse((await read()) ?? ''));
}

/** On a database server, which several processes share. */
export async function tokenKeyInStore({ records }: KeyStore): Promise<JWK> {
  await records.putFirst(ROOM, NAME, await freshKey());
  return privateJwk.parse((await records.get(ROOM, NAME))?.value);
}
