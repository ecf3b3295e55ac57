// Bytes by their own hash: what was sent is kept as it was sent, once.
import type { BlobRef, StagedBlob } from '#kernel/blob.ts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newUuid } from '#kernel/ids.ts';
import { storeErrors } from '#store/errors.ts';
import { syncFolder } from '#store/host/sync-folder.ts';
import { technicalFault, tellingFaults } from '#store/host/technical-fault.ts';
import { sharedAttempt } from './shared-attempt.ts';

export interface PutOptions {
  /** Throws CareError `store.too-large` past this, and keeps nothing. */
  readonly maximumBytes?: number;
  /** Of the content, where the caller has computed it already. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
}

/** When `put` or `keep` resolves, the bytes are durable: a row that names them may be committed. */
export interface BlobStore {
  stage(content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StagedBlob>;
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<BlobRef>;
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

/** Patients' images: for the service's own user alone. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

const isAbsent = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

async function* chunks(content: Uint8Array | AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}

/** Half-written files of a process that was killed are removed at the start: only one process may own the folder then. */
export async function clearStaged(folder: string): Promise<void> {
  const staging = join(folder, 'staging');
  await mkdir(staging, { recursive: true, mode: FOLDER_MODE });
  for (const name of await readdir(staging)) await rm(join(staging, name), { force: true });
}

/** Throws CareError `store.too-large`. The file is durable when this resolves. */
async function write(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: PutOptions,
): Promise<BlobRef> {
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

export async function openBlobs(folder: string): Promise<BlobStore> {
  const staging = join(folder, 'staging');
  await mkdir(staging, { recursive: true, mode: FOLDER_MODE });

  const pathOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw storeErrors.error('bad-identifier', { field: 'sha256' });
    return join(folder, sha256.slice(0, 2), sha256.slice(2));
  };
  /** Folders of the first two digits whose own names are on the disk; made before the transaction that keeps a file in one. */
  const durable = new Map<string, Promise<void>>();
  function makeFolder(path: string): Promise<void> {
    const made =
      durable.get(path) ??
      tellingFaults(async () => {
        await mkdir(path, { recursive: true, mode: FOLDER_MODE });
        await syncFolder(folder);
      });
    durable.set(path, made);
    made.catch(() => durable.delete(path));
    return made;
  }
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

  async function stage(content: Uint8Array | AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<StagedBlob> {
    const path = join(staging, newUuid());
    let ref: BlobRef;
    try {
      ref = await tellingFaults(() => write(path, content, options));
      await makeFolder(dirname(pathOf(ref.sha256)));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    let kept = false;
    const keeping = sharedAttempt(async () => {
      const target = pathOf(ref.sha256);
      // A damaged file of this name is replaced: the bytes at hand are whole.
      if ((await has(ref.sha256)) && (await check(ref.sha256)) === 'intact') {
        await rm(path, { force: true });
      } else {
        await tellingFaults(async () => {
          // Two that arrive together rename the same bytes onto the same name: either may win.
          await rename(path, target);
          await syncFolder(dirname(target));
        });
      }
      kept = true;
      return ref;
    });
    return {
      ...ref,
      read: () => readFile(kept ? pathOf(ref.sha256) : path),
      keep: keeping.run,
      async discard() {
        await keeping.ended();
        if (!kept) await rm(path, { force: true });
      },
    };
  }

  async function* all(): AsyncGenerator<string> {
    for (const start of await readdir(folder))
      if (/^[0-9a-f]{2}$/.test(start))
        for (const rest of await readdir(join(folder, start))) if (/^[0-9a-f]{62}$/.test(rest)) yield start + rest;
  }

  return {
    stage,
    has,
    all,
    check,
    async heal(sha256, content) {
      if ((await check(sha256)) === 'intact') return false;
      await (await stage(content)).keep();
      return true;
    },
    put: async (content, options) => (await stage(content, options)).keep(),
    async get(sha256) {
      const content = await readFile(pathOf(sha256)).catch((thrown: unknown) => {
        if (isAbsent(thrown)) throw storeErrors.error('blob-missing', { field: sha256 });
        throw technicalFault(thrown) ?? thrown;
      });
      if (createHash('sha256').update(content).digest('hex') !== sha256) {
        throw storeErrors.error('blob-damaged', { field: sha256 });
      }
      return content;
    },
    stream: (sha256) => createReadStream(pathOf(sha256)),
    async remove(sha256) {
      const aside = join(staging, newUuid());
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
