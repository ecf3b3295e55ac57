// Objects in a bucket of the S3 protocol. Credentials, region and address come from the usual AWS variables and files.
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { storeErrors } from '#store/errors.ts';

export interface Bucket {
  has(key: string): Promise<boolean>;
  /** Undefined where there is no such object. */
  read(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** With a SHA-256 the server compares the hash itself before it keeps the bytes. */
  write(key: string, content: Uint8Array, sha256?: string): Promise<void>;
  /** False where there is no such object. */
  move(from: string, to: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  keys(prefix: string): AsyncIterable<string>;
  close(): void;
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

/** The name of the fault only: a message may repeat addresses and keys. */
const unreachable = (cause: unknown) =>
  storeErrors.error('blobs-unreachable', {
    reason: `the bucket answered ${nameOf(cause)}`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });

/** Undefined where there is no such object. Throws CareError `store.blobs-unreachable`. */
async function found<Answer>(work: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work;
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw unreachable(thrown);
  }
}

async function reached<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (thrown) {
    throw unreachable(thrown);
  }
}

async function* chunksOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) throw new TypeError('an object without a body');
  for await (const chunk of body) yield chunk instanceof Uint8Array ? chunk : Buffer.from(String(chunk));
}

/** Each call throws CareError `store.blobs-unreachable`, and so does this one where there is no such bucket. */
export async function openBucket(name: string): Promise<Bucket> {
  const s3 = await library();
  // Path style: MinIO, Ceph and the like have no name per bucket, and Amazon reads it too.
  const client: S3Client = new s3.S3Client({
    forcePathStyle: true,
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
  const at = (key: string) => ({ Bucket: name, Key: key });
  await client.send(new s3.HeadBucketCommand({ Bucket: name })).catch((thrown: unknown) => {
    client.destroy();
    throw unreachable(thrown);
  });

  const remove = async (key: string): Promise<void> => {
    await reached(client.send(new s3.DeleteObjectCommand(at(key))));
  };
  return {
    has: async (key) => (await found(client.send(new s3.HeadObjectCommand(at(key))))) !== undefined,
    async read(key) {
      const object = await found(client.send(new s3.GetObjectCommand(at(key))));
      return object && chunksOf(object.Body);
    },
    async write(key, content, sha256) {
      const checksum = sha256 !== undefined && { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') };
      const object = { ...at(key), Body: content, ContentLength: content.byteLength, ...checksum };
      await reached(client.send(new s3.PutObjectCommand(object)));
    },
    async move(from, to) {
      const source = `${name}/${from.split('/').map(encodeURIComponent).join('/')}`;
      const copied = await found(client.send(new s3.CopyObjectCommand({ ...at(to), CopySource: source })));
      if (copied !== undefined) await remove(from);
      return copied !== undefined;
    },
    remove,
    async *keys(prefix) {
      for (let next: string | undefined, more = true; more;) {
        const command = new s3.ListObjectsV2Command({ Bucket: name, Prefix: prefix, ContinuationToken: next });
        const { Contents = [], NextContinuationToken } = await reached(client.send(command));
        for (const { Key = '' } of Contents) yield Key;
        next = NextContinuationToken;
        more = next !== undefined;
      }
    },
    close: () => client.destroy(),
  };
}
