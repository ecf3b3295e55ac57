// Restores a backup into the place that the settings name, and leaves nothing there where that fails.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { openBlobs } from '#store/blobs/blobs.ts';
import { storeErrors } from '#store/errors.ts';
import { type Database, openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { SCHEMA, type StoreOptions } from '#store/store.ts';
import { folderMarker, markWith } from '#store/upkeep/installation.ts';
import { readArchive } from './archive.ts';
import { requireEmpty, type Restored, restoreBackup } from './restore.ts';

export type RestorePlace = Pick<StoreOptions, 'dataDir' | 'databaseUrl'>;

async function requireEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [first] = await readdir(folder);
  if (first !== undefined)
    throw storeErrors.error('not-empty', { field: 'HAIDANG_DATA_DIR', reason: 'the data folder is not empty' });
}

async function openPlace({ dataDir, databaseUrl }: RestorePlace): Promise<Database> {
  if (databaseUrl === undefined) return openDatabase(await openEmbedded(dataDir, SCHEMA));
  return openDatabase(openPostgresql({ url: databaseUrl, schema: SCHEMA, log: () => undefined }));
}

/** The whole file, before anything is made of it. */
async function requireWhole(file: string): Promise<void> {
  await readArchive(createReadStream(file), async (_head, content) => {
    for await (const piece of content) void piece;
  });
}

/** So that the first start after it does not ask whose folder this is. */
async function claim(database: Database, dataDir: string): Promise<void> {
  const [row] = await database.query<{ id: string }>('select id from installation');
  if (row !== undefined) await markWith(folderMarker(dataDir, 'HAIDANG_DATA_DIR'), row.id);
}

/** Throws CareError `store.*`; the place is empty again then. */
export async function restoreStore(file: string, place: RestorePlace): Promise<Restored> {
  const { dataDir } = place;
  await requireEmptyFolder(dataDir);
  await requireWhole(file);
  const database = await openPlace(place);
  let ours = false;
  try {
    await requireEmpty(database, SCHEMA);
    ours = true;
    const blobs = await openBlobs(join(dataDir, 'blobs'));
    const restored = await restoreBackup(database, createReadStream(file), { schema: SCHEMA, blobs });
    await claim(database, dataDir);
    return restored;
  } catch (thrown) {
    if (ours && place.databaseUrl !== undefined) await database.query(`drop schema if exists ${SCHEMA} cascade`);
    await database.close();
    for (const name of await readdir(dataDir)) await rm(join(dataDir, name), { recursive: true, force: true });
    throw thrown;
  } finally {
    await database.close().catch(() => undefined);
  }
}
