// Files of the data folder that a backup carries beside tables and films: the signed heads of the audit chains and the public keys that prove
// them. Private keys are not carried: the holder of a backup may read its data and must not be able to sign for the service.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const AUDIT_HEADS = 'audit-heads';

/** One folder, plain names: what a backup says of a path is not trusted. */
const NAME = /^[a-z0-9-]{1,63}\.(?:jws|json)$/;

export interface CarriedFile {
  readonly name: string;
  readonly content: Buffer;
}

export async function* carriedFiles(dataDir: string): AsyncGenerator<CarriedFile> {
  const folder = join(dataDir, AUDIT_HEADS);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) if (NAME.test(name)) yield { name, content: await readFile(join(folder, name)) };
}

export const isCarried = (name: string): boolean => NAME.test(name);

export async function putCarried(dataDir: string, name: string, content: AsyncIterable<Buffer>): Promise<void> {
  const folder = join(dataDir, AUDIT_HEADS);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, name), content, { mode: 0o600, flag: 'wx' });
}
