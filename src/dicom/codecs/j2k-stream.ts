// The markers of a JPEG 2000 or HTJ2K codestream (ITU-T T.800 annex A) → its header; refuses one whose tile-parts do not reach the end.
import type { Box } from '#kernel/frame.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { checkBody, type LongestRun, longestRunOf } from './j2k-body.ts';

/** What the size segment says. `left` and `top` are the picture's offset on the reference grid; it decides how a size is halved. */
interface Size extends Box {
  readonly components: number;
  /** Of every component: bits, and whether values are signed. */
  readonly precision: number;
  readonly signed: boolean;
  readonly tiles: number;
}

export interface J2kHeader extends Size {
  /** How often the picture can be halved. */
  readonly levels: number;
  readonly highThroughput: boolean;
  /** The wavelet of whole numbers, which loses nothing. */
  readonly reversible: boolean;
  /** The codestream alone, from SOC to EOC. */
  readonly codestream: Buffer;
}

const SOC = 0xff4f;
const CAP = 0xff50;
const SIZ = 0xff51;
const COD = 0xff52;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;

const broken = (reason: string): Error => dicomErrors.error('broken-stream', { reason: `JPEG 2000: ${reason}` });
const cut = (reason: string): Error => dicomErrors.error('truncated', { reason: `JPEG 2000: ${reason}` });

/** A DICOM frame is a bare codestream; some writers leave the boxes of a JP2 file around it. */
function withoutBoxes(stream: Buffer): Buffer {
  if (stream.length < 12 || stream.toString('latin1', 4, 8) !== 'jP  ') return stream;
  let at = 0;
  while (at + 8 <= stream.length) {
    const written = stream.readUInt32BE(at);
    const wide = written === 1 && at + 16 <= stream.length;
    const header = wide ? 16 : 8;
    const length = wide ? Number(stream.readBigUInt64BE(at + 8)) : written === 0 ? stream.length - at : written;
    if (length < header) throw broken('a box has no length');
    if (stream.toString('latin1', at + 4, at + 8) === 'jp2c') return stream.subarray(at + header, at + length);
    at += length;
  }
  throw cut('the boxes hold no codestream');
}

interface Segment {
  readonly marker: number;
  readonly payload: Buffer;
  readonly next: number;
}

function readSegment(bytes: Buffer, at: number): Segment {
  if (at + 4 > bytes.length) throw cut('a marker segment is cut');
  const marker = bytes.readUInt16BE(at);
  if (marker < 0xff00) throw broken('bytes where a marker should be');
  const length = bytes.readUInt16BE(at + 2);
  if (length < 2) throw broken('a marker segment has no length');
  if (at + 2 + length > bytes.length) throw cut('a marker segment is cut');
  return { marker, payload: bytes.subarray(at + 4, at + 2 + length), next: at + 2 + length };
}

function readSize(payload: Buffer): Size {
  if (payload.length < 36) throw broken('the size segment is too short');
  const [right = 0, bottom = 0, left = 0, top = 0, tileWidth = 0, tileHeight = 0, tileLeft = 0, tileTop = 0] =
    Array.from({ length: 8 }, (_, index) => payload.readUInt32BE(2 + 4 * index));
  const components = payload.readUInt16BE(34);
  if (right <= left || bottom <= top || tileWidth === 0 || tileHeight === 0 || tileLeft > left || tileTop > top) {
    throw broken('the size segment makes no sense');
  }
  if (components === 0 || payload.length < 36 + 3 * components) throw broken('the size segment is too short');
  const parts = Array.from({ length: components }, (_, index) => payload.subarray(36 + 3 * index, 39 + 3 * index));
  const first = parts[0]![0]!;
  if (parts.some((part) => part[0] !== first)) {
    throw dicomErrors.error('unsupported-pixels', { reason: 'JPEG 2000 components of different precision' });
  }
  if (parts.some((part) => part[1] !== 1 || part[2] !== 1)) {
    throw dicomErrors.error('unsupported-pixels', { reason: 'JPEG 2000 components of different size' });
  }
  return {
    rows: bottom - top,
    columns: right - left,
    components,
    left,
    top,
    precision: (first & 0x7f) + 1,
    signed: first >= 0x80,
    tiles: Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight),
  };
}

interface WalkOptions {
  readonly tiles: number;
  readonly longestRun: LongestRun;
}

/** Walks from tile-part to tile-part; returns the offset behind the end marker. */
function walkTileParts(bytes: Buffer, start: number, { tiles, longestRun }: WalkOptions): number {
  const found = new Map<number, number>();
  const declared = new Map<number, number>();
  let at = start;
  for (;;) {
    if (at + 2 > bytes.length) throw cut('the stream ends before its end marker');
    const marker = bytes.readUInt16BE(at);
    if (marker === EOC) break;
    if (marker !== SOT) throw broken('a tile-part does not end where it says');
    const { payload } = readSegment(bytes, at);
    if (payload.length !== 8) throw broken('a tile-part header has a wrong length');
    const tile = payload.readUInt16BE(0);
    if (tile >= tiles) throw broken('a tile that the image does not have');
    found.set(tile, (found.get(tile) ?? 0) + 1);
    if (payload[7]! > 0) declared.set(tile, payload[7]!);
    const end = tilePartEnd(bytes, at, payload.readUInt32BE(2));
    checkTilePartHeader(bytes.subarray(at, end), longestRun);
    at = end;
  }
  if (found.size < tiles) throw cut(`${found.size} of ${tiles} tiles`);
  for (const [tile, parts] of declared) if ((found.get(tile) ?? 0) < parts) throw cut('a tile lacks some of its parts');
  return at + 2;
}

function tilePartEnd(bytes: Buffer, at: number, length: number): number {
  if (length !== 0) {
    if (length < 14) throw broken('a tile-part has no length');
    if (at + length + 2 > bytes.length) throw cut('a tile-part is longer than what is left');
    return at + length;
  }
  // Length 0: the last tile-part, up to the end marker, after which only padding can stand.
  let end = bytes.length;
  while (end > at && bytes[end - 1] === 0) end--;
  if (end - 2 < at || bytes.readUInt16BE(end - 2) !== EOC) throw cut('the stream ends before its end marker');
  return end - 2;
}

function checkTilePartHeader(part: Buffer, longestRun: LongestRun): void {
  let at = 12;
  while (at + 2 <= part.length) {
    if (part.readUInt16BE(at) === SOD) return checkBody(part.subarray(at + 2), longestRun);
    at = readSegment(part, at).next;
  }
  throw broken('a tile-part has no data');
}

function checkRest(rest: Buffer): void {
  const at = rest.findIndex((byte) => byte !== 0);
  if (at >= 0 && at + 2 <= rest.length && rest.readUInt16BE(at) === SOC) {
    throw dicomErrors.error('missing-frames', { reason: 'a frame holds more than one image' });
  }
}

/**
 * Reads the main header and proves by the lengths of all tile-parts that the stream reaches its end marker.
 * Throws dicom.truncated, dicom.broken-stream, dicom.missing-frames, dicom.unsupported-pixels.
 */
export function readJ2kStream(stream: Buffer): J2kHeader {
  const bytes = withoutBoxes(stream);
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== SOC) throw broken('the stream does not begin with a start marker');
  let size: Size | undefined;
  let coding: Buffer | undefined;
  let highThroughput = false;
  let at = 2;
  for (;;) {
    const { marker, payload, next } = readSegment(bytes, at);
    if (marker === SOT) break;
    if (marker === SIZ) size = readSize(payload);
    if (marker === COD) coding = payload;
    if (marker === CAP) highThroughput = true;
    at = next;
  }
  if (size === undefined || coding === undefined) throw broken('the main header lacks a segment');
  if (coding.length < 10) throw broken('the coding segment is too short');
  const end = walkTileParts(bytes, at, { tiles: size.tiles, longestRun: longestRunOf(coding, size) });
  checkRest(bytes.subarray(end));
  const reversible = coding[9] === 1;
  return { ...size, levels: coding[5]!, highThroughput, reversible, codestream: bytes.subarray(0, end) };
}

/** Size after `level` halvings (T.800 B.5). */
export function sizeAt({ columns, rows, left, top }: J2kHeader, level: number): { columns: number; rows: number } {
  const scale = 2 ** level;
  return {
    columns: Math.ceil((left + columns) / scale) - Math.ceil(left / scale),
    rows: Math.ceil((top + rows) / scale) - Math.ceil(top / scale),
  };
}

/** As `sizeAt` for a picture whose offset is 0: both decoders lay out a reduced picture so, whatever its offset. */
const sizeWithoutOffset = ({ columns, rows }: J2kHeader, level: number): { columns: number; rows: number } => ({
  columns: Math.ceil(columns / 2 ** level),
  rows: Math.ceil(rows / 2 ** level),
});

/**
 * The highest level (number of halvings) whose picture is still at least as large as asked for, and of which the decoders know the size:
 * with an image offset they count a line too many at some levels, and would give a picture that is sheared.
 */
export function levelFor(header: J2kHeader, atLeast: { readonly columns: number; readonly rows: number }): number {
  let best = 0;
  for (let level = 1; level <= header.levels; level++) {
    const size = sizeAt(header, level);
    const laidOut = sizeWithoutOffset(header, level);
    if (size.columns < atLeast.columns || size.rows < atLeast.rows) break;
    if (size.columns === laidOut.columns && size.rows === laidOut.rows) best = level;
  }
  return best;
}
