// Lines of equal evidence by marching squares (Lorensen's table in two dimensions): pieces of a line, each from one edge of a cell to
// another, placed between the values by how far each is from the level.
import type { Evidence } from './evidence.ts';

/** Four numbers a piece, x and y of both ends, as shares of the picture's width and height. */
export type Pieces = readonly number[];

type Edge = 'top' | 'right' | 'bottom' | 'left';

/** By which corners lie above the level: 1 top left, 2 top right, 4 bottom right, 8 bottom left. */
const CROSSED: readonly (readonly (readonly [Edge, Edge])[])[] = [
  [],
  [['left', 'top']],
  [['top', 'right']],
  [['left', 'right']],
  [['right', 'bottom']],
  [
    ['left', 'top'],
    ['right', 'bottom'],
  ],
  [['top', 'bottom']],
  [['left', 'bottom']],
  [['bottom', 'left']],
  [['bottom', 'top']],
  [
    ['top', 'right'],
    ['bottom', 'left'],
  ],
  [['bottom', 'right']],
  [['right', 'left']],
  [['right', 'top']],
  [['top', 'left']],
  [],
];

/** A value at the border counts as none, so that every line is closed. */
export function isoLine({ columns, rows, values }: Evidence, level: number): Pieces {
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : (values[row * columns + column] ?? 0);
  const pieces: number[] = [];
  for (let row = -1; row < rows; row += 1) {
    for (let column = -1; column < columns; column += 1) {
      const [topLeft, topRight] = [at(column, row), at(column + 1, row)];
      const [bottomLeft, bottomRight] = [at(column, row + 1), at(column + 1, row + 1)];
      const corners =
        (topLeft >= level ? 1 : 0) +
        (topRight >= level ? 2 : 0) +
        (bottomRight >= level ? 4 : 0) +
        (bottomLeft >= level ? 8 : 0);
      if (corners === 0 || corners === 15) continue;
      const between = (from: number, to: number): number => (level - from) / (to - from);
      const point = (edge: Edge): readonly [number, number] => {
        switch (edge) {
          case 'top':
            return [column + between(topLeft, topRight), row];
          case 'right':
            return [column + 1, row + between(topRight, bottomRight)];
          case 'bottom':
            return [column + between(bottomLeft, bottomRight), row + 1];
          case 'left':
            return [column, row + between(topLeft, bottomLeft)];
          default:
            return edge satisfies never;
        }
      };
      for (const [from, to] of CROSSED[corners] ?? []) {
        // A value stands for the middle of its pixel.
        for (const [x, y] of [point(from), point(to)]) pieces.push((x + 0.5) / columns, (y + 0.5) / rows);
      }
    }
  }
  return pieces;
}
