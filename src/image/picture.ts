// PNG or JPEG bytes → gray frame, and gray or RGBA pixels → PNG bytes. Only this room talks to sharp.
import sharp, { type Metadata, type Sharp } from 'sharp';
import { CareError } from '#kernel/errors.ts';
import type { GrayFrame } from '#kernel/frame.ts';
import { imageErrors } from './errors.ts';
import { isFilledUp } from './filled-tail.ts';
import { checkEntropy } from '#image/jpeg/entropy.ts';
import { JpegFault } from '#image/jpeg/fault.ts';
import { readJpegStream } from '#image/jpeg/stream.ts';

/** A film of 43 × 43 cm at 0.05 mm has 74 million pixels; anything above is not a radiograph but an attack or a mistake. */
const MAX_PIXELS = 100_000_000;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface PictureOptions {
  /** Decode no finer than is needed for at least this size (JPEG only; a PNG is always decoded whole). */
  readonly atLeast?: Size;
}

/** Eight-bit gray samples, row-major. */
export interface GrayBytes extends Size {
  readonly values: Uint8Array;
}

const open = (bytes: Uint8Array): Sharp =>
  sharp(bytes, {
    // Pillow ignores colour profiles when it converts to gray, and so did training.
    ignoreIcc: true,
    failOn: 'error',
    limitInputPixels: MAX_PIXELS,
    pages: 1,
  });

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CareError) throw cause;
    // libvips names the fault but may quote file contents; only the kind of fault is passed on.
    const text = cause instanceof Error ? cause.message : '';
    if (text.includes('pixel limit')) throw imageErrors.error('too-large', { cause });
    if (text.includes('unsupported image format')) throw imageErrors.error('not-a-picture', { cause });
    throw imageErrors.error('broken', { cause });
  }
}

/** The power of two by which a JPEG can be shrunk while it is decoded (libjpeg scales in the DCT domain by 1, 2, 4, 8). */
function shrinkFactor(size: Size, atLeast: Size | undefined): number {
  if (atLeast === undefined) return 1;
  const fits = (factor: number): boolean =>
    Math.floor(size.columns / factor) >= atLeast.columns && Math.floor(size.rows / factor) >= atLeast.rows;
  return [8, 4, 2].find(fits) ?? 1;
}

/** Pillow's conversion to 'L': Rec. 601 luma in 16-bit fixed point, rounded. Inputs 0 to 255. */
export const lumaOf = (red: number, green: number, blue: number): number =>
  (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;

interface Samples {
  readonly data: Uint8Array | Uint16Array;
  readonly channels: number;
  readonly peak: number;
}

/** Text burnt in at full white fills no more of a picture than this. */
const TEXT_SHARE = 0.005;
/** A picture that leaves the highest bit unused is dark; one that leaves two or more is mis-scaled. */
const LEAST_UNUSED_BITS = 2;

/**
 * The highest value of the depth that the picture has: 12 bits of a detector are often put into a 16-bit PNG as they are, and would
 * be a sixteenth as bright.
 */
function depthPeak(data: Uint8Array | Uint16Array, channels: number): number {
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const gray = channels === 2 || channels === 4 ? channels - 1 : channels;
  const pixelsByBits = new Float64Array(bits + 1);
  for (let at = 0; at < data.length; at += channels) {
    let highest = data[at]!;
    for (let channel = 1; channel < gray; channel++) highest = Math.max(highest, data[at + channel]!);
    pixelsByBits[32 - Math.clz32(highest)]!++;
  }
  let needed = bits;
  let above = 0;
  while (needed > 0 && above + pixelsByBits[needed]! <= (TEXT_SHARE * data.length) / channels) {
    above += pixelsByBits[needed]!;
    needed--;
  }
  // A black picture, of which nothing but text is left, has the depth of its file.
  const isMisscaled = needed >= 3 && bits - needed >= LEAST_UNUSED_BITS;
  return 2 ** (isMisscaled ? needed : bits) - 1;
}

/** One value in [0, 1] per pixel. A pixel that is not opaque is laid on black, the colour of air on a film. */
function toGray({ data, channels, peak }: Samples): Float32Array {
  const colour = channels >= 3;
  const opaque = data instanceof Uint16Array ? 65535 : 255;
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : -1;
  const values = new Float32Array(data.length / channels);
  for (let pixel = 0, at = 0; pixel < values.length; pixel++, at += channels) {
    let gray = data[at]!;
    if (colour) {
      const green = data[at + 1]!;
      const blue = data[at + 2]!;
      gray = peak === 255 ? lumaOf(gray, green, blue) : 0.299 * gray + 0.587 * green + 0.114 * blue;
    }
    values[pixel] = Math.min(1, (alphaAt < 0 ? gray : (gray * data[at + alphaAt]!) / opaque) / peak);
  }
  return values;
}

function checked(metadata: Metadata): Metadata {
  if (metadata.format !== 'png' && metadata.format !== 'jpeg') throw imageErrors.error('not-a-picture');
  if (metadata.space === 'cmyk') throw imageErrors.error('unsupported-colour', { reason: 'CMYK' });
  return metadata;
}

/** libjpeg fills what is damaged with gray and only warns; so every code is walked before (`jpeg/entropy.ts`). */
function checkJpeg(bytes: Uint8Array): void {
  try {
    checkEntropy(readJpegStream(bytes));
  } catch (thrown) {
    if (!(thrown instanceof JpegFault)) throw thrown;
    throw imageErrors.error(thrown.kind === 'unsupported' ? 'not-a-picture' : 'broken', {
      reason: `JPEG: ${thrown.message}`,
      cause: thrown,
    });
  }
}

/** libpng is content once it has all lines; a file without its last chunk was cut all the same. Checksums and lengths are libpng's to check. */
function checkPng(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [signature, overhead, end] = [8, 12, 0x49454e44];
  for (let at = signature; at + overhead <= bytes.length; at += overhead + view.getUint32(at)) {
    if (view.getUint32(at + 4) === end) return;
  }
  throw imageErrors.error('broken', { reason: 'PNG: the last chunk is missing' });
}

/**
 * Decodes a PNG (1 to 16 bit) or JPEG to gray in [0, 1], upright by its EXIF orientation.
 * An 8-bit picture equals Pillow's `convert('L')` / 255, which training used.
 * Throws image.not-a-picture, image.broken, image.too-large, image.unsupported-colour.
 */
export function decodePicture(bytes: Uint8Array, options: PictureOptions = {}): Promise<GrayFrame> {
  return guarded(async () => {
    const metadata = checked(await open(bytes).metadata());
    if (metadata.format === 'jpeg') checkJpeg(bytes);
    else checkPng(bytes);
    const upright = metadata.autoOrient;
    const source: Size = { columns: upright.width, rows: upright.height };
    const factor = metadata.format === 'jpeg' ? shrinkFactor(source, options.atLeast) : 1;
    const wide = metadata.depth === 'ushort';
    const gray = metadata.channels < 3;

    let pipeline = open(bytes).autoOrient();
    if (factor > 1) {
      const width = Math.floor(source.columns / factor);
      const height = Math.floor(source.rows / factor);
      pipeline = pipeline.resize({ width, height, fit: 'fill' });
    }
    if (wide) pipeline = pipeline.toColourspace(gray ? 'grey16' : 'rgb16');
    else if (metadata.channels === 1) pipeline = pipeline.toColourspace('b-w');
    const { data, info } = await pipeline
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const samples = wide ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data;
    const channels = info.channels;
    if (metadata.format === 'png' && isFilledUp(samples, info.width * channels))
      throw imageErrors.error('broken', { reason: 'PNG: filled up from the middle of a row on' });
    return {
      columns: info.width,
      rows: info.height,
      values: toGray({ data: samples, channels, peak: metadata.format === 'png' ? depthPeak(samples, channels) : 255 }),
      sourceColumns: source.columns,
      sourceRows: source.rows,
    };
  });
}

/**
 * A gray 8-bit JPEG shrunk by 1, 2, 4 or 8 while it is decoded, to at least the size asked for; orientation is not applied.
 * Throws image.broken when the stream is cut or not gray.
 */
export function shrinkGrayJpeg(bytes: Uint8Array, size: Size, atLeast: Size): Promise<GrayBytes> {
  return guarded(async () => {
    const factor = shrinkFactor(size, atLeast);
    const pipeline = open(bytes).resize({
      width: Math.floor(size.columns / factor),
      height: Math.floor(size.rows / factor),
      fit: 'fill',
    });
    const { data, info } = await pipeline.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== 1) throw imageErrors.error('broken', { reason: 'more than one component' });
    return { columns: info.width, rows: info.height, values: data };
  });
}

/** Values in [0, 1] (clamped, rounded to 8 bit) → PNG. */
export function encodeGrayPng(frame: Pick<GrayFrame, 'columns' | 'rows' | 'values'>): Promise<Buffer> {
  const bytes = new Uint8ClampedArray(frame.values.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = frame.values[at]! * 255;
  return sharp(bytes, { raw: { width: frame.columns, height: frame.rows, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** RGBA bytes, row-major, alpha not premultiplied → PNG. */
export function encodeRgbaPng(picture: Size & { readonly rgba: Uint8Array | Uint8ClampedArray }): Promise<Buffer> {
  return sharp(picture.rgba, { raw: { width: picture.columns, height: picture.rows, channels: 4 } })
    .png()
    .toBuffer();
}

/** A PNG of ours as JPEG, for clients that take nothing else. */
export const encodeJpeg = (png: Uint8Array): Promise<Buffer> => open(png).jpeg({ quality: 90 }).toBuffer();
