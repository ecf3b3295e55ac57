// One RLE frame (PS3.5 annex G: PackBits, one segment per byte of a sample, most significant first) → stored values.
import { dicomErrors } from '#dicom/errors.ts';
import type { PixelLayout } from '#dicom/pixels/layout.ts';
import type { PixelArray } from '#dicom/pixels/stored-values.ts';
import { cellsOf } from './native.ts';

const HEADER_BYTES = 64;

const broken = (reason: string): Error => dicomErrors.error('broken-stream', { reason: `RLE: ${reason}` });

interface Segment {
  readonly bytes: Buffer;
  /** Where its bytes go in the little-endian, interleaved frame. */
  readonly offset: number;
  readonly stride: number;
  readonly length: number;
}

/** Fills exactly `length` bytes or throws: a short segment is a cut one, a long one belongs to another size of image. */
function unpack(segment: Segment, target: Uint8Array): void {
  const { bytes, offset, stride, length } = segment;
  let at = 0;
  let done = 0;
  while (done < length) {
    if (at >= bytes.length) throw dicomErrors.error('truncated', { reason: 'an RLE segment ends before its image' });
    const control = bytes.readInt8(at++);
    if (control === -128) continue;
    const count = control >= 0 ? control + 1 : 1 - control;
    if (done + count > length) throw broken('a run goes past the end of the image');
    if (control >= 0) {
      if (at + count > bytes.length) throw dicomErrors.error('truncated', { reason: 'an RLE segment is cut' });
      for (let index = 0; index < count; index++) target[offset + (done + index) * stride] = bytes[at + index]!;
      at += count;
    } else {
      if (at >= bytes.length) throw dicomErrors.error('truncated', { reason: 'an RLE segment is cut' });
      const value = bytes[at++]!;
      for (let index = 0; index < count; index++) target[offset + (done + index) * stride] = value;
    }
    done += count;
  }
  // What is left may be padding to an even length, or no-operation bytes.
  const rest = bytes.subarray(at);
  if (rest.length > 1 && !rest.every((byte) => byte === 0 || byte === 0x80)) {
    throw dicomErrors.error('size-mismatch', { reason: 'an RLE segment holds more than Rows × Columns' });
  }
}

/** Throws dicom.truncated, dicom.broken-stream, dicom.size-mismatch. */
export function decodeRle(stream: Buffer, layout: PixelLayout): PixelArray {
  if (layout.bitsAllocated === 1) throw dicomErrors.error('unsupported-pixels', { reason: 'RLE of one-bit pixels' });
  if (stream.length < HEADER_BYTES) throw dicomErrors.error('truncated', { reason: 'the RLE header is cut' });
  const size = layout.bitsAllocated / 8;
  const count = layout.samples * size;
  const found = stream.readUInt32LE(0);
  if (found !== count)
    throw dicomErrors.error('size-mismatch', { reason: `${found} RLE segments instead of ${count}` });
  const offsets = Array.from({ length: count }, (_, index) => stream.readUInt32LE(4 + 4 * index));
  const pixels = layout.rows * layout.columns;
  // Two bytes stand for at most 128: a stream that is too short for its image is refused before the image is allocated.
  if (stream.length * 64 < pixels * count) {
    throw dicomErrors.error('truncated', { reason: 'the RLE frame is too short for its image' });
  }
  const target = new Uint8Array(pixels * count);
  for (const [index, start] of offsets.entries()) {
    const end = offsets[index + 1] ?? stream.length;
    if (start < HEADER_BYTES || end <= start) throw broken('the segment offsets are not in order');
    if (start >= stream.length || end > stream.length) {
      throw dicomErrors.error('truncated', { reason: 'an RLE segment lies beyond the end of its frame' });
    }
    const sample = Math.floor(index / size);
    const significance = size - 1 - (index % size);
    unpack(
      { bytes: stream.subarray(start, end), offset: sample * size + significance, stride: count, length: pixels },
      target,
    );
  }
  return cellsOf(target, layout);
}
