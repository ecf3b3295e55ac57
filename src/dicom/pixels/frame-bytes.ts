// The bytes of one frame as the file keeps them, for passing on undecoded: a stream of its codec, or little-endian pixels.
import type { DicomFile } from '#dicom/read/parse.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { frameCount } from '#dicom/read/tags.ts';
import { PIXEL_DATA } from '#dicom/read/reader.ts';
import { EXPLICIT_LITTLE } from '#dicom/read/transfer-syntax.ts';
import { frameStreams } from './fragments.ts';
import { layoutOf } from './layout.ts';

export interface FrameBytes {
  readonly bytes: Buffer;
  /** Of these bytes: native pixels are little endian whatever the file's order was. */
  readonly transferSyntaxUid: string;
}

/** Bits that do not start on a byte are moved to the start of one. */
function bitFrame(bytes: Buffer, start: number, length: number): Buffer {
  const frame = Buffer.alloc(Math.ceil(length / 8));
  for (let at = 0; at < length; at += 1) {
    const bit = start + at;
    if ((bytes[bit >> 3]! & (1 << (bit & 7))) !== 0) frame[at >> 3]! |= 1 << (at & 7);
  }
  return frame;
}

/** `frame` counts from 0. Throws dicom.missing-frames, dicom.no-pixel-data, and what `layoutOf` throws. */
export function frameBytes(file: DicomFile, frame: number): FrameBytes {
  const { dataSet, transferSyntax } = file;
  const element = dataSet.elements.get(PIXEL_DATA);
  if (element === undefined) throw dicomErrors.error('no-pixel-data');
  const frames = frameCount(dataSet);
  if (frame < 0 || frame >= frames)
    throw dicomErrors.error('missing-frames', { reason: `frame ${frame + 1} of ${frames}` });
  if (element.fragments !== undefined) {
    const stream = frameStreams(dataSet, frames)[frame];
    if (stream === undefined) throw dicomErrors.error('missing-frames', { reason: `frame ${frame + 1} of ${frames}` });
    return { bytes: stream, transferSyntaxUid: transferSyntax.uid };
  }
  const { rows, columns, samples, bitsAllocated } = layoutOf(dataSet);
  const bits = rows * columns * samples * bitsAllocated;
  if (element.bytes.length * 8 < bits * frames)
    throw dicomErrors.error('truncated', { reason: 'the pixel data are too short' });
  const native = { transferSyntaxUid: EXPLICIT_LITTLE.uid };
  if (bitsAllocated === 1) return { ...native, bytes: bitFrame(element.bytes, frame * bits, bits) };
  const size = bits / 8;
  const bytes = element.bytes.subarray(frame * size, (frame + 1) * size);
  if (!transferSyntax.bigEndian || (bitsAllocated === 8 && element.vr !== 'OW')) return { ...native, bytes };
  return { ...native, bytes: bitsAllocated === 32 ? Buffer.from(bytes).swap32() : Buffer.from(bytes).swap16() };
}
