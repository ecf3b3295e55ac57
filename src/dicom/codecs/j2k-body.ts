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
export function checkBody(body: Buffer, { within, atEnd }: LongestRun): void {
  for (let at = body.indexOf(0xff); at >= 0 && at + 1 < body.length; at = body.indexOf(0xff, at + 1)) {
    const next = body[at + 1]!;
    if (next > 0x8f && next !== SOP && next !== EPH) throw broken('a marker in the middle of coded data');
  }
  const filled = broken('a stretch of coded data was filled up');
  if (body.length > atEnd && isOneByte(body.subarray(-atEnd - 1))) throw filled;
  for (let at = within; at < body.length; at += within) {
    // A run of twice that length has two of these places in it.
    if (body[at] === body[at - within] && isOneByte(body.subarray(at - within, at))) throw filled;
  }
}

function isOneByte(bytes: Buffer): boolean {
  const [first] = bytes;
  for (let at = 1; at < bytes.length; at++) if (bytes[at] !== first) return false;
  return true;
}

/**
 * An arithmetic coder gives bytes without a pattern, so a long run of one byte is what a broken download or disk left. A packet in which
 * nothing is coded is one zero byte (B.10.3), and a black picture has as many in a row as it has packets.
 */
const LONGEST_CODED_RUN = 64;

/** Bits of the code-block style: some passes write plain bits (D.6), or blocks are those of HTJ2K (T.814 A.4). */
const PLAIN_BITS = 0x01 | 0x40;
/** Bits of a coefficient beside the picture's own: its sign, and what the wavelet and the guard bits add. */
const ADDED_BITS = 8;

interface CodedSize {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  readonly precision: number;
}

/** Bytes of one value in a row that coded data may hold. */
export interface LongestRun {
  readonly within: number;
  /** Up to the end of a tile-part, where a block of HTJ2K has its codes of lengths, and never such a run. */
  readonly atEnd: number;
}

/** What a picture of this size may hold, by its coding segment. */
export function longestRunOf(coding: Buffer, { rows, columns, components, precision }: CodedSize): LongestRun {
  const layers = coding.readUInt16BE(2);
  const levels = coding[5]!;
  const hasPrecincts = (coding[0]! & 1) === 1;
  const exponents = hasPrecincts ? [...coding.subarray(10, 11 + levels)] : [0xff];
  const width = 2 ** Math.min(...exponents.map((size) => size & 15));
  const height = 2 ** Math.min(...exponents.map((size) => size >> 4));
  const precincts = (Math.ceil(columns / width) + 1) * (Math.ceil(rows / height) + 1);
  const atEnd = LONGEST_CODED_RUN + layers * (levels + 1) * components * precincts;
  return { within: atEnd + plainBytes(coding, precision), atEnd };
}

/**
 * Bytes of a block that is written as plain bits. Where a picture is flat (a border, a collimated field) its coefficients are alike, and so are
 * the bytes of such a block, from its first to its last.
 */
function plainBytes(coding: Buffer, precision: number): number {
  if ((coding[8]! & PLAIN_BITS) === 0) return 0;
  const coefficients = 2 ** ((coding[6]! & 15) + 2 + (coding[7]! & 15) + 2);
  return Math.ceil((coefficients * (precision + ADDED_BITS)) / 8);
}
