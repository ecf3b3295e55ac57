// Signed 8-bit JPEG 2000 for decoders that clamp it at zero: declared unsigned on the way in, and its middle taken off on the way out.
import type { DecodedFrame } from '#dicom/pixels/stored-values.ts';
import type { J2kHeader } from './j2k-stream.ts';

const isClamped = ({ signed, precision }: J2kHeader): boolean => signed && precision <= 8;

/** SIZ is the first segment (T.800 A.5.1); its component bytes begin 42 bytes into the stream, three for each. */
const FIRST_COMPONENT = 42;

/** The same stream with its components declared unsigned, where that is needed: the decoder then adds half the range. */
export function asUnsigned(header: J2kHeader): J2kHeader {
  if (!isClamped(header)) return header;
  const codestream = Buffer.from(header.codestream);
  for (let part = 0; part < header.components; part++) codestream[FIRST_COMPONENT + 3 * part]! &= 0x7f;
  return { ...header, signed: false, codestream };
}

/** `header` is the one before `asUnsigned`. */
export function signedAgain(frame: DecodedFrame, header: J2kHeader): DecodedFrame {
  if (!isClamped(header)) return frame;
  const middle = 2 ** (header.precision - 1);
  return { ...frame, values: Int8Array.from(frame.values, (value) => value - middle) };
}
