// The class maps that a model gives with its logits go in; where on the film one head found its evidence comes out.
import type { Tensor } from '#kernel/frame.ts';
import type { Trace } from '#tensor/trace.ts';
import { explanationErrors } from './errors.ts';

/** Evidence for one head on the model's coarse grid; `trace` leads to the pixels of the full-size film. */
export interface ClassMap {
  readonly columns: number;
  readonly rows: number;
  /** Row-major; their mean plus the head's bias is the logit. */
  readonly values: Float32Array;
  readonly trace: Trace;
}

export interface SourcePoint {
  /** In pixels of the full-size film; the centre of the first pixel is 0.5. */
  readonly x: number;
  readonly y: number;
}

/**
 * Cuts one head's map out of the graph's output `maps` (batch × heads × rows × columns).
 * `item` is the place in the batch. Throws CareError `explanation.bad-maps` when shape, head or values do not fit.
 */
export function classMap(maps: Tensor, head: number, trace: Trace, item = 0): ClassMap {
  const [batch = 0, heads = 0, rows = 0, columns = 0] = maps.shape;
  const length = rows * columns;
  if (maps.shape.length !== 4 || maps.data.length !== batch * heads * length || length === 0)
    throw explanationErrors.error('bad-maps', { reason: `shape ${maps.shape.join(' × ')}` });
  if (!(head >= 0 && head < heads && item >= 0 && item < batch))
    throw explanationErrors.error('bad-maps', {
      reason: `no head ${head} of item ${item} in ${maps.shape.join(' × ')}`,
    });
  const start = (item * heads + head) * length;
  const values = maps.data.slice(start, start + length);
  if (!values.every(Number.isFinite)) throw explanationErrors.error('bad-maps', { reason: 'a value is not a number' });
  return { columns, rows, values, trace };
}

/** Bilinear between cell centres, flat beyond the outermost ones. `u` and `v` are in cells, the first centre at 0.5. */
function sampleCells({ columns, rows, values }: ClassMap, u: number, v: number): number {
  const x = Math.min(Math.max(u - 0.5, 0), columns - 1);
  const y = Math.min(Math.max(v - 0.5, 0), rows - 1);
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = Math.min(left + 1, columns - 1);
  const bottom = Math.min(top + 1, rows - 1);
  const above = values[top * columns + left]! * (1 - x + left) + values[top * columns + right]! * (x - left);
  const below = values[bottom * columns + left]! * (1 - x + left) + values[bottom * columns + right]! * (x - left);
  return above * (1 - y + top) + below * (y - top);
}

/** The map's value at a point of the film. */
export function sampleAt(map: ClassMap, { x, y }: SourcePoint): number {
  const { trace } = map;
  const u = (((x - trace.offsetX) / trace.scaleX) * map.columns) / trace.columns;
  const v = (((y - trace.offsetY) / trace.scaleY) * map.rows) / trace.rows;
  return sampleCells(map, u, v);
}

/** The whole film as a picture of this size, row-major: the map's value in the middle of each of its pixels. */
export function rasterise(map: ClassMap, columns: number, rows: number): Float32Array {
  const { sourceColumns, sourceRows } = map.trace;
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const y = ((row + 0.5) * sourceRows) / rows;
    for (let column = 0; column < columns; column += 1) {
      values[row * columns + column] = sampleAt(map, { x: ((column + 0.5) * sourceColumns) / columns, y });
    }
  }
  return values;
}

/** Where the evidence is strongest, in pixels of the full-size film (the point of a pointing game). */
export function peak(map: ClassMap): SourcePoint {
  let best = 0;
  for (let i = 1; i < map.values.length; i += 1) if (map.values[i]! > map.values[best]!) best = i;
  const { trace } = map;
  const u = (((best % map.columns) + 0.5) * trace.columns) / map.columns;
  const v = ((Math.floor(best / map.columns) + 0.5) * trace.rows) / map.rows;
  return { x: trace.offsetX + trace.scaleX * u, y: trace.offsetY + trace.scaleY * v };
}
