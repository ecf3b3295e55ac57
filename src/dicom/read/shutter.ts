// The display shutter of an image (PS3.3 C.7.6.11 and C.7.6.15) as geometry: what it hides is no part of the picture that was meant to be seen.
import type { Box } from '#kernel/frame.ts';
import { ascii, asciiValues, type DataSet, numbersOrNaN, shorts, unsignedShort } from './element.ts';

interface Extent {
  readonly columns: number;
  readonly rows: number;
}

export interface Shutter {
  /** The smallest box, in pixels of the image, around all that is shown. */
  readonly box: Box;
  /** Whether a point is hidden; the centre of the first pixel is 0.5, 0.5. */
  hides(x: number, y: number): boolean;
}

/** One shape: all of the shapes must show a point. */
type Shape = Shutter;

const SHAPE = 0x00181600;
const LEFT = 0x00181602;
const RIGHT = 0x00181604;
const UPPER = 0x00181606;
const LOWER = 0x00181608;
const CENTER = 0x00181610;
const RADIUS = 0x00181612;
const VERTICES = 0x00181620;
const OVERLAY_GROUP = 0x00181623;

const first = (set: DataSet, tag: number): number | undefined => {
  const [value] = numbersOrNaN(set, tag);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
};

/** A pair of edges, the lower first: where a writer exchanged them, everything would be hidden otherwise. */
function edges(set: DataSet, lower: number, upper: number, lines: number): readonly [number, number] {
  const [one, other] = [first(set, lower) ?? 0, first(set, upper) ?? lines + 1];
  const [from, to] = other > 0 && one > other ? [other, one] : [one, other];
  return [Math.max(0, from), Math.min(lines, to - 1)];
}

/** The edges are the outermost hidden lines, counted from 1: 0 and Columns + 1 hide nothing. */
function rectangle(set: DataSet, { columns, rows }: Extent): Shape | undefined {
  const [left, right] = edges(set, LEFT, RIGHT, columns);
  const [top, bottom] = edges(set, UPPER, LOWER, rows);
  // Edges that are all zero are how consoles leave the tags of a shutter that is not there.
  if (right <= left || bottom <= top) return undefined;
  return {
    box: { left, top, columns: right - left, rows: bottom - top },
    hides: (x, y) => x < left || x > right || y < top || y > bottom,
  };
}

const boxOf = (
  [left, top, right, bottom]: readonly [number, number, number, number],
  { columns, rows }: Extent,
): Box => {
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  return {
    left: x,
    top: y,
    columns: Math.max(0, Math.min(columns, Math.ceil(right)) - x),
    rows: Math.max(0, Math.min(rows, Math.ceil(bottom)) - y),
  };
};

/** A pixel is shown when its centre is on the circle, however that is rounded; half a pixel more would show a rim of what is hidden. */
const ON_CIRCLE = 1 + 1e-6;

/** The radius is counted along a row, so that pixels that are not square make it an ellipse. */
function circle(set: DataSet, extent: Extent, pixelAspect: number): Shape | undefined {
  const [row, column] = numbersOrNaN(set, CENTER);
  const radius = first(set, RADIUS);
  if (row === undefined || column === undefined || radius === undefined) return undefined;
  if (!Number.isFinite(row) || !Number.isFinite(column) || radius <= 0) return undefined;
  const [x0, y0] = [column - 0.5, row - 0.5];
  const [across, down] = [radius, radius / pixelAspect];
  return {
    box: boxOf([x0 - across - 0.5, y0 - down - 0.5, x0 + across + 0.5, y0 + down + 0.5], extent),
    hides: (x, y) => ((x - x0) / across) ** 2 + ((y - y0) / down) ** 2 > ON_CIRCLE,
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Half a pixel: the corners are pixels, and these are shown. */
const CORNER_REACH = 0.5 + 1e-6;

function isNear({ x, y }: Point, from: Point, to: Point): boolean {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((x - from.x) * dx + (y - from.y) * dy) / Math.max(dx * dx + dy * dy, 1e-9);
  const share = Math.min(Math.max(along, 0), 1);
  // In each axis by itself, so that the outermost pixels of an upright rectangle are shown with their corners.
  return Math.abs(x - from.x - share * dx) <= CORNER_REACH && Math.abs(y - from.y - share * dy) <= CORNER_REACH;
}

/** Even-odd rule; the last corner is joined to the first. */
function isInside(point: Point, corners: readonly Point[]): boolean {
  let inside = false;
  let previous = corners.at(-1);
  for (const corner of corners) {
    if (previous !== undefined) {
      if (isNear(point, previous, corner)) return true;
      if (corner.y > point.y !== previous.y > point.y) {
        const crossing = ((previous.x - corner.x) * (point.y - corner.y)) / (previous.y - corner.y) + corner.x;
        if (point.x < crossing) inside = !inside;
      }
    }
    previous = corner;
  }
  return inside;
}

/** Row and column of each corner. */
function polygon(set: DataSet, extent: Extent): Shape | undefined {
  const numbers = numbersOrNaN(set, VERTICES);
  const corners = Array.from({ length: Math.floor(numbers.length / 2) }, (_, index) => ({
    x: (numbers[2 * index + 1] ?? Number.NaN) - 0.5,
    y: (numbers[2 * index] ?? Number.NaN) - 0.5,
  }));
  if (corners.length < 3 || corners.some(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y))) return undefined;
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  return {
    box: boxOf([Math.min(...xs) - 0.5, Math.min(...ys) - 0.5, Math.max(...xs) + 0.5, Math.max(...ys) + 0.5], extent),
    hides: (x, y) => !isInside({ x, y }, corners),
  };
}

/** The bits of an overlay: OW is words, whose bytes a big-endian data set exchanges. */
function overlayBytes(set: DataSet, tag: number): Buffer | undefined {
  const element = set.elements.get(tag);
  if (element === undefined || !set.encoding.bigEndian || element.vr === 'OB') return element?.bytes;
  return Buffer.from(element.bytes.subarray(0, element.bytes.length - (element.bytes.length % 2))).swap16();
}

/** An overlay of group 60xx whose ones hide (C.7.6.15). */
function bitmap(set: DataSet, extent: Extent): Shape | undefined {
  const group = unsignedShort(set, OVERLAY_GROUP);
  if (group === undefined) return undefined;
  const base = group * 0x10000;
  const bytes = overlayBytes(set, base + 0x3000);
  const rows = unsignedShort(set, base + 0x10) ?? extent.rows;
  const columns = unsignedShort(set, base + 0x11) ?? extent.columns;
  const [originRow = 1, originColumn = 1] = shorts(set, base + 0x50, { signed: true });
  if (bytes === undefined || bytes.length * 8 < rows * columns) return undefined;
  const [left, top] = [originColumn - 1, originRow - 1];
  const isSet = (column: number, row: number): boolean => {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return false;
    const at = row * columns + column;
    return ((bytes[at >> 3]! >> (at & 7)) & 1) === 1;
  };
  const hides = (x: number, y: number): boolean => isSet(Math.floor(x) - left, Math.floor(y) - top);
  return { box: shownBox(hides, extent), hides };
}

/** The smallest box around all pixels that are shown. */
function shownBox(hides: Shutter['hides'], { columns, rows }: Extent): Box {
  const shown = (column: number, row: number): boolean => !hides(column + 0.5, row + 0.5);
  const rowShows = (row: number): boolean => someOf(columns, (column) => shown(column, row));
  const columnShows = (column: number): boolean => someOf(rows, (row) => shown(column, row));
  const [left, right] = [firstOf(columns, columnShows), lastOf(columns, columnShows)];
  const [top, bottom] = [firstOf(rows, rowShows), lastOf(rows, rowShows)];
  return { left, top, columns: Math.max(0, right - left + 1), rows: Math.max(0, bottom - top + 1) };
}

function someOf(count: number, holds: (index: number) => boolean): boolean {
  for (let index = 0; index < count; index++) if (holds(index)) return true;
  return false;
}

function firstOf(count: number, holds: (index: number) => boolean): number {
  let index = 0;
  while (index < count && !holds(index)) index++;
  return index;
}

function lastOf(count: number, holds: (index: number) => boolean): number {
  let index = count - 1;
  while (index >= 0 && !holds(index)) index--;
  return index;
}

const overlap = (one: Box, other: Box): Box => {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  return {
    left,
    top,
    columns: Math.max(0, Math.min(one.left + one.columns, other.left + other.columns) - left),
    rows: Math.max(0, Math.min(one.top + one.rows, other.top + other.rows) - top),
  };
};

/** Of a grid of this many points a side, so many must be shown: a shutter that hides everything is a fault of its tags. */
const GRID = 64;
const FEWEST_SHOWN = 80;

function shownPoints({ hides }: Shutter, { columns, rows }: Extent): number {
  let shown = 0;
  for (let at = 0; at < GRID * GRID; at++) {
    const [column, row] = [at % GRID, Math.floor(at / GRID)];
    if (!hides(((column + 0.5) * columns) / GRID, ((row + 0.5) * rows) / GRID)) shown++;
  }
  return shown;
}

const SHAPES = ['RECTANGULAR', 'CIRCULAR', 'POLYGONAL', 'BITMAP'];

/** The shapes that the tag names; where it is empty, those whose own tags are there. */
function shapesNamed(set: DataSet): ReadonlySet<string> {
  const named = asciiValues(set, SHAPE).map((shape) => shape.toUpperCase());
  if (ascii(set, OVERLAY_GROUP) !== undefined) named.push('BITMAP');
  if (named.some((shape) => SHAPES.includes(shape))) return new Set(named);
  return new Set(
    [[RIGHT, 'RECTANGULAR'] as const, [RADIUS, 'CIRCULAR'] as const, [VERTICES, 'POLYGONAL'] as const].flatMap(
      ([tag, shape]) => (first(set, tag) === undefined ? [] : [shape]),
    ),
  );
}

/** Undefined where there is no shutter, or where its tags make no sense. `pixelAspect` is the height of a pixel over its width. */
export function shutterOf(set: DataSet, extent: Extent & { readonly pixelAspect: number }): Shutter | undefined {
  const named = shapesNamed(set);
  const shapes = [
    named.has('RECTANGULAR') ? rectangle(set, extent) : undefined,
    named.has('CIRCULAR') ? circle(set, extent, extent.pixelAspect) : undefined,
    named.has('POLYGONAL') ? polygon(set, extent) : undefined,
    named.has('BITMAP') ? bitmap(set, extent) : undefined,
  ].filter((shape) => shape !== undefined);
  if (shapes.length === 0) return undefined;
  const shutter: Shutter = {
    box: shapes.map(({ box }) => box).reduce(overlap),
    hides: (x, y) => shapes.some((shape) => shape.hides(x, y)),
  };
  return shownPoints(shutter, extent) < FEWEST_SHOWN ? undefined : shutter;
}
