// Noise for living tissue: smooth random fields that are the same for the same seed.
import { random } from './random.ts';

const SIDE = 128;

/** A square lattice of values in [-1, 1], repeated: one octave of value noise. */
export function lattice(seed: number, stream: string): Float32Array {
  const draw = random(seed, stream);
  return Float32Array.from({ length: SIDE * SIDE }, () => draw.between(-1, 1));
}

/** Value noise at (x, y) in lattice units, smoothly interpolated; about -1 to 1. */
export function noiseAt(of: Float32Array, x: number, y: number): number {
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const tx = x - fx;
  const ty = y - fy;
  const sx = tx * tx * (3 - 2 * tx);
  const sy = ty * ty * (3 - 2 * ty);
  const c0 = fx & (SIDE - 1);
  const c1 = (fx + 1) & (SIDE - 1);
  const r0 = (fy & (SIDE - 1)) * SIDE;
  const r1 = ((fy + 1) & (SIDE - 1)) * SIDE;
  const upper = of[r0 + c0]! + (of[r0 + c1]! - of[r0 + c0]!) * sx;
  const lower = of[r1 + c0]! + (of[r1 + c1]! - of[r1 + c0]!) * sx;
  return upper + (lower - upper) * sy;
}

export interface Octaves {
  readonly count: number;
  /** Strength of each octave against the one before, which is twice as coarse. */
  readonly fall: number;
}

export function octaves(of: Float32Array, x: number, y: number, { count, fall }: Octaves): number {
  let sum = 0;
  let weight = 1;
  let scale = 1;
  for (let i = 0; i < count; i++) {
    sum += weight * noiseAt(of, x * scale + 17.3 * i, y * scale + 41.7 * i);
    weight *= fall;
    scale *= 2;
  }
  return sum;
}
