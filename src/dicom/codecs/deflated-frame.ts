// One frame of the Deflated Image Frame syntax (raw deflate over an uncompressed frame) → its uncompressed bytes.
import { inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { dicomErrors } from '#dicom/errors.ts';

/** What zlib returns with `info`, which its types do not know: `bytesWritten` is how much of the input it took. */
const withInfo = z.object({ buffer: z.instanceof(Buffer), engine: z.object({ bytesWritten: z.number() }) });

/** `expected` is the size of the uncompressed frame. Throws dicom.truncated, dicom.broken-stream, dicom.size-mismatch, dicom.missing-frames. */
export function inflateFrame(stream: Buffer, expected: number): Buffer {
  const { bytes, used } = inflated(stream, expected);
  // Only padding may follow the end of the stream: more data belongs to another frame, and which of the two was meant is unknown.
  if (stream.subarray(used).some((byte) => byte !== 0)) {
    throw dicomErrors.error('missing-frames', { reason: 'a frame holds more than one deflated stream' });
  }
  return bytes;
}

function inflated(stream: Buffer, expected: number): { bytes: Buffer; used: number } {
  try {
    // One byte more may be there to make the length even; anything above is another image or a bomb.
    const { buffer, engine } = withInfo.parse(inflateRawSync(stream, { maxOutputLength: expected + 1, info: true }));
    return { bytes: buffer, used: engine.bytesWritten };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw dicomErrors.error('size-mismatch', { reason: 'a deflated frame is larger than the tags say', cause });
    }
    if (code === 'Z_BUF_ERROR') throw dicomErrors.error('truncated', { reason: 'a deflated frame is cut', cause });
    throw dicomErrors.error('broken-stream', { reason: 'a deflated frame is broken', cause });
  }
}
