// Noise and blur on a plane: value noise for tissue texture, box blurs for scatter, both deterministic.
import type { Map2, Plane } from './plane.ts';
import { random } from './random.ts';

const LATTICE = 256;

/** A 256 × 256 lattice of values in [-1, 1], repeated: one octave of value noise. */
export function lattice(seed: number, stream: string): Float32Array {
  const draw = random(seed, stream);
  return Float32Array.from({ length: LATTICE * LATTICE }, () => draw.between(-1, 1));
}

const wrap = (value: number): number => value & (LATTICE - 1);

/** Value noise at (x, y) in lattice units, smoothly interpolated; about -1 to 1. */
export function noiseAt(of: Float32Array, x: number, y: number): number {
  const [fx, fy] = [Math.floor(x), Math.floor(y)];
  const [tx, ty] = [x - fx, y - fy];
  const sx = tx * tx * (3 - 2 * tx);
  const sy = ty * ty * (3 - 2 * ty);
  const [c0, c1] = [wrap(fx), wrap(fx + 1)];
  const [r0, r1] = [wrap(fy) * LATTICE, wrap(fy + 1) * LATTICE];
  const upper = of[r0 + c0]! + (of[r0 + c1]! - of[r0 + c0]!) * sx;
  const lower = of[r1 + c0]! + (of[r1 + c1]! - of[r1 + c0]!) * sx;
  return upper + (lower - upper) * sy;
}

/** Several octaves, each twice as fine and `fall` times as strong. */
export function octaves(of: Float32Array, at: { x: number; y: number }, count: number, fall: number): number {
  let [sum, weight, scale] = [0, 1, 1];
  for (let i = 0; i < count; i++) {
    sum += weight * noiseAt(of, at.x * scale + 17.3 * i, at.y * scale + 41.7 * i);
    weight *= fall;
    scale *= 2;
  }
  return sum;
}

function boxRows(source: Map2, target: Map2, plane: { width: number; height: number }, radius: number): void {
  const { width, height } = plane;
  const inverse = 1 / (2 * radius + 1);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const [first, last] = [source[start]!, source[start + width - 1]!];
    let sum = first * (radius + 1);
    for (let i = 0; i < radius; i++) sum += source[start + Math.min(i, width - 1)]!;
    for (let column = 0; column < width; column++) {
      const enters = column + radius;
      const leaves = column - radius - 1;
      sum += enters < width ? source[start + enters]! : last;
      sum -= leaves >= 0 ? source[start + leaves]! : first;
      target[start + column] = sum * inverse;
    }
    // The first step adds entry `radius` and drops a copy of the first one, so the sum starts with radius + 1 copies of it.
  }
}

function boxColumns(source: Map2, target: Map2, plane: { width: number; height: number }, radius: number): void {
  const { width, height } = plane;
  const inverse = 1 / (2 * radius + 1);
  const sums = new Float64Array(width);
  const lastRow = (height - 1) * width;
  for (let column = 0; column < width; column++) {
    let sum = source[column]! * (radius + 1);
    for (let i = 0; i < radius; i++) sum += source[Math.min(i, height - 1) * width + column]!;
    sums[column] = sum;
  }
  for (let row = 0; row < height; row++) {
    const enters = row + radius < height ? (row + radius) * width : lastRow;
    const leaves = row - radius - 1 >= 0 ? (row - radius - 1) * width : 0;
    for (let column = 0; column < width; column++) {
      const sum = sums[column]! + source[enters + column]! - source[leaves + column]!;
      sums[column] = sum;
      target[row * width + column] = sum * inverse;
    }
  }
}

/** Three box blurs, nearly a Gaussian of `sigma` pixels; edges are continued. Returns a new map. */
export function blurred(source: Map2, plane: { width: number; height: number }, sigma: number): Map2 {
  const radius = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  const [a, b] = [Float32Array.from(source), new Float32Array(source.length)];
  if (radius < 1) return a;
  for (let pass = 0; pass < 3; pass++) {
    boxRows(a, b, plane, radius);
    boxColumns(b, a, plane, radius);
  }
  return a;
}

/** A broad blur at a quarter of the resolution: scatter has no detail, and this is sixteen times cheaper. */
export function broadBlurred(source: Map2, plane: Plane, sigma: number): Map2 {
  const step = Math.max(1, Math.min(8, Math.floor(sigma / 2)));
  if (step === 1) return blurred(source, plane, sigma);
  const [width, height] = [Math.ceil(plane.width / step), Math.ceil(plane.height / step)];
  const small = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let [sum, count] = [0, 0];
      for (let r = row * step; r < Math.min(plane.height, (row + 1) * step); r++) {
        for (let c = column * step; c < Math.min(plane.width, (column + 1) * step); c++) {
          sum += source[r * plane.width + c]!;
          count++;
        }
      }
      small[row * width + column] = sum / count;
    }
  }
  const soft = blurred(small, { width, height }, sigma / step);
  const out = new Float32Array(source.length);
  for (let row = 0; row < plane.height; row++) {
    const y = Math.min(height - 1, Math.max(0, (row + 0.5) / step - 0.5));
    const [r0, ty] = [Math.floor(y), y - Math.floor(y)];
    const r1 = Math.min(height - 1, r0 + 1);
    for (let column = 0; column < plane.width; column++) {
      const x = Math.min(width - 1, Math.max(0, (column + 0.5) / step - 0.5));
      const [c0, tx] = [Math.floor(x), x - Math.floor(x)];
      const c1 = Math.min(width - 1, c0 + 1);
      const upper = soft[r0 * width + c0]! * (1 - tx) + soft[r0 * width + c1]! * tx;
      const lower = soft[r1 * width + c0]! * (1 - tx) + soft[r1 * width + c1]! * tx;
      out[row * plane.width + column] = upper * (1 - ty) + lower * ty;
    }
  }
  return out;
}
