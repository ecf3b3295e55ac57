// Address of the running service of a data folder, for commands that run beside it while it holds the embedded database.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from './closing.ts';

const fileIn = (dataDir: string): string => join(dataDir, 'address');

export async function tellAddress(dataDir: string, address: string, { own }: Pick<Owner, 'own'>): Promise<void> {
  // Of a replica, whose database and files lie elsewhere, nothing else may have made it yet.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await own(writeFile(fileIn(dataDir), address, { mode: 0o600 }), () => rm(fileIn(dataDir), { force: true }));
}

/** Undefined where none runs. */
export const addressBeside = (dataDir: string): Promise<string | undefined> =>
  readFile(fileIn(dataDir), 'utf8').catch(() => undefined);
