// Placement of a film on the screen: turned by quarters, mirrored, scaled and moved; and the way back from the screen to the film.
export interface Placement {
  /** Screen pixels per film pixel. */
  readonly scale: number;
  /** Of the film's middle, from the middle of the view. */
  readonly x: number;
  readonly y: number;
  /** Quarter turns clockwise. */
  readonly turns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Columns of a 2 × 3 matrix as a canvas takes it: film pixels (from the film's middle) → screen pixels (from the view's). */
export function matrixOf({
  scale,
  x,
  y,
  turns,
  mirrored,
}: Placement): readonly [number, number, number, number, number, number] {
  const [cos, sin] = (
    [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ] as const
  )[turns];
  const side = mirrored ? -scale : scale;
  return [cos * side, sin * side, -sin * scale, cos * scale, x, y];
}

export function toScreen(placement: Placement, { x, y }: Point): Point {
  const [a, b, c, d, e, f] = matrixOf(placement);
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

export function toFilm(placement: Placement, { x, y }: Point): Point {
  const [a, b, c, d, e, f] = matrixOf(placement);
  const area = a * d - b * c;
  return { x: (d * (x - e) - c * (y - f)) / area, y: (a * (y - f) - b * (x - e)) / area };
}

const SMALLEST = 0.02;
const LARGEST = 32;

/** The point of the film under `at` stays there. */
export function zoomed(placement: Placement, factor: number, at: Point = { x: 0, y: 0 }): Placement {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, placement.scale * factor));
  const change = scale / placement.scale;
  return { ...placement, scale, x: at.x - (at.x - placement.x) * change, y: at.y - (at.y - placement.y) * change };
}

export const moved = (placement: Placement, { x, y }: Point): Placement => ({
  ...placement,
  x: placement.x + x,
  y: placement.y + y,
});

export function fitted(placement: Placement, film: Extent, view: Extent): Placement {
  const upright = placement.turns % 2 === 0;
  const [width, height] = upright ? [film.width, film.height] : [film.height, film.width];
  return { ...placement, scale: Math.min(view.width / width, view.height / height), x: 0, y: 0 };
}

const TURNED = [1, 2, 3, 0] as const;
export const turned = (placement: Placement): Placement => ({
  ...placement,
  turns: TURNED[placement.turns],
  x: 0,
  y: 0,
});

/** Left and right change on the screen, whichever way the film is turned. */
export const flipped = (placement: Placement): Placement => ({
  ...placement,
  mirrored: !placement.mirrored,
  turns: placement.turns === 1 ? 3 : placement.turns === 3 ? 1 : placement.turns,
  x: -placement.x,
});

/** The same part of another film: size beside its fit, and place in shares of the fitted film. */
export interface SharedPlace extends Pick<Placement, 'turns' | 'mirrored'> {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export function sharedOf(placement: Placement, film: Extent, view: Extent): SharedPlace {
  const { turns, mirrored } = placement;
  const fit = fitted(placement, film, view).scale;
  const size = fit * film.height;
  return { zoom: placement.scale / fit, x: placement.x / size, y: placement.y / size, turns, mirrored };
}

export function shownAt({ zoom, x, y, turns, mirrored }: SharedPlace, film: Extent, view: Extent): Placement {
  const fit = fitted({ scale: 1, x: 0, y: 0, turns, mirrored }, film, view).scale;
  const size = fit * film.height;
  return { scale: zoom * fit, x: x * size, y: y * size, turns, mirrored };
}

export interface Millimetres {
  readonly row: number;
  readonly column: number;
}

export const distanceMm = (from: Point, to: Point, { row, column }: Millimetres): number =>
  Math.hypot((to.x - from.x) * column, (to.y - from.y) * row);
