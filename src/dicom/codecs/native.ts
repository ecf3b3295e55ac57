// Uncompressed pixel data → stored values: bit-packed, either byte order, planar or interleaved, 4:2:2 brought to full resolution.
import { type Cells, isFilledUp } from '#image/filled-tail.ts';
import { tagText } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { PLANAR, type PixelLayout } from '#dicom/pixels/layout.ts';
import { allocatePixels, cutValues, frameLength, type PixelArray, pixelTypeOf } from '#dicom/pixels/stored-values.ts';

export interface NativeOptions {
  readonly bigEndian: boolean;
  /** VR of the element: in big endian data the bytes of OW are swapped in pairs, those of OB are not. */
  readonly vr: string | undefined;
}

/** Bytes of all frames as the tags say; one-bit frames follow each other without padding (PS3.5 8.1.1). */
const expectedBytes = (layout: PixelLayout): number =>
  Math.ceil((layout.frames * frameLength(layout) * layout.bitsAllocated) / 8);

/** Blocks are filled up with zeros, spaces or ones; a single byte makes the length even. */
const isPadding = (rest: Buffer): boolean =>
  rest.length <= 1 || [0x00, 0x20, 0xff].some((fill) => rest[0] === fill && rest.every((byte) => byte === fill));

/**
 * Bytes that a writer left behind the pixels are tolerated up to a row. A whole row more, or the same number of bytes more in each row,
 * contradicts Rows or Columns.
 */
function isLeftover(rest: Buffer, layout: PixelLayout): boolean {
  const cell = (layout.samples * layout.bitsAllocated) / 8;
  return rest.length < layout.columns * cell && rest.length % (layout.rows * cell) !== 0;
}

function checkedLength(bytes: Buffer, expected: number, layout: PixelLayout): Buffer {
  if (bytes.length >= expected) {
    const rest = bytes.subarray(expected);
    if (isPadding(rest) || isLeftover(rest, layout)) return bytes.subarray(0, expected);
    throw dicomErrors.error('size-mismatch', { reason: `${bytes.length} bytes of pixel data for ${expected}` });
  }
  const reason = `${bytes.length} bytes of pixel data instead of ${expected}`;
  throw dicomErrors.error(
    layout.frames > 1 && bytes.length >= expected / layout.frames ? 'missing-frames' : 'size-mismatch',
    { reason },
  );
}

/** Throws dicom.truncated. */
export function checkTail(cells: Cells, perRow: number): void {
  if (isFilledUp(cells, perRow)) {
    throw dicomErrors.error('truncated', { reason: 'the pixel data were filled up from the middle of a row on' });
  }
}

function swapped(bytes: Buffer, size: number): Buffer {
  const copy = Buffer.from(bytes);
  if (size === 2) return copy.subarray(0, copy.length - (copy.length % 2)).swap16();
  return copy.subarray(0, copy.length - (copy.length % 4)).swap32();
}

function unpackBits(bytes: Buffer, length: number): Uint8Array {
  const values = new Uint8Array(length);
  for (let at = 0; at < length; at++) values[at] = (bytes[at >> 3]! >> (at & 7)) & 1;
  return values;
}

/** Little-endian cells of 8, 16 or 32 bits, copied so that they are aligned. */
export function cellsOf(bytes: Uint8Array, layout: Pick<PixelLayout, 'bitsAllocated' | 'signed'>): PixelArray {
  const type = pixelTypeOf(layout);
  const size = layout.bitsAllocated / 8;
  const values = allocatePixels(type, bytes.length / size);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/** RRR…GGG…BBB… → RGBRGB…, frame by frame. */
export function interleave(
  values: PixelArray,
  { rows, columns, samples }: { readonly rows: number; readonly columns: number; readonly samples: number },
): PixelArray {
  const plane = rows * columns;
  const result = values.slice();
  for (let frame = 0; frame < values.length; frame += plane * samples) {
    for (let sample = 0; sample < samples; sample++) {
      const from = frame + sample * plane;
      for (let pixel = 0; pixel < plane; pixel++) result[frame + pixel * samples + sample] = values[from + pixel]!;
    }
  }
  return result;
}

/** Y1 Y2 Cb Cr → Y1 Cb Cr Y2 Cb Cr: each pair of pixels shares its chroma (PS3.3 C.7.6.3.1.2). */
function expand422(packed: Uint8Array): Uint8Array {
  const values = new Uint8Array((packed.length / 4) * 6);
  for (let from = 0, to = 0; from < packed.length; from += 4, to += 6) {
    const blue = packed[from + 2]!;
    const red = packed[from + 3]!;
    values[to] = packed[from]!;
    values[to + 1] = blue;
    values[to + 2] = red;
    values[to + 3] = packed[from + 1]!;
    values[to + 4] = blue;
    values[to + 5] = red;
  }
  return values;
}

/** Native 4:2:2 halves the chroma; a file that names it but has the full length was written without halving. */
function halvedBytes(bytes: Buffer, layout: PixelLayout): number | undefined {
  if (layout.photometric !== 'YBR_FULL_422' || layout.samples !== 3 || layout.bitsAllocated !== 8) return undefined;
  const full = expectedBytes(layout);
  if (bytes.length >= full) return undefined;
  if (layout.columns % 2 === 1) {
    throw dicomErrors.error('unsupported-pixels', { reason: '4:2:2 with an odd number of columns' });
  }
  return (full / 3) * 2;
}

/**
 * All frames at once. Throws dicom.size-mismatch, dicom.missing-frames, dicom.unsupported-pixels.
 */
export function decodeNative(bytes: Buffer, layout: PixelLayout, { bigEndian, vr }: NativeOptions): PixelArray {
  if (layout.photometric.startsWith('YBR_PARTIAL_42')) {
    throw dicomErrors.error('unsupported-pixels', { field: '(0028,0004)', reason: layout.photometric });
  }
  const halved = halvedBytes(bytes, layout);
  if (layout.samples === 3 && layout.planar === undefined) {
    throw dicomErrors.error('missing-tag', { field: tagText(PLANAR), reason: `${tagText(PLANAR)} is missing` });
  }
  const whole = checkedLength(bytes, halved ?? expectedBytes(layout), layout);
  const length = layout.frames * frameLength(layout);
  if (layout.samples === 1 && layout.frames === 1 && layout.bitsAllocated > 1)
    checkTail(whole, (layout.columns * layout.bitsAllocated) / 8);
  if (layout.bitsAllocated === 1) return unpackBits(whole, length);
  const size = layout.bitsAllocated / 8;
  const little = bigEndian && (size > 1 || vr === 'OW') ? swapped(bytes, Math.max(size, 2)) : whole;
  if (halved !== undefined) return expand422(little.subarray(0, halved));
  const values = cellsOf(little.subarray(0, length * size), layout);
  cutValues(values, { bits: layout.bitsStored, highBit: layout.highBit, signed: layout.signed });
  return layout.planar === true ? interleave(values, layout) : values;
}
