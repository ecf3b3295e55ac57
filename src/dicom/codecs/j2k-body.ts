// The coded data of a JPEG 2000 or HTJ2K tile-part, judged without decoding: what no coder can have written is damage.
import { dicomErrors } from '#dicom/errors.ts';

const broken = (reason: string): Error => dicomErrors.error('broken-stream', { reason: `JPEG 2000: ${reason}` });

/** The only markers that may stand between the packets of a tile-part (T.800 A.8). */
const SOP = 0x91;
const EPH = 0x92;

/**
 * Coded data never hold 0xFF before a byte above 0x8F: every coder of the standard stuffs a bit to keep markers apart (T.800 B.10.1,
 * C.2.9, D.6; T.814 keeps to it), and a decoder takes such a pair for the end of the data. One byte changed is caught by chance only, one
 * time in some hundred; a kilobyte of foreign bytes nearly always. Of JPEG 2000 `j2k-termination.ts` catches the rest.
 */
export function checkBody(body: Buffer, longestRun: number): void {
  for (let at = body.indexOf(0xff); at >= 0 && at + 1 < body.length; at = body.indexOf(0xff, at + 1)) {
    const next = body[at + 1]!;
    if (next > 0x8f && next !== SOP && next !== EPH) throw broken('a marker in the middle of coded data');
  }
  for (let at = longestRun; at < body.length; at += longestRun) {
    // A run of twice that length has two of these places in it.
    if (body[at] === body[at - longestRun] && isOneByte(body.subarray(at - longestRun, at))) {
      throw broken('a stretch of coded data was filled up');
    }
  }
}

function isOneByte(bytes: Buffer): boolean {
  const [first] = bytes;
  for (let at = 1; at < bytes.length; at++) if (bytes[at] !== first) return false;
  return true;
}

/**
 * Coders give bytes without a pattern, so a long run of one byte is what a broken download or disk left. A packet in which nothing is coded
 * is one zero byte (B.10.3), and a black picture has as many in a row as it has packets.
 */
const LONGEST_CODED_RUN = 64;

interface CodedSize {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
}

/** Bytes of one value in a row that a picture of this size may hold, by its coding segment. */
export function longestRunOf(coding: Buffer, { rows, columns, components }: CodedSize): number {
  const layers = coding.readUInt16BE(2);
  const levels = coding[5]!;
  const hasPrecincts = (coding[0]! & 1) === 1;
  const exponents = hasPrecincts ? [...coding.subarray(10, 11 + levels)] : [0xff];
  const width = 2 ** Math.min(...exponents.map((size) => size & 15));
  const height = 2 ** Math.min(...exponents.map((size) => size >> 4));
  const precincts = (Math.ceil(columns / width) + 1) * (Math.ceil(rows / height) + 1);
  return LONGEST_CODED_RUN + layers * (levels + 1) * components * precincts;
}
