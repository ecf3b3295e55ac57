// Turns the class activation maps of a model into a map of one head's evidence on the film.
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
  const stored = maps.data.slice(start, start + length);
  const values = trace.transposed === true ? transposed(stored, columns, rows) : stored;
  if (!values.every(Number.isFinite)) throw explanationErrors.error('bad-maps', { reason: 'a value is not a number' });
  return trace.transposed === true ? { columns: rows, rows: columns, values, trace } : { columns, rows, values, trace };
}

/** Rows and columns exchanged, as the trace of a film that lies on its side asks for. */
function transposed(values: Float32Array, columns: number, rows: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}

/** For one axis: the two cells around a place (in cells, the first centre at 0.5) and the share of the second; flat beyond the ends. */
interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function between(place: number, cells: number): Between {
  const at = Math.min(Math.max(place - 0.5, 0), cells - 1);
  const first = Math.floor(at);
  return { first, second: Math.min(first + 1, cells - 1), share: at - first };
}

const acrossX = ({ trace, columns }: ClassMap, x: number): Between =>
  between((((x - trace.offsetX) / trace.scaleX) * columns) / trace.columns, columns);

const acrossY = ({ trace, rows }: ClassMap, y: number): Between =>
  between((((y - trace.offsetY) / trace.scaleY) * rows) / trace.rows, rows);

function blend({ columns, values }: ClassMap, x: Between, y: Between): number {
  const along = (row: number): number =>
    values[row * columns + x.first]! * (1 - x.share) + values[row * columns + x.second]! * x.share;
  return along(y.first) * (1 - y.share) + along(y.second) * y.share;
}

/** The map's value at a point of the film, bilinear between the middles of its cells. */
export const sampleAt = (map: ClassMap, { x, y }: SourcePoint): number => blend(map, acrossX(map, x), acrossY(map, y));

/** The whole film as a picture of this size, row-major: the map's value in the middle of each of its pixels, its lowest where nothing was read. */
export function rasterise(map: ClassMap, columns: number, rows: number): Float32Array {
  const { trace } = map;
  const placeX = (column: number): number => ((column + 0.5) * trace.sourceColumns) / columns;
  const placeY = (row: number): number => ((row + 0.5) * trace.sourceRows) / rows;
  const lowest = map.values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  // Each line of the map is stretched once, and then blended with its neighbour for every line of the picture.
  const stretched = new Float64Array(map.rows * columns);
  const isReadX = Uint8Array.from({ length: columns }, (_, column) => Number(isRead(trace, 'x', placeX(column))));
  for (let column = 0; column < columns; column += 1) {
    const { first, second, share } = acrossX(map, placeX(column));
    for (let row = 0; row < map.rows; row += 1) {
      const line = row * map.columns;
      stretched[row * columns + column] = map.values[line + first]! * (1 - share) + map.values[line + second]! * share;
    }
  }
  const values = new Float32Array(columns * rows).fill(lowest);
  for (let row = 0; row < rows; row += 1) {
    if (!isRead(trace, 'y', placeY(row))) continue;
    const { first, second, share } = acrossY(map, placeY(row));
    const [above, below, out] = [first * columns, second * columns, row * columns];
    for (let column = 0; column < columns; column += 1)
      if (isReadX[column] === 1)
        values[out + column] = stretched[above + column]! * (1 - share) + stretched[below + column]! * share;
  }
  return values;
}

/** Whether a place of the film lies in what the tensor was made of: a border that was cut off holds no evidence. */
function isRead(trace: Trace, axis: 'x' | 'y', place: number): boolean {
  const [offset, scale, count] =
    axis === 'x' ? [trace.offsetX, trace.scaleX, trace.columns] : [trace.offsetY, trace.scaleY, trace.rows];
  const at = (place - offset) / scale;
  return at >= 0 && at <= count;
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
