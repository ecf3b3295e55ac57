// One JPEG 2000 frame → samples, RCT and ICT undone, at full or at a reduced resolution.
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import type { DecodedFrame } from '#dicom/pixels/stored-values.ts';
import { decodedFrame } from './decoded-frame.ts';
import { type J2kHeader, sizeAt } from './j2k-stream.ts';
import { asUnsigned, signedAgain } from './j2k-sign.ts';
import { isToleratedEnd, withTerminationCheck } from './j2k-termination.ts';
import { codecHost } from './wasm-host.ts';

/** A number of tile-parts counted from one too few; GDCM writes it, and every tile-part is there. */
const HARMLESS = 'Non conformant codestream TPsot==TNsot';

/** OpenJPEG never throws; it tells of a broken stream only in what it prints. */
const openJpeg = codecHost(loadOpenJpeg, {
  name: 'OpenJPEG',
  isComplaint: (line) =>
    (line.includes('[ERROR]') || line.includes('[WARNING]')) && !line.includes(HARMLESS) && !isToleratedEnd(line),
});

/** `level` is the number of halvings. Throws dicom.broken-stream where the decoder complains or returns another size. */
export async function decodeJpeg2000(header: J2kHeader, level: number): Promise<DecodedFrame> {
  const given = asUnsigned(header);
  const frame = await openJpeg.decode(
    withTerminationCheck(given),
    ({ J2KDecoder }) => new J2KDecoder(),
    (decoder) => {
      if (level === 0) decoder.decode();
      else decoder.decodeSubResolution(level, 0);
      return decodedFrame(given, { decoder, ...sizeAt(given, level) });
    },
  );
  return signedAgain(frame, header);
}
