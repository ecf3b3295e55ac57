// Blobs in a bucket of the S3 protocol, which several machines share (HAIDANG_BLOBS=s3://bucket/prefix).
import { CareError } from '#kernel/errors.ts';
import { newUuid } from '#kernel/ids.ts';
import { storeErrors } from '#store/errors.ts';
import { type Marker, MARKER } from '#store/upkeep/installation.ts';
import { blobNameOf, blobPath, provenContent } from './blob-name.ts';
import type { BlobState, BlobStore } from './blobs.ts';
import { type Bucket, openBucket } from './bucket.ts';
import { stagedBlob, type StagedFile, type Staging } from './staging.ts';

export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

async function wholeOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks) parts.push(part);
  return Buffer.concat(parts);
}

/** The id of the installation as an object beside the files. */
const bucketMarker = (bucket: Bucket, key: string): Marker => ({
  setting: 'HAIDANG_BLOBS',
  async read() {
    const object = await bucket.read(key);
    return object && (await wholeOf(object)).toString('utf8');
  },
  write: (text) => bucket.write(key, Buffer.from(text)),
  remove: () => bucket.remove(key),
});

/** Bytes are staged in the machine's own folder. Throws CareError `store.blobs-unreachable`. */
export async function openS3Blobs(
  location: S3Location,
  staging: Staging,
): Promise<BlobStore & { readonly marker: Marker; close(): void }> {
  const bucket = await openBucket(location.bucket);
  const keyOf = (sha256: string): string => `${location.prefix}${blobPath(sha256)}`;
  const has = (sha256: string): Promise<boolean> => bucket.has(keyOf(sha256));

  async function read(sha256: string): Promise<AsyncIterable<Uint8Array>> {
    const object = await bucket.read(keyOf(sha256));
    if (object === undefined) throw storeErrors.error('blob-missing', { field: sha256 });
    return object;
  }

  const get = async (sha256: string): Promise<Buffer> => provenContent(sha256, await wholeOf(await read(sha256)));

  async function moveIn(file: StagedFile): Promise<void> {
    if (!(await has(file.sha256))) await bucket.write(keyOf(file.sha256), await file.read(), file.sha256);
    await file.remove();
  }

  const stage: BlobStore['stage'] = async (...args) => stagedBlob(await staging.write(...args), { moveIn, read: get });

  async function check(sha256: string): Promise<BlobState> {
    try {
      await get(sha256);
      return 'intact';
    } catch (thrown) {
      if (thrown instanceof CareError && thrown.code === 'store.blob-missing') return 'missing';
      if (thrown instanceof CareError && thrown.code === 'store.blob-damaged') return 'damaged';
      throw thrown;
    }
  }

  return {
    stage,
    has,
    get,
    check,
    async *all() {
      for await (const key of bucket.keys(location.prefix)) {
        const sha256 = blobNameOf(key.slice(location.prefix.length));
        if (sha256 !== undefined) yield sha256;
      }
    },
    async heal(sha256, content) {
      if ((await check(sha256)) === 'intact') return false;
      await bucket.write(keyOf(sha256), content, sha256);
      return true;
    },
    put: async (content, options) => (await stage(content, options)).keep(),
    async *stream(sha256) {
      yield* await read(sha256);
    },
    async remove(sha256) {
      const aside = `${location.prefix}removed/${newUuid()}`;
      if (!(await bucket.move(keyOf(sha256), aside)))
        return { done: async () => undefined, undo: async () => undefined };
      return {
        done: () => bucket.remove(aside),
        async undo() {
          if (!(await bucket.move(aside, keyOf(sha256)))) throw storeErrors.error('blob-missing', { field: sha256 });
        },
      };
    },
    marker: bucketMarker(bucket, `${location.prefix}${MARKER}`),
    close: () => bucket.close(),
  };
}
