// One JPEG frame (processes 1 to 14, 8 to 16 bit, lossy and lossless) → samples as they are in the stream: YCbCr stays YCbCr.
import { createRequire } from 'node:module';
import type dcmjsCodecs from 'dcmjs-codecs';
import { dicomErrors } from '#dicom/errors.ts';
import type { DecodedFrame } from '#dicom/pixels/stored-values.ts';
import { checkEntropy } from '#image/jpeg/entropy.ts';
import { JpegFault, type JpegFaultKind } from '#image/jpeg/fault.ts';
import { checkAlone, type JpegStream, readJpegStream, SOF_JPEG_LS } from '#image/jpeg/stream.ts';

const require = createRequire(import.meta.url);
let loading: Promise<typeof dcmjsCodecs> | undefined;

/** Loaded at the first frame, because it is large; nothing of a frame stays in it. */
async function load(): Promise<typeof dcmjsCodecs> {
  const library: typeof dcmjsCodecs = require('dcmjs-codecs');
  await library.NativeCodecs.initializeAsync();
  return library;
}

const CODE_BY_FAULT = {
  truncated: 'truncated',
  broken: 'broken-stream',
  'several-images': 'missing-frames',
  unsupported: 'unsupported-transfer-syntax',
} as const satisfies Readonly<Record<JpegFaultKind, string>>;

/** The faults of the image room under this room's codes. */
export function asDicomRefusal<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof JpegFault)) throw thrown;
    throw dicomErrors.error(CODE_BY_FAULT[thrown.kind], { reason: `JPEG: ${thrown.message}`, cause: thrown });
  }
}

/** Reads the header and proves that the stream is whole. Throws dicom.truncated, dicom.broken-stream, dicom.missing-frames. */
export function checkedJpeg(stream: Uint8Array): JpegStream {
  return asDicomRefusal(() => {
    const jpeg = readJpegStream(stream);
    if (jpeg.frame.marker === SOF_JPEG_LS) {
      throw dicomErrors.error('broken-stream', { reason: 'a JPEG-LS stream under a JPEG transfer syntax' });
    }
    checkAlone(stream, jpeg);
    checkEntropy(jpeg);
    return jpeg;
  });
}

/** `length` bytes of `stream` are decoded. Throws dicom.broken-stream where the codec gives up or returns too little. */
export async function decodeJpeg(stream: Buffer, { frame, length, colours }: JpegStream): Promise<DecodedFrame> {
  const { Context, NativeCodecs } = await (loading ??= load());
  const bitsAllocated = frame.precision > 8 ? 16 : 8;
  const samples = frame.components.length;
  const context = new Context({
    width: frame.columns,
    height: frame.rows,
    bitsAllocated,
    bitsStored: frame.precision,
    samplesPerPixel: samples,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: samples === 1 ? 'MONOCHROME2' : 'YBR_FULL',
    encodedBuffer: stream.subarray(0, length),
  });
  const decoded = attempt(() => NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false }).getDecodedBuffer());
  const size = bitsAllocated / 8;
  const expected = frame.columns * frame.rows * samples * size;
  if (decoded.length < expected) {
    throw dicomErrors.error('broken-stream', { reason: `JPEG: ${decoded.length} bytes decoded of ${expected}` });
  }
  const copy = decoded.slice(0, expected);
  const values = size === 1 ? copy : new Uint16Array(copy.buffer, copy.byteOffset, expected / 2);
  return { columns: frame.columns, rows: frame.rows, samples, values, colours };
}

function attempt(work: () => Uint8Array | undefined): Uint8Array {
  try {
    return work() ?? new Uint8Array();
  } catch (cause) {
    throw dicomErrors.error('broken-stream', { reason: 'JPEG: the decoder gave up', cause });
  }
}
