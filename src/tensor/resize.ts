// Resizes a plane of gray values, filtered so that nothing aliases.
//
// The arithmetic is that of Pillow's BILINEAR in mode F (a triangle filter whose support grows with the reduction; weights and
// sums in float64, columns first, rounded to float32 between the passes), because training resizes with Pillow: the two must agree.

export interface Plane {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, rows × columns. */
  readonly values: Float32Array;
}

/** For each output position: the first input that counts, how many count, and their weights (which sum to 1). */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float64Array;
  /** Weights per output position. */
  readonly stride: number;
}

function triangleTaps(from: number, to: number): Taps {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const inverse = 1 / support;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * stride);
  for (let out = 0; out < to; out += 1) {
    const centre = (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let i = start; i < end; i += 1) {
      const weight = Math.max(0, 1 - Math.abs((i - centre + 0.5) * inverse));
      weights[out * stride + i - start] = weight;
      sum += weight;
    }
    for (let k = 0; k < end - start; k += 1) weights[out * stride + k]! /= sum;
    first[out] = start;
    count[out] = end - start;
  }
  return { first, count, weights, stride };
}

function resizeColumns(plane: Plane, columns: number): Plane {
  const taps = triangleTaps(plane.columns, columns);
  const values = new Float32Array(plane.rows * columns);
  for (let row = 0; row < plane.rows; row += 1) {
    const line = row * plane.columns;
    for (let column = 0; column < columns; column += 1) {
      const start = line + taps.first[column]!;
      const weightStart = column * taps.stride;
      let sum = 0;
      for (let k = 0; k < taps.count[column]!; k += 1) sum += plane.values[start + k]! * taps.weights[weightStart + k]!;
      values[row * columns + column] = sum;
    }
  }
  return { columns, rows: plane.rows, values };
}

function resizeRows(plane: Plane, rows: number): Plane {
  const taps = triangleTaps(plane.rows, rows);
  const { columns } = plane;
  const values = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    for (let k = 0; k < taps.count[row]!; k += 1) {
      const weight = taps.weights[row * taps.stride + k]!;
      const line = (taps.first[row]! + k) * columns;
      for (let column = 0; column < columns; column += 1) sums[column]! += plane.values[line + column]! * weight;
    }
    values.set(sums, row * columns);
  }
  return { columns, rows, values };
}

/** Resizes without keeping the aspect ratio. The same size gives the same plane back. */
export function resizePlane(plane: Plane, columns: number, rows: number): Plane {
  const wide = columns === plane.columns ? plane : resizeColumns(plane, columns);
  return rows === wide.rows ? wide : resizeRows(wide, rows);
}
