// Blurs away the part of a film with the most, or the least, evidence, for deletion and insertion tests.
import type { Tensor } from '#kernel/frame.ts';
import { type Plane, resizePlane } from '#tensor/resize.ts';
import { nthSmallest } from '#tensor/select.ts';
import type { Trace } from '#tensor/trace.ts';
import { type ClassMap, classMap, rasterise } from './class-map.ts';

/** Blurring leaves the brightness of a region and takes its detail; a gray or black patch would be a finding of its own. */
const BLUR_CELLS = 8;

function blurred(plane: Plane): Float32Array {
  const coarse = resizePlane(plane, Math.min(BLUR_CELLS, plane.columns), Math.min(BLUR_CELLS, plane.rows));
  return resizePlane(coarse, plane.columns, plane.rows).values;
}

/** Every channel of the tensor, blurred. */
export function blurredTensor({ shape, data }: Tensor): Float32Array {
  const [, channels = 1, rows = 1, columns = 1] = shape;
  const result = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const start = channel * rows * columns;
    result.set(blurred({ columns, rows, values: data.subarray(start, start + rows * columns) }), start);
  }
  return result;
}

/** One head's map in the tensor's own pixels. */
export function mapOnTensor(maps: Tensor, head: number, { shape }: Tensor): Float32Array {
  const [, , rows = 1, columns = 1] = shape;
  const own: Trace = {
    sourceColumns: columns,
    sourceRows: rows,
    columns,
    rows,
    scaleX: 1,
    scaleY: 1,
    offsetX: 0,
    offsetY: 0,
  };
  const map: ClassMap = classMap(maps, head, own);
  return rasterise(map, columns, rows);
}

/** Indices of all pixels, the most telling first; equals keep the order of the picture. */
export const byEvidence = (evidence: Float32Array): Uint32Array =>
  Uint32Array.from(evidence.keys()).sort((a, b) => evidence[b]! - evidence[a]! || a - b);

/** The `count` most telling pixels; among equals the first in the picture. In no order, which makes it many times faster. */
export function strongest(evidence: Float32Array, count: number): Uint32Array {
  const bar = nthSmallest(evidence.slice(), evidence.length - count);
  const chosen = new Uint32Array(count);
  let above = 0;
  for (let i = 0; i < evidence.length; i += 1) {
    if (evidence[i]! > bar) {
      chosen[above] = i;
      above += 1;
    }
  }
  for (let i = 0; above < count; i += 1) {
    if (evidence[i]! !== bar) continue;
    chosen[above] = i;
    above += 1;
  }
  return chosen;
}

/** Copies the tensor and puts `fill` where `pixels` says, in every channel. */
export function withPixelsFrom(tensor: Tensor, fill: Float32Array, pixels: Uint32Array): Tensor {
  const [, channels = 1, rows = 1, columns = 1] = tensor.shape;
  const data = tensor.data.slice();
  for (let channel = 0; channel < channels; channel += 1) {
    const start = channel * rows * columns;
    for (const pixel of pixels) data[start + pixel] = fill[start + pixel]!;
  }
  return { shape: tensor.shape, data };
}
