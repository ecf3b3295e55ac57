import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Hex } from '#kernel/ids.ts';
import { type BlobStore, openBlobs } from '#store/blobs/blobs.ts';
import { clearStaged } from '#store/blobs/staging.ts';

let folder: string;
let blobs: BlobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haidang-blobs-'));
  blobs = await openBlobs(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

const film = Buffer.from('film');
const FILM = sha256Hex(film);

test('bytes are found under their own hash, from a buffer and from a stream', async () => {
  expect(await blobs.put(film)).toEqual({ sha256: FILM, bytes: 4 });
  async function* parts() {
    yield Buffer.from('fi');
    yield Buffer.from('lm');
  }
  expect(await blobs.put(parts())).toEqual({ sha256: FILM, bytes: 4 });
  expect(await blobs.get(FILM)).toEqual(film);
  expect(await files()).toEqual([FILM.slice(2)]);
  const streamed: Uint8Array[] = [];
  for await (const chunk of blobs.stream(FILM)) streamed.push(chunk);
  expect(Buffer.concat(streamed)).toEqual(film);
});

test('the same bytes put twenty times at once are there once', async () => {
  await Promise.all(Array.from({ length: 20 }, () => blobs.put(film)));
  expect(await files()).toEqual([FILM.slice(2)]);
});

test('what is too large, breaks off or is discarded leaves nothing behind', async () => {
  await expect(blobs.put(film, { maximumBytes: 3 })).rejects.toMatchObject({ code: 'store.too-large' });
  async function* broken() {
    yield film;
    throw new Error('connection lost');
  }
  await expect(blobs.put(broken())).rejects.toThrow('connection lost');
  await expect(blobs.put(film, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  const staged = await blobs.stage(film);
  expect(await staged.read()).toEqual(film);
  expect(await blobs.has(FILM)).toBe(false);
  await staged.discard();
  expect(await files()).toEqual([]);
});

test('a staged blob that was kept can still be read, and discarding it does nothing', async () => {
  const staged = await blobs.stage(film);
  await staged.keep();
  await staged.discard();
  expect(await staged.read()).toEqual(film);
  expect(await blobs.get(FILM)).toEqual(film);
});

test('damaged and missing content is told, never handed out', async () => {
  await blobs.put(film);
  await writeFile(join(folder, FILM.slice(0, 2), FILM.slice(2)), 'fil');
  await expect(blobs.get(FILM)).rejects.toMatchObject({ code: 'store.blob-damaged' });
  await expect(blobs.get('b'.repeat(64))).rejects.toMatchObject({ code: 'store.blob-missing' });
  await expect(blobs.get('../../etc/passwd')).rejects.toMatchObject({ code: 'store.bad-identifier' });
});

test('what a killed process left half written is cleared', async () => {
  await blobs.stage(film);
  await clearStaged(folder);
  expect(await files()).toEqual([]);
});

test('a damaged or lost file is told, and healed by the bytes that are sent again', async () => {
  await blobs.put(film);
  const path = join(folder, FILM.slice(0, 2), FILM.slice(2));
  expect(await blobs.heal(FILM, film)).toBe(false);
  await writeFile(path, 'fium');
  expect(await blobs.check(FILM)).toBe('damaged');
  expect(await blobs.heal(FILM, film)).toBe(true);
  expect(await blobs.get(FILM)).toEqual(film);
  await rm(path);
  expect(await blobs.check(FILM)).toBe('missing');
  // A new row that names the same bytes heals them too.
  await blobs.put(film);
  await writeFile(path, 'fium');
  await blobs.put(film);
  expect(await blobs.check(FILM)).toBe('intact');
  expect(await files()).toEqual([FILM.slice(2)]);
});

test('a staged blob that is kept twice at once and discarded meanwhile is kept once', async () => {
  const staged = await blobs.stage(film, { sha256: FILM });
  const [first, second] = await Promise.all([staged.keep(), staged.keep(), staged.discard()]);
  expect([first, second]).toEqual([
    { sha256: FILM, bytes: 4 },
    { sha256: FILM, bytes: 4 },
  ]);
  expect(await blobs.get(FILM)).toEqual(film);
  expect(await files()).toEqual([FILM.slice(2)]);
});

test('a staged blob whose keeping failed can be kept again, and is not kept by discarding it', async () => {
  const staged = await blobs.stage(film, { sha256: FILM });
  await rm(join(folder, FILM.slice(0, 2)), { recursive: true });
  await expect(staged.keep()).rejects.toThrow('ENOENT');
  await staged.discard();
  expect(await files()).toEqual([]);
});
