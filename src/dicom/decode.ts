// A parsed file → the stored pixel values of all its frames, before any LUT; whatever is not whole and as the tags say is refused.
import { inflateFrame } from './codecs/deflated-frame.ts';
import { decodeHtj2k } from './codecs/htj2k.ts';
import { readJ2kStream } from './codecs/j2k-stream.ts';
import { decodeJpeg2000 } from './codecs/jpeg-2000.ts';
import { decodeJpegLs } from './codecs/jpeg-ls.ts';
import { decodeJpeg } from './codecs/jpeg.ts';
import { decodeNative } from './codecs/native.ts';
import { decodeRle } from './codecs/rle.ts';
import type { DataSet, Element } from './element.ts';
import { dicomErrors } from './errors.ts';
import { frameStreams } from './fragments.ts';
import { layoutOf, type PixelLayout } from './layout.ts';
import type { DicomFile } from './parse.ts';
import {
  allocatePixels,
  cutValues,
  type DecodedFrame,
  frameLength,
  type PixelArray,
  pixelTypeOf,
  type StoredPixels,
} from './pixels.ts';
import { PIXEL_DATA } from './reader.ts';
import type { TransferSyntax } from './transfer-syntax.ts';

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

/** One frame as the codec sees it: samples interleaved, values of the stream's own precision. */
async function decodeStream(stream: Buffer, syntax: TransferSyntax, layout: PixelLayout): Promise<DecodedFrame> {
  const { rows, columns, samples } = layout;
  switch (syntax.codec) {
    case 'rle':
      return { rows, columns, samples, values: decodeRle(stream, layout) };
    case 'deflated-frame': {
      const bytes = inflateFrame(stream, Math.ceil((frameLength(layout) * layout.bitsAllocated) / 8));
      const values = decodeNative(bytes, { ...layout, frames: 1 }, { bigEndian: false, vr: 'OB' });
      return { rows, columns, samples, values };
    }
    case 'jpeg':
      return decodeJpeg(stream);
    case 'jpeg-ls':
      return decodeJpegLs(stream);
    case 'jpeg-2000':
    case 'htj2k': {
      const header = readJ2kStream(stream);
      return header.highThroughput ? decodeHtj2k(header, 0) : decodeJpeg2000(header, 0);
    }
    case 'native':
    case 'jpeg-xl':
    case 'video':
    case 'unsupported':
      throw dicomErrors.error('unsupported-transfer-syntax', { reason: syntax.name });
    default:
      return syntax.codec satisfies never;
  }
}

/** Throws dicom.size-mismatch where the stream's own header contradicts the tags. */
export function checkFrame(frame: DecodedFrame, layout: PixelLayout): void {
  const { rows, columns, samples } = layout;
  if (frame.rows !== rows || frame.columns !== columns || frame.samples !== samples) {
    throw dicomErrors.error('size-mismatch', {
      reason: `the stream holds ${frame.columns} × ${frame.rows} × ${frame.samples}, the tags say ${columns} × ${rows} × ${samples}`,
    });
  }
  if (8 * frame.values.BYTES_PER_ELEMENT > Math.max(8, layout.bitsAllocated)) {
    throw dicomErrors.error('size-mismatch', { reason: 'the stream holds more bits than are allocated' });
  }
}

/**
 * A decoded frame's values into the cells that the tags declare. Lossless cells are cut as native ones are. A lossy codec may
 * overshoot Bits Stored by a little, and cutting would turn white into black there; so only the sign is extended.
 */
function settle(values: PixelArray, layout: PixelLayout, syntax: TransferSyntax): void {
  const { bitsStored: bits, highBit, signed } = layout;
  if (syntax.codec === 'rle') cutValues(values, { bits, highBit, signed });
  else if (signed || syntax.lossless) cutValues(values, { bits, highBit: bits - 1, signed });
}

/** A stream may be signed where the tags are not: its values then wrap as the same bits read without a sign. */
function isSigned(values: PixelArray): boolean {
  return values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array;
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
  const shape = { rows, columns, frames, samples, type };
  const { transferSyntax: syntax } = file;
  const element = pixelElement(file.dataSet);
  if (syntax.codec === 'native') {
    return { ...shape, values: decodeNative(element.bytes, layout, { bigEndian: syntax.bigEndian, vr: element.vr }) };
  }
  const streams = frameStreams(file.dataSet, frames);
  const values = allocatePixels(type, frames * frameLength(layout));
  let wrapped = false;
  for (const [index, stream] of streams.entries()) {
    const frame = await decodeStream(stream, syntax, layout);
    checkFrame(frame, layout);
    values.set(frame.values, index * frameLength(layout));
    wrapped ||= isSigned(frame.values) && !layout.signed;
  }
  settle(values, layout, wrapped ? { ...syntax, lossless: true } : syntax);
  return { ...shape, values };
}
