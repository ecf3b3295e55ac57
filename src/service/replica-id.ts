// Id of a service among several on one database, kept in its own data folder.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newUuid } from '#kernel/ids.ts';

const FILE = 'replica';

/** Made at the first start. Throws where the file holds something else. */
export async function replicaIn(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, FILE);
  await writeFile(file, newUuid(), { mode: 0o600, flag: 'wx' }).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  });
  return z.uuid().parse((await readFile(file, 'utf8')).trim());
}
