// One JPEG 2000 frame → samples, RCT and ICT undone, at full or at a reduced resolution.
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import { dicomErrors } from '../errors.ts';
import type { DecodedFrame } from '../pixels.ts';
import { decodedFrame } from './decoded-frame.ts';
import { asUnsigned, type J2kHeader, sizeAt } from './j2k-stream.ts';

let complaints: string[] = [];
let loading: ReturnType<typeof loadOpenJpeg> | undefined;

/** A number of tile-parts counted from one too few; GDCM writes it, and every tile-part is there. */
const HARMLESS = 'Non conformant codestream TPsot==TNsot';

/** OpenJPEG tells of a broken stream only in what it prints. */
const listen = (line: string): void => {
  if ((line.includes('[ERROR]') || line.includes('[WARNING]')) && !line.includes(HARMLESS)) complaints.push(line);
};

/** `level` is the number of halvings. Throws dicom.broken-stream where the decoder complains or returns another size. */
export async function decodeJpeg2000(header: J2kHeader, level: number): Promise<DecodedFrame> {
  loading ??= loadOpenJpeg({ print: listen, printErr: listen });
  const { J2KDecoder } = await loading;
  // The decoder clamps signed 8-bit values at zero: it gets them as unsigned, and their middle is taken off again.
  const clamped = header.signed && header.precision <= 8;
  const given = clamped ? asUnsigned(header) : header;
  // A decoder that is used again returns the previous patient's picture when the next stream is broken.
  const decoder = new J2KDecoder();
  try {
    complaints = [];
    decoder.getEncodedBuffer(given.codestream.length).set(given.codestream);
    run(decoder, level);
    if (complaints.length > 0) throw dicomErrors.error('broken-stream', { reason: `OpenJPEG: ${complaints[0]}` });
    const frame = decodedFrame(given, { decoder, ...sizeAt(given, level) });
    if (!clamped) return frame;
    const middle = 2 ** (header.precision - 1);
    return { ...frame, values: Int8Array.from(frame.values, (value) => value - middle) };
  } finally {
    decoder.delete();
  }
}

interface Runnable {
  decode(): void;
  decodeSubResolution(level: number, layers: number): void;
}

function run(decoder: Runnable, level: number): void {
  try {
    if (level === 0) decoder.decode();
    else decoder.decodeSubResolution(level, 0);
  } catch (cause) {
    // Its memory may be in any state now: the next frame gets a new instance.
    loading = undefined;
    throw dicomErrors.error('broken-stream', { reason: 'OpenJPEG gave up', cause });
  }
}
