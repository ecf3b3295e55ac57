// Which folder of files belongs to this database: both carry the same id. Two processes on one database that see different folders would lose
// each other's films without a word, so the second one does not start.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '#kernel/clock.ts';
import { newUuid } from '#kernel/ids.ts';
import type { BlobStore } from '#store/blobs/blobs.ts';
import { storeErrors } from '#store/errors.ts';
import type { Database } from '#store/host/database.ts';
import { syncFolder } from '#store/host/sync-folder.ts';
import { tellingFaults } from '#store/host/technical-fault.ts';

const marker = z.object({ installation: z.uuid() });
const MARKER = 'installation.json';

interface InstallationRow {
  readonly id: string;
  readonly folder_marked: boolean;
}

async function rowOf(database: Database, clock: Clock): Promise<InstallationRow> {
  await database.query('insert into installation (id, tried_at) values ($1, $2) on conflict do nothing', [
    newUuid(),
    clock.now(),
  ]);
  const [row] = await database.query<InstallationRow>('select id, folder_marked from installation');
  if (row === undefined) throw new Error('the installation has no row');
  return row;
}

/** Undefined where there is no marker; a marker that cannot be read is none of ours. */
async function markedId(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, MARKER), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return marker.parse(JSON.parse(text)).installation;
  } catch {
    return '';
  }
}

export async function markFolder(folder: string, installation: string): Promise<void> {
  const handle = await open(join(folder, MARKER), 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify({ installation }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(folder);
}

/** A folder without a marker, of a version before it: it belongs to the database if the newest stored file lies in it. */
async function holdsNewest(database: Database, blobs: Pick<BlobStore, 'has'>): Promise<boolean | undefined> {
  const [row] = await database.query<{ sha256: string }>(
    'select sha256 from instance order by received_at desc limit 1',
  );
  return row === undefined ? undefined : blobs.has(row.sha256);
}

export interface FolderOf {
  /** The data folder. */
  readonly folder: string;
  readonly blobs: Pick<BlobStore, 'has'>;
  readonly clock: Clock;
}

/** Returns the id of the installation. Throws CareError `store.other-folder`. */
export async function claimFolder(database: Database, { folder, blobs, clock }: FolderOf): Promise<string> {
  const { id, folder_marked: isMarked } = await rowOf(database, clock);
  const found = await markedId(folder);
  const refuse = (reason: string) => storeErrors.error('other-folder', { field: 'HAIDANG_DATA_DIR', reason });
  if (found !== undefined && found !== id) throw refuse('the folder of files belongs to another database');
  if (found === id) return id;
  const holds = await holdsNewest(database, blobs);
  if (holds === false || (holds === undefined && isMarked))
    throw refuse('the files of this database lie in another folder');
  await tellingFaults(() => markFolder(folder, id));
  await database.query('update installation set folder_marked = true');
  return id;
}
