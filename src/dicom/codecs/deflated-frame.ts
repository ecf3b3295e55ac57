// One frame of the Deflated Image Frame syntax (raw deflate over an uncompressed frame) → its uncompressed bytes.
import { inflateRawSync } from 'node:zlib';
import { dicomErrors } from '../errors.ts';

/** `expected` is the size of the uncompressed frame. Throws dicom.truncated, dicom.broken-stream, dicom.size-mismatch. */
export function inflateFrame(stream: Buffer, expected: number): Buffer {
  try {
    // One byte more may be there to make the length even; anything above is another image or a bomb.
    return inflateRawSync(stream, { maxOutputLength: expected + 1 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw dicomErrors.error('size-mismatch', { reason: 'a deflated frame is larger than the tags say', cause });
    }
    if (code === 'Z_BUF_ERROR') throw dicomErrors.error('truncated', { reason: 'a deflated frame is cut', cause });
    throw dicomErrors.error('broken-stream', { reason: 'a deflated frame is broken', cause });
  }
}
