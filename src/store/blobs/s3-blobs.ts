// Blobs in a bucket of the S3 protocol, which several machines share (HAIDANG_BLOBS=s3://bucket/prefix). Bytes are staged in the machine's own folder,
// because their hash, which is their name, is known only at their end.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { StagedBlob } from '#kernel/blob.ts';
import { CareError } from '#kernel/errors.ts';
import { newUuid } from '#kernel/ids.ts';
import { type Marker, MARKER } from '#store/upkeep/installation.ts';
import { storeErrors } from '#store/errors.ts';
import type { BlobState, BlobStore } from './blobs.ts';

export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

const ATTEMPTS = 4;
const CONNECT_MS = 3_000;
const REQUEST_MS = 30_000;
const RETRY_AFTER_SECONDS = 10;

const library = async () =>
  import('@aws-sdk/client-s3').catch((cause: unknown) => {
    const reason = 'the optional package @aws-sdk/client-s3 is not installed';
    throw storeErrors.error('blobs-unreachable', { field: 'HAIDANG_BLOBS', reason, cause });
  });

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '');
const isMissing = (thrown: unknown): boolean => ['NoSuchKey', 'NotFound', 'NoSuchBucket'].includes(nameOf(thrown));
import { sharedAttempt } from './shared-attempt.ts';

/** The name of the fault only: a message may repeat addresses and keys. */
const unreachable = (cause: unknown) =>
  storeErrors.error('blobs-unreachable', {
    reason: `the bucket answered ${nameOf(cause)}`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });

async function telling<T>(work: Promise<T>, sha256: string): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (isMissing(thrown)) throw storeErrors.error('blob-missing', { field: sha256, cause: thrown });
    throw unreachable(thrown);
  }
}

async function* bodyOf({ Body }: GetObjectCommandOutput): AsyncGenerator<Uint8Array> {
  if (!(Body instanceof Readable)) throw new TypeError('an object without a body');
  for await (const chunk of Body) yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
}

async function connected(
  { S3Client: Client, HeadBucketCommand }: Awaited<ReturnType<typeof library>>,
  bucket: string,
): Promise<S3Client> {
  // Path style: MinIO, Ceph and the like have no name per bucket, and Amazon reads it too.
  const client: S3Client = new Client({
    forcePathStyle: true,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
  await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((thrown: unknown) => {
    client.destroy();
    throw unreachable(thrown);
  });
  return client;
}

const moveIn =
  (client: S3Client, { CopyObjectCommand, DeleteObjectCommand }: Awaited<ReturnType<typeof library>>, bucket: string) =>
  async (from: string, to: string): Promise<void> => {
    const source = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
    await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source }));
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: from }));
  };

/** The id of the installation as an object beside the files. */
function bucketMarker(client: S3Client, s3: typeof S3, { bucket, Key }: { bucket: string; Key: string }): Marker {
  return {
    setting: 'HAIDANG_BLOBS',
    async read() {
      try {
        const object = await client.send(new s3.GetObjectCommand({ Bucket: bucket, Key }));
        const chunks: Uint8Array[] = [];
        for await (const chunk of bodyOf(object)) chunks.push(chunk);
        return Buffer.concat(chunks).toString('utf8');
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw unreachable(thrown);
      }
    },
    async write(text) {
      await telling(client.send(new s3.PutObjectCommand({ Bucket: bucket, Key, Body: text })), MARKER);
    },
    async remove() {
      await telling(client.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key })), MARKER);
    },
  };
}

/** Credentials, region and address come from the usual AWS variables and files. Throws CareError `store.blobs-unreachable`. */
export async function openS3Blobs(
  { bucket, prefix }: S3Location,
  staging: Pick<BlobStore, 'stage'>,
): Promise<BlobStore & { readonly marker: Marker; close(): void }> {
  const s3 = await library();
  const { GetObjectCommand, HeadObjectCommand, PutObjectCommand } = s3;
  const client = await connected(s3, bucket);

  const at = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw storeErrors.error('bad-identifier', { field: 'sha256' });
    return { Bucket: bucket, Key: `${prefix}${sha256.slice(0, 2)}/${sha256.slice(2)}` };
  };

  async function has(sha256: string): Promise<boolean> {
    try {
      await client.send(new HeadObjectCommand(at(sha256)));
      return true;
    } catch (thrown) {
      if (isMissing(thrown)) return false;
      throw unreachable(thrown);
    }
  }

  /** The server compares the hash itself before it keeps the bytes. */
  async function upload(sha256: string, content: Uint8Array): Promise<void> {
    const checksum = Buffer.from(sha256, 'hex').toString('base64');
    const object = { ...at(sha256), Body: content, ContentLength: content.byteLength, ChecksumSHA256: checksum };
    await client.send(new PutObjectCommand(object)).catch((thrown: unknown) => {
      throw unreachable(thrown);
    });
  }

  async function get(sha256: string): Promise<Buffer> {
    const object = await telling(client.send(new GetObjectCommand(at(sha256))), sha256);
    const chunks: Uint8Array[] = [];
    for await (const chunk of bodyOf(object)) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    if (createHash('sha256').update(content).digest('hex') !== sha256)
      throw storeErrors.error('blob-damaged', { field: sha256 });
    return content;
  }

  const move = moveIn(client, s3, bucket);

  async function stage(...args: Parameters<BlobStore['stage']>): Promise<StagedBlob> {
    const staged = await staging.stage(...args);
    const { sha256, bytes } = staged;
    let kept = false;
    const keeping = sharedAttempt(async () => {
      if (!(await has(sha256))) await upload(sha256, await staged.read());
      kept = true;
      await staged.discard();
      return { sha256, bytes };
    });
    return {
      sha256,
      bytes,
      read: () => (kept ? get(sha256) : staged.read()),
      keep: keeping.run,
      async discard() {
        await keeping.ended();
        await staged.discard();
      },
    };
  }

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
      const page = (token?: string) =>
        client
          .send(new s3.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }))
          .catch((thrown: unknown) => {
            throw unreachable(thrown);
          });
      for (let next: string | undefined, more = true; more;) {
        const { Contents = [], NextContinuationToken } = await page(next);
        for (const { Key = '' } of Contents) {
          const sha256 = Key.slice(prefix.length).replace('/', '');
          if (/^[0-9a-f]{64}$/.test(sha256)) yield sha256;
        }
        next = NextContinuationToken;
        more = next !== undefined;
      }
    },
    async heal(sha256, content) {
      if ((await check(sha256)) === 'intact') return false;
      await upload(sha256, content);
      return true;
    },
    put: async (content, options) => (await stage(content, options)).keep(),
    async *stream(sha256) {
      yield* bodyOf(await telling(client.send(new GetObjectCommand(at(sha256))), sha256));
    },
    async remove(sha256) {
      const { Key } = at(sha256);
      if (!(await has(sha256))) return { done: async () => undefined, undo: async () => undefined };
      const aside = `${prefix}removed/${newUuid()}`;
      await telling(move(Key, aside), sha256);
      return {
        done: async () => {
          await telling(client.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key: aside })), sha256);
        },
        undo: () => telling(move(aside, Key), sha256),
      };
    },
    marker: bucketMarker(client, s3, { bucket, Key: `${prefix}${MARKER}` }),
    close: () => client.destroy(),
  };
}
