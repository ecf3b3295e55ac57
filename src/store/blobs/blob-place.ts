// Place of an installation's files: in the data folder, in a folder that several machines share, or in a bucket. One function opens it, so
// that the start of the service and a restore mean the same place by the same settings.
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderMarker, type Marker } from '#store/upkeep/installation.ts';
import { type BlobStore, openBlobs } from './blobs.ts';
import { openS3Blobs, type S3Location } from './s3-blobs.ts';
import { clearStaged, openStaging } from './staging.ts';

/** Where files are kept: a folder (for all machines the same one), or a bucket; beside a bucket the folder only stages. */
export interface BlobLocation {
  readonly folder?: string;
  readonly s3?: S3Location;
}

export interface PlaceOptions {
  readonly dataDir: string;
  /** Absent: in the data folder. */
  readonly location?: BlobLocation | undefined;
  /** No other process writes there: what is half written belonged to one that is gone, and is removed. */
  readonly alone: boolean;
}

export interface BlobPlace {
  readonly blobs: BlobStore;
  /** On this machine: the files themselves, or what is staged on its way to the bucket. */
  readonly folder: string;
  readonly marker: Marker;
  close(): void;
}

/** Throws CareError `store.blobs-unreachable`, `store.read-only`, `store.disk-full`. */
export async function openBlobPlace({ dataDir, location = {}, alone }: PlaceOptions): Promise<BlobPlace> {
  const { folder: named, s3 } = location;
  const folder = named ?? join(dataDir, 'blobs');
  if (alone) await clearStaged(folder);
  const bucket = s3 === undefined ? undefined : await openS3Blobs(s3, await openStaging(folder));
  const marker = named === undefined ? folderMarker(dataDir, 'HAIDANG_DATA_DIR') : folderMarker(named, 'HAIDANG_BLOBS');
  return {
    blobs: bucket ?? (await openBlobs(folder)),
    folder,
    marker: bucket?.marker ?? marker,
    close: () => bucket?.close(),
  };
}

/** Files or the marker of an installation: what somebody else may still need. */
export async function holdsAnything({ blobs, marker }: Pick<BlobPlace, 'blobs' | 'marker'>): Promise<boolean> {
  if ((await marker.read()) !== undefined) return true;
  for await (const sha256 of blobs.all()) return sha256 !== '';
  return false;
}

/** Every file of ours in the place, the marker too; for a place that held none before. Strangers' files stay. */
export async function emptyPlace({ blobs, folder, marker }: BlobPlace): Promise<void> {
  const found: string[] = [];
  for await (const sha256 of blobs.all()) found.push(sha256);
  for (const sha256 of found) await (await blobs.remove(sha256)).done();
  await marker.remove();
  await rm(join(folder, 'staging'), { recursive: true, force: true });
  for (const name of await readdir(folder))
    if (/^[0-9a-f]{2}$/.test(name)) await rmdir(join(folder, name)).catch(() => undefined);
}
