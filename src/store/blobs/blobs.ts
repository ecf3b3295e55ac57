// Bytes by their own hash: what was sent is kept as it was sent, once.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobRef, StagedBlob } from '#kernel/blob.ts';
import { storeErrors } from '#store/errors.ts';
import { syncFolder } from '#store/host/sync-folder.ts';
import { technicalFault, tellingFaults } from '#store/host/technical-fault.ts';
import { blobNameOf, blobPath, provenContent } from './blob-name.ts';
import { createDurableFolders } from './durable-folders.ts';
import { type BlobContent, openStaging, type PutOptions, type StagedFile, stagedBlob } from './staging.ts';

/** When `put` or `keep` resolves, the bytes are durable: a row that names them may be committed. */
export interface BlobStore {
  stage(content: BlobContent, options?: PutOptions): Promise<StagedBlob>;
  put(content: BlobContent, options?: PutOptions): Promise<BlobRef>;
  /** The whole content, its hash checked. Throws CareError `store.blob-missing` or `store.blob-damaged`. */
  get(sha256: string): Promise<Buffer>;
  /** For passing on without holding it in memory; not checked against the hash. Fails with ENOENT while it is read. */
  stream(sha256: string): AsyncIterable<Uint8Array>;
  has(sha256: string): Promise<boolean>;
  /** Sets the bytes aside; `done` removes them for good, `undo` brings them back. */
  remove(sha256: string): Promise<{ done(): Promise<void>; undo(): Promise<void> }>;
  /** The hashes of all files, in no order. */
  all(): AsyncIterable<string>;
  /** Reads the whole file and compares its hash. */
  check(sha256: string): Promise<BlobState>;
  /** Puts the bytes of a resend in the place of a file that is missing or damaged; true where that was needed. */
  heal(sha256: string, content: Uint8Array): Promise<boolean>;
}

export type BlobState = 'intact' | 'missing' | 'damaged';

const isAbsent = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

export async function openBlobs(folder: string): Promise<BlobStore> {
  const staging = await openStaging(folder);
  const pathOf = (sha256: string): string => join(folder, blobPath(sha256));
  const makeFolder = createDurableFolders();
  const has = (sha256: string): Promise<boolean> =>
    access(pathOf(sha256)).then(
      () => true,
      () => false,
    );

  async function check(sha256: string): Promise<BlobState> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of createReadStream(pathOf(sha256))) hash.update(chunk);
    } catch (thrown) {
      if (isAbsent(thrown)) return 'missing';
      throw technicalFault(thrown) ?? thrown;
    }
    return hash.digest('hex') === sha256 ? 'intact' : 'damaged';
  }

  async function moveIn({ sha256, path, remove }: StagedFile): Promise<void> {
    // A damaged file of this name is replaced: the bytes at hand are whole.
    if ((await has(sha256)) && (await check(sha256)) === 'intact') return remove();
    await tellingFaults(async () => {
      // Two that arrive together rename the same bytes onto the same name: either may win.
      await rename(path, pathOf(sha256));
      await syncFolder(dirname(pathOf(sha256)));
    });
  }

  async function get(sha256: string): Promise<Buffer> {
    const content = await readFile(pathOf(sha256)).catch((thrown: unknown) => {
      if (isAbsent(thrown)) throw storeErrors.error('blob-missing', { field: sha256 });
      throw technicalFault(thrown) ?? thrown;
    });
    return provenContent(sha256, content);
  }

  async function stage(content: BlobContent, options?: PutOptions): Promise<StagedBlob> {
    const file = await staging.write(content, options);
    try {
      // Before the transaction that keeps the file.
      await makeFolder(dirname(pathOf(file.sha256)));
    } catch (error) {
      await file.remove();
      throw error;
    }
    return stagedBlob(file, { moveIn, read: (sha256) => readFile(pathOf(sha256)) });
  }

  async function* all(): AsyncGenerator<string> {
    for (const start of await readdir(folder))
      if (/^[0-9a-f]{2}$/.test(start))
        for (const rest of await readdir(join(folder, start))) {
          const sha256 = blobNameOf(`${start}/${rest}`);
          if (sha256 !== undefined) yield sha256;
        }
  }

  return {
    stage,
    has,
    all,
    check,
    get,
    async heal(sha256, content) {
      if ((await check(sha256)) === 'intact') return false;
      await (await stage(content)).keep();
      return true;
    },
    put: async (content, options) => (await stage(content, options)).keep(),
    stream: (sha256) => createReadStream(pathOf(sha256)),
    async remove(sha256) {
      const aside = staging.newPath();
      const there = await rename(pathOf(sha256), aside).then(
        () => true,
        () => false,
      );
      return {
        done: () => rm(aside, { force: true }),
        async undo() {
          if (there) await rename(aside, pathOf(sha256));
        },
      };
    },
  };
}
