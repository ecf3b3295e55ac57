// Placement of a tensor in its frame: cut first, then turned upright, so that the model sees what it was trained on.
import type { Box, GrayFrame } from '#kernel/frame.ts';
import type { Plane } from './resize.ts';
import type { Trace } from './trace.ts';

/** From the film as it lies in the file to the film upright: rows and columns exchanged first, then mirrored. */
export interface Turn {
  readonly transposed: boolean;
  readonly mirroredX: boolean;
  readonly mirroredY: boolean;
}

export const UPRIGHT: Turn = { transposed: false, mirroredX: false, mirroredY: false };

export interface Placement {
  /** In pixels of the frame. */
  readonly box: Box;
  readonly turn: Turn;
}

export const wholeFrame = ({ columns, rows }: Pick<Plane, 'columns' | 'rows'>): Box => ({
  left: 0,
  top: 0,
  columns,
  rows,
});

const isWhole = ({ columns, rows }: Plane, box: Box): boolean =>
  box.left === 0 && box.top === 0 && box.columns === columns && box.rows === rows;

/** The part of a plane inside whole pixels. */
export function cutOut(plane: Plane, box: Box): Plane {
  const { left, top, columns, rows } = box;
  if (isWhole(plane, box)) return plane;
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const from = (top + row) * plane.columns + left;
    values.set(plane.values.subarray(from, from + columns), row * columns);
  }
  return { columns, rows, values };
}

export function turned(plane: Plane, { transposed, mirroredX, mirroredY }: Turn): Plane {
  if (!transposed && !mirroredX && !mirroredY) return plane;
  const [columns, rows] = transposed ? [plane.rows, plane.columns] : [plane.columns, plane.rows];
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const y = mirroredY ? rows - 1 - row : row;
    for (let column = 0; column < columns; column += 1) {
      const x = mirroredX ? columns - 1 - column : column;
      values[row * columns + column] = plane.values[transposed ? x * plane.columns + y : y * plane.columns + x]!;
    }
  }
  return { columns, rows, values };
}

interface Span {
  readonly start: number;
  readonly length: number;
  readonly size: number;
}

interface Axis {
  readonly scale: number;
  readonly offset: number;
}

/** Along one axis of the file: `cells` tensor pixels lie over `length` frame pixels from `start`, each `size` pixels of the file. */
function axisOf(span: Span, cells: number, direction: 'along' | 'against'): Axis {
  const { start, length, size } = span;
  const scale = (length * size) / cells;
  return direction === 'against' ? { scale: -scale, offset: (start + length) * size } : { scale, offset: start * size };
}

/** The way back from a tensor of this size. */
export function traceOf(frame: GrayFrame, { box, turn }: Placement, tensor: Pick<Plane, 'columns' | 'rows'>): Trace {
  const [columns, rows] = turn.transposed ? [tensor.rows, tensor.columns] : [tensor.columns, tensor.rows];
  // After the exchange of axes the file's x runs along the tensor's y, and so does its mirroring.
  const [mirroredX, mirroredY] = turn.transposed ? [turn.mirroredY, turn.mirroredX] : [turn.mirroredX, turn.mirroredY];
  const x = axisOf(
    { start: box.left, length: box.columns, size: frame.sourceColumns / frame.columns },
    columns,
    mirroredX ? 'against' : 'along',
  );
  const y = axisOf(
    { start: box.top, length: box.rows, size: frame.sourceRows / frame.rows },
    rows,
    mirroredY ? 'against' : 'along',
  );
  return {
    sourceColumns: frame.sourceColumns,
    sourceRows: frame.sourceRows,
    columns,
    rows,
    scaleX: x.scale,
    scaleY: y.scale,
    offsetX: x.offset,
    offsetY: y.offset,
    ...(turn.transposed && { transposed: true }),
  };
}
