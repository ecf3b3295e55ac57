// Identity of an installation: the database and its folder of files carry the same id. Two processes on one database that see
// different folders would lose each other's films without a word, so the second one does not start.
import { open, readFile, rm } from 'node:fs/promises';
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
export const MARKER = 'installation.json';

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

/** Where the id of the installation stands beside the files. */
export interface Marker {
  /** The setting that names the place. */
  readonly setting: 'HAIDANG_DATA_DIR' | 'HAIDANG_BLOBS';
  /** Undefined where there is none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  remove(): Promise<void>;
}

export const folderMarker = (folder: string, setting: Marker['setting']): Marker => ({
  setting,
  read: () => readFile(join(folder, MARKER), 'utf8').catch(() => undefined),
  async write(text) {
    const handle = await open(join(folder, MARKER), 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(folder);
  },
  remove: () => rm(join(folder, MARKER), { force: true }),
});

export const markWith = (mark: Marker, installation: string): Promise<void> =>
  mark.write(JSON.stringify({ installation }));

/** Undefined where there is no marker; a marker that cannot be read is none of ours. */
async function markedId({ read }: Marker): Promise<string | undefined> {
  const text = await read();
  if (text === undefined) return undefined;
  try {
    return marker.parse(JSON.parse(text)).installation;
  } catch {
    return '';
  }
}

/** A folder without a marker, of a version before it: it belongs to the database if the newest stored file lies in it. */
async function holdsNewest(database: Database, blobs: Pick<BlobStore, 'has'>): Promise<boolean | undefined> {
  const [row] = await database.query<{ sha256: string }>(
    'select sha256 from instance order by received_at desc limit 1',
  );
  return row === undefined ? undefined : blobs.has(row.sha256);
}

export interface FolderOf {
  /** In the data folder, in a folder that several machines share, or in a bucket. */
  readonly marker: Marker;
  readonly blobs: Pick<BlobStore, 'has'>;
  readonly clock: Clock;
}

/** Returns the id of the installation. Throws CareError `store.other-folder`. */
export async function claimFolder(database: Database, { marker: mark, blobs, clock }: FolderOf): Promise<string> {
  const { id, folder_marked: isMarked } = await rowOf(database, clock);
  const found = await markedId(mark);
  const refuse = (reason: string) => storeErrors.error('other-folder', { field: mark.setting, reason });
  if (found !== undefined && found !== id) throw refuse('the folder of files belongs to another database');
  if (found === id) return id;
  const holds = await holdsNewest(database, blobs);
  if (holds === false || (holds === undefined && isMarked))
    throw refuse('the files of this database lie in another folder');
  await tellingFaults(() => markWith(mark, id));
  await database.query('update installation set folder_marked = true');
  return id;
}
