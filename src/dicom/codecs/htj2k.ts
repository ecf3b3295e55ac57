// One HTJ2K frame → samples, colour transform undone, at full or at a reduced resolution.
import loadOpenJph from '@cornerstonejs/codec-openjph/wasmjs';
import { dicomErrors } from '../errors.ts';
import type { DecodedFrame } from '../pixels.ts';
import { decodedFrame } from './decoded-frame.ts';
import { type J2kHeader, sizeAt } from './j2k-stream.ts';

let complaints: string[] = [];
let loading: ReturnType<typeof loadOpenJph> | undefined;

const listen = (line: string): void => {
  if (line.trim() !== '') complaints.push(line);
};

/** `level` is the number of halvings. Throws dicom.broken-stream where the decoder complains or returns another size. */
export async function decodeHtj2k(header: J2kHeader, level: number): Promise<DecodedFrame> {
  loading ??= loadOpenJph({ print: listen, printErr: listen });
  const { HTJ2KDecoder } = await loading;
  const decoder = new HTJ2KDecoder();
  try {
    complaints = [];
    decoder.getEncodedBuffer(header.codestream.length).set(header.codestream);
    run(decoder, level);
    if (complaints.length > 0) throw dicomErrors.error('broken-stream', { reason: `OpenJPH: ${complaints[0]}` });
    return decodedFrame(header, { decoder, ...sizeAt(header, level) });
  } finally {
    decoder.delete();
  }
}

interface Runnable {
  decode(): void;
  decodeSubResolution(level: number): void;
}

function run(decoder: Runnable, level: number): void {
  try {
    if (level === 0) decoder.decode();
    else decoder.decodeSubResolution(level);
  } catch (cause) {
    // Its memory may be in any state now: the next frame gets a new instance.
    loading = undefined;
    throw dicomErrors.error('broken-stream', { reason: 'OpenJPH gave up', cause });
  }
}
