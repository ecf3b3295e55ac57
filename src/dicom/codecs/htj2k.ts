// One HTJ2K frame → samples, colour transform undone, at full or at a reduced resolution.
import loadOpenJph from '@cornerstonejs/codec-openjph/wasmjs';
import type { DecodedFrame } from '#dicom/pixels/stored-values.ts';
import { decodedFrame } from './decoded-frame.ts';
import { type J2kHeader, sizeAt } from './j2k-stream.ts';
import { asUnsigned, signedAgain } from './j2k-sign.ts';
import { codecHost } from './wasm-host.ts';

const openJph = codecHost(loadOpenJph, { name: 'OpenJPH', isComplaint: (line) => line.trim() !== '' });

/** `level` is the number of halvings. Throws dicom.broken-stream where the decoder complains or returns another size. */
export async function decodeHtj2k(header: J2kHeader, level: number): Promise<DecodedFrame> {
  const given = asUnsigned(header);
  const frame = await openJph.decode(
    given.codestream,
    ({ HTJ2KDecoder }) => new HTJ2KDecoder(),
    (decoder) => {
      if (level === 0) decoder.decode();
      else decoder.decodeSubResolution(level);
      return decodedFrame(given, { decoder, ...sizeAt(given, level) });
    },
  );
  return signedAgain(frame, header);
}
