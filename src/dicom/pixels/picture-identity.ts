// The identity of a file's picture, the same in every lossless syntax: a resend is compared by it.
import { createHash } from 'node:crypto';
import type { PictureIdentity } from '#kernel/picture-identity.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import { decodeStored } from './decode.ts';
import { grayFrame } from './gray-frame.ts';
import type { StoredPixels } from './stored-values.ts';

/** Values at a time: four bytes each, whatever the depth in the file, since Bits Allocated is part of the wrapping. */
const AT_ONCE = 65_536;

function pixelsHash({ rows, columns, frames, samples, values }: StoredPixels): string {
  const hash = createHash('sha256').update(`${rows} ${columns} ${frames} ${samples}\n`);
  const cells = new Int32Array(AT_ONCE);
  for (let at = 0; at < values.length; at += AT_ONCE) {
    const part = values.subarray(at, at + AT_ONCE);
    cells.set(part);
    hash.update(new Uint8Array(cells.buffer, 0, part.length * Int32Array.BYTES_PER_ELEMENT));
  }
  return hash.digest('hex');
}

/** Decodes the whole file. Throws as `decodeStored` and `grayFrame` do. */
export async function pictureIdentity(file: DicomFile): Promise<PictureIdentity> {
  const pixels = pixelsHash(await decodeStored(file));
  const { values, ...frame } = await grayFrame(file);
  const shown = createHash('sha256').update(JSON.stringify(frame));
  shown.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return { pixels, shown: shown.digest('hex') };
}
