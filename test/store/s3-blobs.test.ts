// The store of files in a bucket, against a real server of the S3 protocol (HAIDANG_TEST_BLOBS=s3://bucket and the AWS variables; .ci/steps/12-replicas).
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#kernel/ids.ts';
import { emptyPlace, holdsAnything, openBlobPlace } from '#store/blobs/blob-place.ts';
import { openS3Blobs } from '#store/blobs/s3-blobs.ts';
import { openStaging } from '#store/blobs/staging.ts';

const bucket = process.env['HAIDANG_TEST_BLOBS']?.slice('s3://'.length);
const film = Buffer.from('film');
const FILM = sha256Hex(film);

describe.skipIf(bucket === undefined)('files in a bucket (HAIDANG_TEST_BLOBS)', () => {
  const prefix = `test-${randomUUID()}/`;
  let folder: string;
  let blobs: Awaited<ReturnType<typeof openS3Blobs>>;
  let raw: S3Client;
  const keyOf = (sha256: string) => ({ Bucket: bucket, Key: `${prefix}${sha256.slice(0, 2)}/${sha256.slice(2)}` });
  const keys = async (): Promise<string[]> =>
    (await raw.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))).Contents?.map(
      ({ Key = '' }) => Key,
    ) ?? [];
  const staged = async (): Promise<string[]> => readdir(join(folder, 'staging'));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haidang-s3-'));
    blobs = await openS3Blobs({ bucket: bucket ?? '', prefix }, await openStaging(folder));
    raw = new S3Client({ forcePathStyle: true });
  });
  afterAll(async () => {
    blobs.close();
    raw.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  test('bytes are found under their own hash, from a buffer and from a stream, once', async () => {
    async function* parts() {
      yield Buffer.from('fi');
      yield Buffer.from('lm');
    }
    const refs = await Promise.all([
      blobs.put(film),
      blobs.put(parts()),
      ...Array.from({ length: 8 }, () => blobs.put(film)),
    ]);
    for (const ref of refs) expect(ref).toEqual({ sha256: FILM, bytes: 4 });
    expect(await keys()).toEqual([keyOf(FILM).Key]);
    expect(await staged()).toEqual([]);
    expect(await blobs.get(FILM)).toEqual(film);
    const streamed: Uint8Array[] = [];
    for await (const chunk of blobs.stream(FILM)) streamed.push(chunk);
    expect(Buffer.concat(streamed)).toEqual(film);
  });

  test('what is staged is not in the bucket before it is kept, and discarded nowhere', async () => {
    const other = Buffer.from('other');
    const one = await blobs.stage(other);
    expect([await blobs.has(sha256Hex(other)), await one.read()]).toEqual([false, other]);
    await one.discard();
    const two = await blobs.stage(other);
    await two.keep();
    await two.discard();
    expect([await blobs.has(sha256Hex(other)), await two.read()]).toEqual([true, other]);
    expect(await staged()).toEqual([]);
    await expect(blobs.put(film, { maximumBytes: 3 })).rejects.toMatchObject({ code: 'store.too-large' });
  });

  test('what is removed is set aside first: it can be brought back until it is gone for good', async () => {
    const gone = Buffer.from('gone');
    const sha256 = sha256Hex(gone);
    await blobs.put(gone);
    const before = (await keys()).length;
    await (await blobs.remove(sha256)).undo();
    expect(await blobs.get(sha256)).toEqual(gone);
    const removal = await blobs.remove(sha256);
    expect(await blobs.has(sha256)).toBe(false);
    await removal.done();
    expect((await keys()).length).toBe(before - 1);
  });

  test('the bucket carries the id of its installation', async () => {
    expect(await blobs.marker.read()).toBeUndefined();
    await blobs.marker.write('{"installation":"x"}');
    expect(await blobs.marker.read()).toBe('{"installation":"x"}');
  });

  test('damaged and missing content is told, never handed out', async () => {
    const lost = Buffer.from('lost');
    await blobs.put(lost);
    await raw.send(new PutObjectCommand({ ...keyOf(sha256Hex(lost)), Body: 'los' }));
    await expect(blobs.get(sha256Hex(lost))).rejects.toMatchObject({ code: 'store.blob-damaged' });
    await raw.send(new DeleteObjectCommand(keyOf(sha256Hex(lost))));
    await expect(blobs.get(sha256Hex(lost))).rejects.toMatchObject({ code: 'store.blob-missing' });
    await expect(blobs.get('../../etc/passwd')).rejects.toMatchObject({ code: 'store.bad-identifier' });
  });

  test('a bucket that is not there refuses the start', async () => {
    const opening = openS3Blobs({ bucket: 'no-such-bucket-of-ours', prefix: '' }, await openStaging(folder));
    await expect(opening).rejects.toMatchObject({ code: 'store.blobs-unreachable' });
  });

  test('a place that was empty holds something once a film or the marker lies there, and is empty again afterwards', async () => {
    const location = { s3: { bucket: bucket ?? '', prefix: `${prefix}place/` } };
    const place = await openBlobPlace({ dataDir: folder, location, alone: false });
    expect(place.marker.setting).toBe('HAIDANG_BLOBS');
    expect(await holdsAnything(place)).toBe(false);
    await place.marker.write('{}');
    expect(await holdsAnything(place)).toBe(true);
    await place.marker.remove();
    await place.blobs.put(film);
    expect(await holdsAnything(place)).toBe(true);
    await emptyPlace(place);
    expect(await holdsAnything(place)).toBe(false);
    expect((await keys()).filter((key) => key.startsWith(location.s3.prefix))).toEqual([]);
    place.close();
  });
});
