// The outline of the largest region of a mask, as a closed polygon along the edges of its pixels.
import type { Size } from './picture.ts';

export type Point = readonly [x: number, y: number];

export interface Mask extends Size {
  /** Row-major; anything but 0 belongs to the region. */
  readonly values: Uint8Array;
}

/** Labels the connected regions (by edges) and keeps the largest; the first of equals. */
function largestRegion({ columns, rows, values }: Mask): Uint8Array | undefined {
  const labels = new Int32Array(columns * rows);
  let best = { label: 0, size: 0 };
  for (let start = 0, label = 0; start < values.length; start += 1) {
    if (values[start] === 0 || labels[start] !== 0) continue;
    label += 1;
    labels[start] = label;
    const open = [start];
    let size = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size += 1;
      const column = at % columns;
      const near = [column > 0 ? at - 1 : -1, column + 1 < columns ? at + 1 : -1, at - columns, at + columns];
      for (const next of near) {
        if (next < 0 || next >= values.length || values[next] === 0 || labels[next] !== 0) continue;
        labels[next] = label;
        open.push(next);
      }
    }
    if (size > best.size) best = { label, size };
  }
  if (best.size === 0) return undefined;
  return Uint8Array.from(labels, (label) => (label === best.label ? 1 : 0));
}

/** Right, down, left, up: the region lies to the right of the way. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Corners of the outer border in clockwise order, the first one again at the end; undefined for an empty mask. Coordinates are those of
 * pixel corners: 0, 0 is the top left corner of the first pixel.
 */
export function outline(mask: Mask): readonly Point[] | undefined {
  const { columns, rows } = mask;
  const region = largestRegion(mask);
  if (region === undefined) return undefined;
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < columns && y < rows && region[y * columns + x] === 1;
  const first = region.indexOf(1);
  const start: Point = [first % columns, Math.floor(first / columns)];
  const points: Point[] = [start];
  let [x, y] = start;
  let heading = 0;
  do {
    const [dx, dy] = STEPS[heading] ?? STEPS[0];
    x += dx;
    y += dy;
    // The two pixels ahead, to the left and to the right of the way, as seen from the corner x, y.
    const [left, right] = ahead(x, y, heading);
    const next = inside(...left) ? (heading + 3) % 4 : inside(...right) ? heading : (heading + 1) % 4;
    if (next !== heading) points.push([x, y]);
    heading = next;
  } while (x !== start[0] || y !== start[1] || heading !== 0);
  // The start is a corner: the way comes from below and turns right.
  return points;
}

function ahead(x: number, y: number, heading: number): readonly [left: Point, right: Point] {
  switch (heading) {
    case 0:
      return [
        [x, y - 1],
        [x, y],
      ];
    case 1:
      return [
        [x, y],
        [x - 1, y],
      ];
    case 2:
      return [
        [x - 1, y],
        [x - 1, y - 1],
      ];
    default:
      return [
        [x - 1, y - 1],
        [x, y - 1],
      ];
  }
}
