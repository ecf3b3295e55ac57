// Blurs away the part of a film with the most, or the least, evidence, for deletion and insertion tests.
import type { Tensor } from '#kernel/frame.ts';
import { type Plane, resizePlane } from '#tensor/resize.ts';
import type { Trace } from '#tensor/trace.ts';
import { classMap, rasterise } from './class-map.ts';

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

/** As if the tensor's picture were the film. */
export function ownTrace({ shape }: Tensor): Trace {
  const [, , rows = 1, columns = 1] = shape;
  return { sourceColumns: columns, sourceRows: rows, columns, rows, scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };
}

/** One head's map in the tensor's own pixels. */
export function mapOnTensor(maps: Tensor, head: number, tensor: Tensor): Float32Array {
  const [, , rows = 1, columns = 1] = tensor.shape;
  return rasterise(classMap(maps, head, ownTrace(tensor)), columns, rows);
}

/** Indices of all pixels or cells, the most telling first; equals keep the order of the picture. */
export const byEvidence = (evidence: Float32Array): Uint32Array =>
  Uint32Array.from(evidence.keys()).sort((a, b) => evidence[b]! - evidence[a]! || a - b);

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

/** Cells of the grid of a model's maps. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** One copy of the tensor for each set of cells, with `fill` where those cells lie, in every channel; as one batch. */
export function withCellsFrom(
  tensor: Tensor,
  fill: Float32Array,
  { grid, sets }: { readonly grid: Grid; readonly sets: readonly Uint32Array[] },
): Tensor {
  const [, channels = 1, rows = 1, columns = 1] = tensor.shape;
  const data = new Float32Array(sets.length * tensor.data.length);
  for (const [item, cells] of sets.entries()) {
    const start = item * tensor.data.length;
    data.set(tensor.data, start);
    for (const cell of cells) {
      const [line, place] = [Math.floor(cell / grid.columns), cell % grid.columns];
      const [top, bottom] = [line, line + 1].map((each) => Math.round((each * rows) / grid.rows));
      const [left, right] = [place, place + 1].map((each) => Math.round((each * columns) / grid.columns));
      for (let channel = 0; channel < channels; channel += 1) {
        for (let row = top!; row < bottom!; row += 1) {
          const at = (channel * rows + row) * columns;
          data.set(fill.subarray(at + left!, at + right!), start + at + left!);
        }
      }
    }
  }
  return { shape: [sets.length, ...tensor.shape.slice(1)], data };
}
