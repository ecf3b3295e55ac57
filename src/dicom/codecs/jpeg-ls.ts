// One JPEG-LS frame → samples, interleaved whatever the interleave mode of the stream.
import loadCharLs from '@cornerstonejs/codec-charls/decodewasmjs';
import { dicomErrors } from '#dicom/errors.ts';
import type { DecodedFrame } from '#dicom/pixels/stored-values.ts';
import { decodedFrame } from './decoded-frame.ts';
import { checkAlone, readJpegStream, SOF_JPEG_LS, type StartOfFrame } from '#image/jpeg/stream.ts';
import { asDicomRefusal } from './jpeg.ts';
import { interleave } from './native.ts';
import { codecHost } from './wasm-host.ts';

/** CharLS throws bare numbers, pointers into its own memory. */
const charLs = codecHost(loadCharLs, { name: 'CharLS', isComplaint: () => false });

/** Reads the header and proves that all markers are there. Throws dicom.truncated, dicom.broken-stream, dicom.missing-frames. */
export function checkedJpegLs(stream: Buffer): StartOfFrame {
  const { frame } = asDicomRefusal(() => {
    const jpeg = readJpegStream(stream);
    checkAlone(stream, jpeg);
    return jpeg;
  });
  if (frame.marker !== SOF_JPEG_LS) {
    throw dicomErrors.error('broken-stream', { reason: 'a JPEG stream under a JPEG-LS transfer syntax' });
  }
  if (frame.components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) {
    throw dicomErrors.error('unsupported-pixels', { reason: 'JPEG-LS components of different size' });
  }
  return frame;
}

/** Values are unsigned: JPEG-LS knows no sign. Throws dicom.broken-stream where the decoder gives up. */
export function decodeJpegLs(
  stream: Buffer,
  { rows, columns, precision, components }: StartOfFrame,
): Promise<DecodedFrame> {
  const header = { rows, columns, precision, components: components.length, signed: false };
  return charLs.decode(
    stream,
    ({ JpegLSDecoder }) => new JpegLSDecoder(),
    (decoder) => {
      decoder.decode();
      const frame = decodedFrame(header, { decoder, rows, columns });
      const isPlanar = decoder.getInterleaveMode() === 0 && frame.samples > 1;
      return isPlanar ? { ...frame, values: interleave(frame.values, frame) } : frame;
    },
  );
}
