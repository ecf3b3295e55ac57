// Pictures made by arithmetic, and their compressed streams, made by real encoders.
import dcmjsCodecs from 'dcmjs-codecs';
import type { Picture } from './build.ts';

const { Context, NativeCodecs } = dcmjsCodecs;

/** Smooth waves with a little deterministic noise: compressible, and no two pictures of different `seed` are alike. */
export function wave(picture: Picture, seed = 0): number[] {
  const { rows, columns, samples = 1, frames = 1, bitsStored = picture.bitsAllocated ?? 8, signed = false } = picture;
  const peak = 2 ** bitsStored - 1;
  const values: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let sample = 0; sample < samples; sample++) {
          const smooth = (Math.sin(column / 7 + sample + seed + frame) + Math.cos(row / 5 - sample)) / 4 + 0.5;
          const noise = ((row * 31 + column * 17 + seed * 7) % 13) / 13 - 0.5;
          const value = Math.round(Math.min(Math.max(smooth + noise / 20, 0), 1) * peak);
          values.push(signed ? value - 2 ** (bitsStored - 1) : value);
        }
      }
    }
  }
  return values;
}

/** Values in little-endian cells of 8, 16 or 32 bits. */
export function cells(values: readonly number[], bitsAllocated: number): Buffer {
  const size = bitsAllocated / 8;
  const bytes = Buffer.alloc(values.length * size);
  for (const [index, value] of values.entries()) {
    bytes.writeUIntLE(size === 4 ? value >>> 0 : value & (2 ** bitsAllocated - 1), index * size, size);
  }
  return bytes;
}

export type Encoder = 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-ls-near' | 'jpeg-2000' | 'jpeg-2000-lossy' | 'htj2k';

/** One frame's stream. */
export async function encodeFrame(encoder: Encoder, picture: Picture, values: readonly number[]): Promise<Buffer> {
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
  const { rows, columns, samples = 1, bitsAllocated = 8, bitsStored = bitsAllocated, signed = false } = picture;
  const context = new Context({
    width: columns,
    height: rows,
    bitsAllocated,
    bitsStored,
    samplesPerPixel: samples,
    pixelRepresentation: signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: samples === 1 ? 'MONOCHROME2' : 'RGB',
    decodedBuffer: new Uint8Array(cells(values, bitsAllocated)),
  });
  const encoded = {
    jpeg: () => NativeCodecs.encodeJpeg(context, { lossy: true, quality: 90 }),
    'jpeg-lossless': () => NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1, pointTransform: 0 }),
    'jpeg-ls': () => NativeCodecs.encodeJpegLs(context, { lossy: false }),
    'jpeg-ls-near': () => NativeCodecs.encodeJpegLs(context, { lossy: true, allowedLossyError: 3 }),
    'jpeg-2000': () => NativeCodecs.encodeJpeg2000(context, { lossy: false }),
    'jpeg-2000-lossy': () => NativeCodecs.encodeJpeg2000(context, { lossy: true, rate: 10 }),
    htj2k: () => NativeCodecs.encodeHtJpeg2000(context, { lossy: false }),
  }[encoder]();
  return Buffer.from(encoded.getEncodedBuffer() ?? []);
}

/** PackBits of PS3.5 annex G: runs where two bytes are alike, literals elsewhere. */
function packBits(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 1) {
      out.push(257 - run, bytes[at]!);
      at += run;
      continue;
    }
    let end = at + 1;
    while (end < bytes.length && end - at < 128 && bytes[end] !== bytes[end + 1]) end++;
    out.push(end - at - 1, ...bytes.subarray(at, end));
    at = end;
  }
  if (out.length % 2 === 1) out.push(0x80);
  return Buffer.from(out);
}

export function encodeRle(picture: Picture, values: readonly number[]): Buffer {
  const { samples = 1, bitsAllocated = 8 } = picture;
  const size = bitsAllocated / 8;
  const bytes = cells(values, bitsAllocated);
  const segments: Buffer[] = [];
  for (let sample = 0; sample < samples; sample++) {
    for (let byte = size - 1; byte >= 0; byte--) {
      const plane = bytes.filter((_, index) => index % (samples * size) === sample * size + byte);
      segments.push(packBits(plane));
    }
  }
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  let offset = 64;
  for (const [index, segment] of segments.entries()) {
    header.writeUInt32LE(offset, 4 + 4 * index);
    offset += segment.length;
  }
  return Buffer.concat([header, ...segments]);
}
