// One frame's stream and its transfer syntax → samples, once the stream's own header agrees with the tags. Which codec does what is here.
import { shrinkGrayJpeg } from '#image/picture.ts';
import { inflateFrame } from './deflated-frame.ts';
import { decodeHtj2k } from './htj2k.ts';
import { levelFor, readJ2kStream } from './j2k-stream.ts';
import { decodeJpeg2000 } from './jpeg-2000.ts';
import { checkedJpegLs, decodeJpegLs } from './jpeg-ls.ts';
import { checkedJpeg, decodeJpeg } from './jpeg.ts';
import { decodeNative } from './native.ts';
import { decodeRle } from './rle.ts';
import { dicomErrors } from '#dicom/errors.ts';
import type { PixelLayout } from '#dicom/pixels/layout.ts';
import { type DecodedFrame, frameLength, type Size } from '#dicom/pixels/stored-values.ts';
import type { TransferSyntax } from '#dicom/read/transfer-syntax.ts';

export interface StreamOptions {
  readonly layout: PixelLayout;
  /** Decode no finer than is needed for at least this size, where the codec can. */
  readonly atLeast?: Size;
}

interface StreamHeader extends Size {
  readonly components: number;
  readonly precision: number;
}

/** Before a codec allocates anything: the stream must hold what the tags say. Throws dicom.size-mismatch. */
function checkHeader({ rows, columns, components, precision }: StreamHeader, layout: PixelLayout): void {
  if (rows !== layout.rows || columns !== layout.columns || components !== layout.samples) {
    throw dicomErrors.error('size-mismatch', {
      reason:
        `the stream holds ${columns} × ${rows} × ${components}, ` +
        `the tags say ${layout.columns} × ${layout.rows} × ${layout.samples}`,
    });
  }
  if (precision > layout.bitsAllocated) {
    throw dicomErrors.error('size-mismatch', {
      reason: `the stream holds ${precision} bits, the tags allocate ${layout.bitsAllocated}`,
    });
  }
  if (precision < 2 || precision > 16) {
    throw dicomErrors.error('unsupported-pixels', { reason: `${precision} bits in a compressed image` });
  }
}

/**
 * Whether the stream's own values are the picture's. Where the sign differs, or bits above Bits Stored may hold an overlay, the values must
 * be cut before they are averaged: half of 2047 and -2048 in two's complement is no gray between them.
 */
const isAsTagged = (
  { precision, signed = false }: { readonly precision: number; readonly signed?: boolean },
  layout: PixelLayout,
): boolean => signed === layout.signed && precision <= layout.bitsStored;

async function decodeJpegStream(stream: Buffer, { layout, atLeast }: StreamOptions): Promise<DecodedFrame> {
  const jpeg = checkedJpeg(stream);
  const { rows, columns, components, precision, marker } = jpeg.frame;
  checkHeader({ rows, columns, components: components.length, precision }, layout);
  const isPlainGray = marker <= 0xc2 && precision === 8 && components.length === 1 && isAsTagged(jpeg.frame, layout);
  if (atLeast !== undefined && isPlainGray && (columns >= 2 * atLeast.columns || rows >= 2 * atLeast.rows)) {
    const small = await shrinkGrayJpeg(stream.subarray(0, jpeg.length), { rows, columns }, atLeast);
    return { ...small, samples: 1 };
  }
  return { ...(await decodeJpeg(stream, jpeg)), precision };
}

/**
 * A JPEG 2000 picture of no more pixels is decoded whole, for a few hundredths of a second more: damage is found in the blocks that are decoded
 * (`j2k-termination.ts`), and most bytes belong to the finest details.
 */
const WHOLE_PIXELS = 2 ** 19;

async function decodeJ2kStream(stream: Buffer, { layout, atLeast }: StreamOptions): Promise<DecodedFrame> {
  const header = readJ2kStream(stream);
  checkHeader(header, layout);
  const isChecked = !header.highThroughput && header.rows * header.columns <= WHOLE_PIXELS;
  const level = atLeast === undefined || isChecked || !isAsTagged(header, layout) ? 0 : levelFor(header, atLeast);
  const frame = await (header.highThroughput ? decodeHtj2k(header, level) : decodeJpeg2000(header, level));
  return { ...frame, precision: header.precision, lossless: header.reversible };
}

/** Palette indices mean nothing between each other, and one-bit pixels have no half: neither is reduced. */
const isReducible = ({ photometric, bitsAllocated }: PixelLayout): boolean =>
  bitsAllocated > 1 && photometric !== 'PALETTE COLOR';

/**
 * Throws dicom.size-mismatch, dicom.truncated, dicom.broken-stream, dicom.missing-frames, dicom.unsupported-pixels,
 * dicom.unsupported-transfer-syntax.
 */
export async function decodeStream(
  stream: Buffer,
  syntax: TransferSyntax,
  options: StreamOptions,
): Promise<DecodedFrame> {
  const { layout } = options;
  const { rows, columns, samples } = layout;
  const reduced = isReducible(layout) ? options : { layout };
  switch (syntax.codec) {
    case 'rle':
      return { rows, columns, samples, values: decodeRle(stream, layout) };
    case 'deflated-frame': {
      const bytes = inflateFrame(stream, Math.ceil((frameLength(layout) * layout.bitsAllocated) / 8));
      const values = decodeNative(bytes, { ...layout, frames: 1 }, { bigEndian: false, vr: 'OB' });
      return { rows, columns, samples, values };
    }
    case 'jpeg':
      return decodeJpegStream(stream, reduced);
    case 'jpeg-ls': {
      const header = checkedJpegLs(stream);
      checkHeader({ ...header, components: header.components.length }, layout);
      return { ...(await decodeJpegLs(stream, header)), precision: header.precision };
    }
    case 'jpeg-2000':
    case 'htj2k':
      return decodeJ2kStream(stream, reduced);
    case 'native':
    case 'jpeg-xl':
    case 'video':
    case 'unsupported':
      throw dicomErrors.error('unsupported-transfer-syntax', { reason: syntax.name });
    default:
      return syntax.codec satisfies never;
  }
}
