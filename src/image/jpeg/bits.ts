// The entropy-coded bytes of a JPEG scan → its codes one by one, and how many of them its image needs (T.81 annexes A and F).
import { broken, cut } from './fault.ts';
import type { HuffmanSpec, Scan, StartOfFrame } from './stream.ts';

/** Bits of one segment without stuffing; a position past the end reads ones and is noticed by `checkEnd`. */
export interface Bits {
  readonly bytes: Uint8Array;
  readonly length: number;
  at: number;
}

/** For each 16 bits that can come next: code length × 256 + symbol; 0 where no code fits. */
export type HuffmanLookup = Uint16Array;

function lookupOf({ counts, symbols }: HuffmanSpec): HuffmanLookup {
  const lookup = new Uint16Array(65536);
  let code = 0;
  let symbol = 0;
  for (let length = 1; length <= 16; length++) {
    const span = 1 << (16 - length);
    for (let index = 0; index < counts[length - 1]!; index++) {
      if (code + span > 65536) throw broken('a Huffman table has too many codes');
      lookup.fill(length * 256 + symbols[symbol++]!, code, code + span);
      code += span;
    }
  }
  return lookup;
}

function unstuffed(segment: Uint8Array): Bits {
  // Three bytes of ones behind the data, so that a look ahead never leaves the array.
  const bytes = new Uint8Array(segment.length + 3).fill(0xff);
  let to = 0;
  for (let from = 0; from < segment.length; from++) {
    const byte = segment[from]!;
    bytes[to++] = byte;
    if (byte === 0xff) from++;
  }
  bytes.fill(0xff, to);
  return { bytes, length: to * 8, at: 0 };
}

function peek16(bits: Bits): number {
  const byte = bits.at >> 3;
  const { bytes } = bits;
  const word = (bytes[byte]! << 16) | (bytes[byte + 1]! << 8) | bytes[byte + 2]!;
  return (word >> (8 - (bits.at & 7))) & 0xffff;
}

function checkEnd(bits: Bits): void {
  if (bits.at > bits.length) throw cut('a scan ends before its image');
}

/** The next symbol; its code is consumed. */
export function symbolOf(bits: Bits, lookup: HuffmanLookup): number {
  if (bits.at >= bits.length) checkEnd({ ...bits, at: bits.length + 1 });
  const entry = lookup[peek16(bits)]!;
  if (entry === 0) throw broken('a code that no table has');
  bits.at += entry >> 8;
  return entry & 255;
}

/** How often a scan repeats its unit, and which blocks are in one. */
interface ScanShape {
  readonly units: number;
  /** Per component of the scan: blocks per unit. */
  readonly blocks: readonly number[];
}

const ceilDivide = (value: number, by: number): number => Math.floor((value + by - 1) / by);

/** T.81 A.2: one component alone is walked in its own blocks, several are interleaved in minimum coded units. */
export function shapeOf(frame: StartOfFrame, scan: Scan, blockSize: number): ScanShape {
  const maximumH = Math.max(...frame.components.map(({ horizontal }) => horizontal));
  const maximumV = Math.max(...frame.components.map(({ vertical }) => vertical));
  const parts = scan.components.map(({ id }) => {
    const part = frame.components.find((component) => component.id === id);
    if (part === undefined) throw broken('a scan names an unknown component');
    return part;
  });
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    const across = ceilDivide(ceilDivide(frame.columns * only.horizontal, maximumH), blockSize);
    const down = ceilDivide(ceilDivide(frame.rows * only.vertical, maximumV), blockSize);
    return { units: across * down, blocks: [1] };
  }
  return {
    units: ceilDivide(frame.columns, blockSize * maximumH) * ceilDivide(frame.rows, blockSize * maximumV),
    blocks: parts.map(({ horizontal, vertical }) => horizontal * vertical),
  };
}

export function tableOf(scan: Scan, key: number): HuffmanLookup {
  const spec = scan.tables.get(key);
  if (spec === undefined) throw broken('a scan uses a Huffman table that is not there');
  return lookupOf(spec);
}

/** The next `count` bits, at most 16, as a number. */
export function take(bits: Bits, count: number): number {
  if (count === 0) return 0;
  const value = peek16(bits) >> (16 - count);
  bits.at += count;
  return value;
}

/** `size` bits as a signed difference (T.81 F.2.2.1, EXTEND). */
export function takeDifference(bits: Bits, size: number): number {
  const value = take(bits, size);
  return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

/** What an encoder fills up with, from where the last code ends: all ones as the standard has it, or all zeros. */
function isFilling({ bytes, length, at }: Bits): boolean {
  const bitAt = (place: number): number => (bytes[place >> 3]! >> (7 - (place & 7))) & 1;
  for (let place = at + 1; place < length; place++) if (bitAt(place) !== bitAt(at)) return false;
  return true;
}

/** Encoders leave up to a byte or two; bytes lost in the middle leave much more, because the codes fall into step again. */
const MAX_LEFTOVER_BITS = 32;

/** Calls `unit` once per unit, moving from one restart segment to the next; proves that none is short or missing. */
export function walkUnits(scan: Scan, units: number, unit: (bits: Bits, index: number) => void): void {
  const interval = scan.restartInterval === 0 ? units : scan.restartInterval;
  const segments = Math.ceil(units / interval);
  if (scan.segments.length < segments) {
    throw cut('restart segments are missing');
  }
  for (let segment = 0, index = 0; segment < segments; segment++) {
    const bits = unstuffed(scan.segments[segment]!);
    const until = Math.min(units, index + interval);
    for (; index < until; index++) unit(bits, index);
    checkEnd(bits);
    if (bits.length - bits.at > MAX_LEFTOVER_BITS || !isFilling(bits)) throw broken('a scan holds more than its image');
  }
  // A restart marker right before the end is a habit of some encoders; a whole segment more is another image's.
  if (scan.segments.slice(segments).some((segment) => segment.length > 0)) {
    throw broken('more restart segments than the image needs');
  }
}
