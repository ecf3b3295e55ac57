// A parsed file → the stored pixel values of all its frames, before any LUT. Pixels that are truncated or disagree with the tags are refused.
import { decodeStream } from '#dicom/codecs/codec.ts';
import { checkTail, decodeNative } from '#dicom/codecs/native.ts';
import type { DataSet, Element } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { frameStreams } from './fragments.ts';
import { layoutOf, type PixelLayout } from './layout.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import {
  allocatePixels,
  cutAboveOvershoot,
  cutValues,
  type DecodedFrame,
  frameLength,
  type PixelArray,
  pixelTypeOf,
  type Size,
  type StoredPixels,
} from './stored-values.ts';
import { PIXEL_DATA } from '#dicom/read/reader.ts';
import type { TransferSyntax } from '#dicom/read/transfer-syntax.ts';

const FLOAT_PIXELS = 0x7fe00008;
const DOUBLE_PIXELS = 0x7fe00009;

/** The pixel data element. Throws dicom.no-pixel-data, dicom.unsupported-pixels. */
function pixelElement(set: DataSet): Element {
  const element = set.elements.get(PIXEL_DATA);
  if (element !== undefined && (element.fragments !== undefined || element.bytes.length > 0)) return element;
  if (set.elements.has(FLOAT_PIXELS) || set.elements.has(DOUBLE_PIXELS)) {
    throw dicomErrors.error('unsupported-pixels', { reason: 'pixels are floating-point numbers' });
  }
  throw dicomErrors.error('no-pixel-data');
}

/** Everything that can be refused before a codec is asked. */
export function checkedLayout(file: DicomFile): PixelLayout {
  const { codec, uid } = file.transferSyntax;
  const element = pixelElement(file.dataSet);
  if (codec === 'jpeg-xl' || codec === 'video') throw dicomErrors.error(codec, { reason: uid });
  if (codec === 'unsupported') {
    throw dicomErrors.error('unsupported-transfer-syntax', { reason: file.transferSyntax.name });
  }
  const layout = layoutOf(file.dataSet);
  if ((codec === 'native') !== (element.fragments === undefined)) {
    throw dicomErrors.error('broken-fragments', {
      reason: codec === 'native' ? 'fragments under an uncompressed syntax' : 'no fragments under a compressed syntax',
    });
  }
  return layout;
}

/**
 * A decoded frame's values into the cells that the tags declare. Lossless cells are cut as native ones are. A lossy codec may
 * overshoot Bits Stored by a little, and cutting would turn white into black there. Throws dicom.truncated.
 */
function settle(values: PixelArray, layout: PixelLayout, frame: DecodedFrame, syntax: TransferSyntax): void {
  const { bitsStored: bits, signed } = layout;
  const { precision = layout.highBit + 1 } = frame;
  // A stream deeper than Bits Stored holds whole cells, in which High Bit places the value; any other holds the value alone.
  const isCell = precision > layout.highBit && layout.highBit > bits - 1 && exceeds(values, bits);
  const highBit = isCell ? layout.highBit : bits - 1;
  if (signed || syntax.lossless || frame.lossless === true || isSigned(frame.values)) {
    cutValues(values, { bits, highBit, signed });
    const isOnePicture = layout.frames === 1 && layout.samples === 1 && layout.bitsAllocated > 1;
    if (isOnePicture && values.length === frameLength(layout)) checkTail(values, layout.columns);
  } else if (precision > bits) {
    cutAboveOvershoot(values, bits);
  }
}

/** Whether a value needs more than `bits`: where none does, High Bit is wrong and the values stand at the low end of their cells. */
function exceeds(values: PixelArray, bits: number): boolean {
  const peak = 2 ** bits - 1;
  return values.some((value) => value > peak || value < 0);
}

/** A stream may be signed where the tags are not: its values then wrap as the same bits read without a sign. */
function isSigned(values: PixelArray): boolean {
  return values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array;
}

/** Cuts the frame's values, and copies them at `offset` into the array that the tags declare. */
function place(values: PixelArray, target: PixelArray, offset: number): PixelArray {
  target.set(values, offset);
  return target.subarray(offset, offset + values.length);
}

/**
 * Decodes every frame. Throws dicom.no-pixel-data, dicom.unsupported-transfer-syntax, dicom.jpeg-xl, dicom.video,
 * dicom.missing-tag, dicom.absurd-bits, dicom.absurd-size, dicom.size-mismatch, dicom.missing-frames, dicom.truncated,
 * dicom.broken-stream, dicom.broken-fragments, dicom.unsupported-pixels; never returns a part.
 */
export async function decodeStored(file: DicomFile): Promise<StoredPixels> {
  const layout = checkedLayout(file);
  const { rows, columns, frames, samples } = layout;
  const type = pixelTypeOf(layout);
  const { transferSyntax: syntax } = file;
  if (syntax.codec === 'native') {
    return { rows, columns, frames, samples, type, values: nativeValues(file, layout) };
  }
  const values = allocatePixels(type, frames * frameLength(layout));
  for (const [index, stream] of frameStreams(file.dataSet, frames).entries()) {
    const frame = await decodeStream(stream, syntax, { layout });
    settle(place(frame.values, values, index * frameLength(layout)), layout, frame, syntax);
  }
  return { rows, columns, frames, samples, type, values };
}

function nativeValues({ dataSet, transferSyntax: { bigEndian } }: DicomFile, layout: PixelLayout): PixelArray {
  const { bytes, vr } = pixelElement(dataSet);
  return decodeNative(bytes, layout, { bigEndian, vr });
}

/** One frame, perhaps at a reduced resolution, with what its stream says of its colours. */
export interface StoredFrame extends Size {
  readonly layout: PixelLayout;
  readonly values: PixelArray;
  readonly colours: 'rgb' | 'ycbcr' | undefined;
}

export interface StoredFrameOptions {
  /** Counted from 0. */
  readonly frame?: number;
  /** Decode no finer than is needed for at least this size, where the codec can. */
  readonly atLeast?: Size;
}

/** Decodes one frame. Throws as `decodeStored` does, and dicom.missing-frames for a frame that is not there. */
export async function decodeStoredFrame(file: DicomFile, options: StoredFrameOptions = {}): Promise<StoredFrame> {
  const layout = checkedLayout(file);
  const { frame: index = 0, atLeast } = options;
  const { rows, columns, frames } = layout;
  if (index < 0 || index >= frames)
    throw dicomErrors.error('missing-frames', { reason: `frame ${index} of ${frames}` });
  const { transferSyntax: syntax } = file;
  const length = frameLength(layout);
  if (syntax.codec === 'native') {
    const all = nativeValues(file, layout);
    return { layout, rows, columns, values: all.subarray(index * length, (index + 1) * length), colours: undefined };
  }
  const stream = frameStreams(file.dataSet, frames)[index];
  if (stream === undefined) throw dicomErrors.error('missing-frames', { reason: `frame ${index} of ${frames}` });
  const frame = await decodeStream(stream, syntax, { layout, ...(atLeast === undefined ? {} : { atLeast }) });
  const values = place(frame.values, allocatePixels(pixelTypeOf(layout), frame.values.length), 0);
  settle(values, layout, frame, syntax);
  return { layout, rows: frame.rows, columns: frame.columns, values, colours: frame.colours };
}
