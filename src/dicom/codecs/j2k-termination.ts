// Makes OpenJPEG check how many bytes each block of code used (T.800 table A.19), which it does only where the stream asks for it. A whole block is
// used up to its last bytes, by every encoder: an arithmetic decoder that met one foreign byte goes on with other contexts and ends elsewhere.
import type { J2kHeader } from './j2k-stream.ts';

const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;
const SOD = 0xff93;
/** The bit of the code-block style that says: terminated predictably. It changes no sample, and a decoder may check it. */
const PREDICTABLE = 0x10;
/** Where the style stands in the segment's payload: behind Scod, progression, layers, transform, levels and block size. */
const STYLE_IN_COD = 8;
/** Behind the component: its own style byte, levels and block size. */
const STYLE_IN_COC = 4;

/** From the marker at `start` to the start of a tile-part or of coded data, whose place is returned. */
function markSegments(bytes: Buffer, start: number, components: number): number {
  let place = start;
  while (place + 4 <= bytes.length) {
    const marker = bytes.readUInt16BE(place);
    if (marker === SOT || marker === SOD) break;
    const payload = place + 4;
    if (marker === COD) bytes[payload + STYLE_IN_COD]! |= PREDICTABLE;
    // The component is written in one byte, or in two where there are many.
    if (marker === COC) bytes[payload + (components < 257 ? 1 : 2) + STYLE_IN_COC]! |= PREDICTABLE;
    place += 2 + bytes.readUInt16BE(place + 2);
  }
  return place;
}

/** A copy of the codestream whose blocks are checked. Its markers were walked before (`readJ2kStream`). */
export function withTerminationCheck({ codestream, components }: J2kHeader): Buffer {
  const bytes = Buffer.from(codestream);
  let at = markSegments(bytes, 2, components);
  while (at + 12 <= bytes.length && bytes.readUInt16BE(at) === SOT) {
    markSegments(bytes, at + 12, components);
    const length = bytes.readUInt32BE(at + 6);
    if (length === 0) break;
    at += length;
  }
  return bytes;
}

/** Lengths are cut as short as an encoder dares, and a decoder reads a few bytes ahead. */
const TOLERATED_BYTES = 8;

/** A line that OpenJPEG prints of a block that was checked: bytes left over, or read past its end, no more than whole blocks have. */
export function isToleratedEnd(line: string): boolean {
  const bytes = /PTERM check failure: (\d+) /.exec(line)?.[1];
  return bytes !== undefined && Number(bytes) <= TOLERATED_BYTES;
}
