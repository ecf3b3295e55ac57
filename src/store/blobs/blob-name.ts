// A blob is named by the SHA-256 of its bytes, and lies under the name's first two digits.
import { createHash } from 'node:crypto';
import { storeErrors } from '#store/errors.ts';

const PATH = /^([0-9a-f]{2})\/([0-9a-f]{62})$/;

/** `ab/cdef…`. Throws CareError `store.bad-identifier`. */
export function blobPath(sha256: string): string {
  const path = `${sha256.slice(0, 2)}/${sha256.slice(2)}`;
  if (!PATH.test(path)) throw storeErrors.error('bad-identifier', { field: 'sha256' });
  return path;
}

/** Undefined for the path of something else. */
export function blobNameOf(path: string): string | undefined {
  const [, start, rest] = PATH.exec(path) ?? [];
  return start !== undefined && rest !== undefined ? start + rest : undefined;
}

/** The content itself. Throws CareError `store.blob-damaged` where its hash is another. */
export function provenContent(sha256: string, content: Buffer): Buffer {
  if (createHash('sha256').update(content).digest('hex') !== sha256)
    throw storeErrors.error('blob-damaged', { field: sha256 });
  return content;
}
