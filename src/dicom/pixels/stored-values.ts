// The stored pixel values of an image, before any LUT, and the cell arithmetic of PS3.5 section 8.
import type { PixelLayout } from './layout.ts';

export type PixelType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32';
export type PixelArray = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** All frames, row-major, samples interleaved. One-bit pixels are 0 or 1. */
export interface StoredPixels {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  readonly type: PixelType;
  readonly values: PixelArray;
}

/** What a codec made of one frame: samples interleaved, values as they are in the stream. */
export interface DecodedFrame extends Size {
  readonly samples: number;
  readonly values: PixelArray;
  /** Where the stream itself says what its three samples are. */
  readonly colours?: 'rgb' | 'ycbcr' | undefined;
  /** Bits of a value in the stream; absent where the codec keeps the cells as the tags lay them out. */
  readonly precision?: number;
  /** The stream gives the very values back although its transfer syntax allows loss. */
  readonly lossless?: boolean;
}

export function pixelTypeOf({ bitsAllocated, signed }: Pick<PixelLayout, 'bitsAllocated' | 'signed'>): PixelType {
  if (bitsAllocated === 16) return signed ? 'int16' : 'uint16';
  if (bitsAllocated === 32) return signed ? 'int32' : 'uint32';
  return signed && bitsAllocated === 8 ? 'int8' : 'uint8';
}

export function allocatePixels(type: PixelType, length: number): PixelArray {
  switch (type) {
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'uint32':
      return new Uint32Array(length);
    case 'int32':
      return new Int32Array(length);
    default:
      return type satisfies never;
  }
}

export const frameLength = ({ rows, columns, samples }: Pick<PixelLayout, 'rows' | 'columns' | 'samples'>): number =>
  rows * columns * samples;

export interface ValueBits {
  /** Bits of the value, and the position of its highest one in the cell. */
  readonly bits: number;
  readonly highBit: number;
  readonly signed: boolean;
}

/** A lossy codec overshoots white by a few grays; whatever lies further above it is a bit that is no part of the value. */
const OVERSHOOT_SHARE = 1 / 16;

/** As `cutValues`, for the unsigned values of a lossy codec whose stream is deeper than Bits Stored: an overshoot stays as it is. */
export function cutAboveOvershoot(values: PixelArray, bits: number): void {
  const mask = 2 ** bits - 1;
  const highest = mask + mask * OVERSHOOT_SHARE;
  let [slightly, far] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (values[at]! > highest) far++;
    else if (values[at]! > mask) slightly++;
  }
  // Where bits above are in use, a value just above white is black under such a bit.
  const most = far > slightly ? mask : highest;
  for (let at = 0; at < values.length; at++) if (values[at]! > most) values[at]! &= mask;
}

/**
 * Cuts every value out of its cell, in place: what lies outside (overlays, an encoder's leftovers) is dropped, and a signed
 * value is extended from its own sign bit, because PS3.5 8.1.1 leaves the unused bits undefined.
 */
export function cutValues(values: PixelArray, { bits, highBit, signed }: ValueBits): void {
  if (bits >= 8 * values.BYTES_PER_ELEMENT) return;
  if (signed) {
    const left = 31 - highBit;
    const right = 32 - bits;
    for (let at = 0; at < values.length; at++) values[at] = (values[at]! << left) >> right;
    return;
  }
  const shift = highBit + 1 - bits;
  const mask = 2 ** bits - 1;
  for (let at = 0; at < values.length; at++) values[at] = (values[at]! >>> shift) & mask;
}
