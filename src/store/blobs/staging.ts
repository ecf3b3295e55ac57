// Bytes on their way in: written to a folder of this machine first, because their hash, which is their name, is known only at their end.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRef, StagedBlob } from '#kernel/blob.ts';
import { newUuid } from '#kernel/ids.ts';
import { storeErrors } from '#store/errors.ts';
import { tellingFaults } from '#store/host/technical-fault.ts';
import { sharedAttempt } from './shared-attempt.ts';

export type BlobContent = Uint8Array | AsyncIterable<Uint8Array>;

export interface PutOptions {
  /** Throws CareError `store.too-large` past this, and keeps nothing. */
  readonly maximumBytes?: number;
  /** Of the content, where the caller has computed it already. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
}

/** Patients' images: for the service's own user alone. */
export const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export interface StagedFile extends BlobRef {
  readonly path: string;
  read(): Promise<Buffer>;
  remove(): Promise<void>;
}

export interface Staging {
  /** The file is durable when this resolves; nothing is left of it when it throws. */
  write(content: BlobContent, options?: PutOptions): Promise<StagedFile>;
  /** A path that nothing has. */
  newPath(): string;
}

export interface KeptPlace {
  /** Moves the bytes to where they are kept, durably; leaves no staged file. */
  moveIn(file: StagedFile): Promise<void>;
  read(sha256: string): Promise<Buffer>;
}

/** The staged file as its writer sees it: kept at most once, and discarded only as long as it is not kept. */
export function stagedBlob(file: StagedFile, place: KeptPlace): StagedBlob {
  const { sha256, bytes } = file;
  let kept = false;
  const keeping = sharedAttempt(async () => {
    await place.moveIn(file);
    kept = true;
    return { sha256, bytes };
  });
  return {
    sha256,
    bytes,
    read: () => (kept ? place.read(sha256) : file.read()),
    keep: keeping.run,
    async discard() {
      await keeping.ended();
      if (!kept) await file.remove();
    },
  };
}

const stagingFolder = (folder: string): string => join(folder, 'staging');

async function* chunks(content: BlobContent): AsyncIterable<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}

/** Half-written files of a process that was killed are removed at the start: only one process may own the folder then. */
export async function clearStaged(folder: string): Promise<void> {
  const staging = stagingFolder(folder);
  await mkdir(staging, { recursive: true, mode: FOLDER_MODE });
  for (const name of await readdir(staging)) await rm(join(staging, name), { force: true });
}

async function writeFile(path: string, content: BlobContent, options: PutOptions): Promise<BlobRef> {
  const hash = options.sha256 === undefined ? createHash('sha256') : undefined;
  let bytes = 0;
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    for await (const chunk of chunks(content)) {
      options.signal?.throwIfAborted();
      bytes += chunk.byteLength;
      if (bytes > (options.maximumBytes ?? Infinity)) {
        throw storeErrors.error('too-large', { reason: `more than ${options.maximumBytes} bytes` });
      }
      hash?.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash?.digest('hex') ?? options.sha256 ?? '', bytes };
}

export async function openStaging(folder: string): Promise<Staging> {
  const staging = stagingFolder(folder);
  await mkdir(staging, { recursive: true, mode: FOLDER_MODE });
  const newPath = (): string => join(staging, newUuid());
  return {
    newPath,
    async write(content, options = {}) {
      const path = newPath();
      const remove = () => rm(path, { force: true });
      try {
        const ref = await tellingFaults(() => writeFile(path, content, options));
        return { ...ref, path, read: () => readFile(path), remove };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  };
}
