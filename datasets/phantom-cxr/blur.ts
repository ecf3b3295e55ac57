// Blur, shrink and stretch of maps: what scatter, focus and slowly changing fields need.
import type { Map2 } from './plane.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

function boxRows(source: Map2, target: Map2, plane: Size, radius: number): void {
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

function boxColumns(source: Map2, target: Map2, plane: Size, radius: number): void {
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
export function blurred(source: Map2, plane: Size, sigma: number): Map2 {
  const radius = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  const [a, b] = [Float32Array.from(source), new Float32Array(source.length)];
  if (radius < 1) return a;
  for (let pass = 0; pass < 3; pass++) {
    boxRows(a, b, plane, radius);
    boxColumns(b, a, plane, radius);
  }
  return a;
}

/** Means of `step` × `step` blocks (the last ones may be smaller). */
function shrunk(source: Map2, { width, height }: Size, step: number): Size & { map: Map2 } {
  const small = { width: Math.ceil(width / step), height: Math.ceil(height / step) };
  const map = new Float32Array(small.width * small.height);
  for (let row = 0; row < height; row++) {
    const out = Math.floor(row / step) * small.width;
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const cell = out + ((column / step) | 0);
      map[cell] = map[cell]! + source[at]!;
    }
  }
  for (let row = 0; row < small.height; row++) {
    const rows = Math.min(step, height - row * step);
    for (let column = 0; column < small.width; column++) {
      const at = row * small.width + column;
      map[at] = map[at]! / (rows * Math.min(step, width - column * step));
    }
  }
  return { ...small, map };
}

/** Bilinear; cell i of the small map stands for the middle of pixels i·step … (i+1)·step. */
export function stretched(small: Size & { map: Map2 }, { width, height }: Size, step: number): Map2 {
  const out = new Float32Array(width * height);
  const blended = new Float32Array(small.width + 1);
  const index = new Int32Array(width);
  const part = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    const x = Math.min(small.width - 1, Math.max(0, (column + 0.5) / step - 0.5));
    index[column] = Math.floor(x);
    part[column] = x - Math.floor(x);
  }
  for (let row = 0; row < height; row++) {
    const y = Math.min(small.height - 1, Math.max(0, (row + 0.5) / step - 0.5));
    const r0 = Math.floor(y);
    const t = y - r0;
    const a = r0 * small.width;
    const b = Math.min(small.height - 1, r0 + 1) * small.width;
    for (let c = 0; c < small.width; c++) blended[c] = small.map[a + c]! * (1 - t) + small.map[b + c]! * t;
    blended[small.width] = blended[small.width - 1]!;
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const c = index[column]!;
      out[at] = blended[c]! + (blended[c + 1]! - blended[c]!) * part[column]!;
    }
  }
  return out;
}

/** A broad blur at a lower resolution: scatter has no detail, and this is far cheaper. */
export function broadBlurred(source: Map2, size: Size, sigma: number): Map2 {
  const step = Math.max(1, Math.min(8, Math.floor(sigma / 3)));
  if (step === 1) return blurred(source, size, sigma);
  const small = shrunk(source, size, step);
  return stretched({ ...small, map: blurred(small.map, small, sigma / step) }, size, step);
}
