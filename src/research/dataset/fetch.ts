// Downloads the files of an open data set: it goes on where it stopped, checks size and SHA-256, and keeps no file that is not the right one.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { evaluationErrors } from '#research/errors.ts';
import { staysInside } from './path.ts';
import type { DatasetData } from './schema.ts';
import { sha256OfFile } from './verify.ts';

type FileData = DatasetData['files'][number];

export interface FetchProgress {
  readonly path: string;
  readonly done: number;
  /** Undefined where neither the descriptor nor the server says. */
  readonly total: number | undefined;
}

export interface FetchOptions {
  readonly onProgress: (progress: FetchProgress) => void;
  readonly signal?: AbortSignal;
}

const failed = (path: string, reason: string, cause?: unknown) =>
  evaluationErrors.error('not-fetched', { field: path, reason: `${path}: ${reason}`, cause });

const sizeOf = async (path: string): Promise<number> => (existsSync(path) ? (await stat(path)).size : 0);

/** A server that ignores the range sends the whole file again: then what was there is thrown away. */
async function download(file: FileData, part: string, { onProgress, signal }: FetchOptions): Promise<void> {
  const { url = '', path } = file;
  const before = await sizeOf(part);
  const response = await fetch(url, {
    headers: before > 0 ? { range: `bytes=${before}-` } : {},
    ...(signal !== undefined && { signal }),
  }).catch((cause: unknown) => {
    throw failed(path, `${url} does not answer`, cause);
  });
  // The part is already whole.
  if (response.status === 416 && before > 0) return;
  if (!response.ok || response.body === null) throw failed(path, `${url} answered ${response.status}`);
  const resumed = response.status === 206;
  let done = resumed ? before : 0;
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = file.bytes ?? (Number.isFinite(announced) ? done + announced : undefined);
  const body = Readable.fromWeb(response.body);
  body.on('data', (chunk: Uint8Array) => {
    done += chunk.length;
    onProgress({ path, done, total });
  });
  await pipeline(body, createWriteStream(part, { flags: resumed ? 'a' : 'w' })).catch((cause: unknown) => {
    throw failed(path, `the connection ended after ${done} bytes; the same command goes on from there`, cause);
  });
}

async function checked(file: FileData, path: string): Promise<void> {
  const size = await sizeOf(path);
  if (file.bytes !== undefined && size < file.bytes)
    throw failed(file.path, `${size} of ${file.bytes} bytes came; the same command goes on from there`);
  const sha256 = file.sha256 === undefined ? undefined : await sha256OfFile(path);
  if (sha256 === file.sha256 && (file.bytes === undefined || size === file.bytes)) return;
  await rm(path);
  throw failed(file.path, `SHA-256 ${sha256 ?? '?'} and ${size} bytes are not the recorded ones; the file was removed`);
}

/** Throws CareError `evaluation.not-fetched` or `evaluation.dataset` (a path that leaves the folder). */
export async function fetchFile(folder: string, file: FileData, options: FetchOptions): Promise<'fetched' | 'there'> {
  if (!staysInside(file.path))
    throw evaluationErrors.error('dataset', { field: 'files', reason: `${file.path} leaves the folder` });
  const target = join(folder, file.path);
  if (existsSync(target)) {
    await checked(file, target);
    return 'there';
  }
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  await download(file, part, options);
  await checked(file, part);
  await rename(part, target);
  return 'fetched';
}
