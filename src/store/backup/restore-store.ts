// Restores a backup into the place that the settings name, and leaves nothing there where that fails.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { type BlobPlace, emptyPlace, holdsAnything, openBlobPlace } from '#store/blobs/blob-place.ts';
import { storeErrors } from '#store/errors.ts';
import { type Database, openDatabase } from '#store/host/database.ts';
import { openEmbedded } from '#store/host/embedded.ts';
import { openPostgresql } from '#store/host/postgresql.ts';
import { SCHEMA, type StoreOptions } from '#store/store.ts';
import { markWith } from '#store/upkeep/installation.ts';
import { readBackupFile } from './backup-file.ts';
import { requireEmpty, type Restored, restoreBackup } from './restore.ts';

export type RestorePlace = Pick<StoreOptions, 'dataDir' | 'databaseUrl' | 'blobs'>;

async function requireEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [first] = await readdir(folder);
  if (first !== undefined)
    throw storeErrors.error('not-empty', { field: 'HAIDANG_DATA_DIR', reason: 'the data folder is not empty' });
}

async function openDatabaseOf({ dataDir, databaseUrl }: RestorePlace): Promise<Database> {
  if (databaseUrl === undefined) return openDatabase(await openEmbedded(dataDir, SCHEMA));
  return openDatabase(await openPostgresql({ url: databaseUrl, schema: SCHEMA, log: () => undefined }));
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** The whole file, before anything is made of it. */
async function requireWhole(file: string): Promise<void> {
  await readBackupFile(createReadStream(file), async (_head, content) => {
    for await (const piece of content) void piece;
  });
}

async function openEmptyPlace({ dataDir, blobs }: RestorePlace): Promise<BlobPlace> {
  const place = await openBlobPlace({ dataDir, location: blobs, alone: false });
  if (!(await holdsAnything(place))) return place;
  place.close();
  throw storeErrors.error('not-empty', { field: place.marker.setting, reason: 'the place for files holds some' });
}

/** So that the first start after it does not ask whose files these are. */
async function claim(database: Database, { marker }: BlobPlace): Promise<void> {
  const [row] = await database.query<{ id: string }>('select id from installation');
  if (row !== undefined) await markWith(marker, row.id);
}

/** Throws CareError `store.*`; the place is empty again then. */
export async function restoreStore(file: string, to: RestorePlace): Promise<Restored> {
  const { dataDir } = to;
  await requireEmptyFolder(dataDir);
  await requireWhole(file);
  const place = await openEmptyPlace(to).catch(async (thrown: unknown) => {
    await emptyFolder(dataDir);
    throw thrown;
  });
  let database: Database | undefined;
  let ours = false;
  try {
    database = await openDatabaseOf(to);
    await requireEmpty(database, SCHEMA);
    ours = true;
    const options = { schema: SCHEMA, blobs: place.blobs, dataDir };
    const restored = await restoreBackup(database, createReadStream(file), options);
    await claim(database, place);
    return restored;
  } catch (thrown) {
    if (ours && to.databaseUrl !== undefined) await database?.query(`drop schema if exists ${SCHEMA} cascade`);
    await database?.close();
    await emptyPlace(place);
    await emptyFolder(dataDir);
    throw thrown;
  } finally {
    place.close();
    await database?.close().catch(() => undefined);
  }
}
