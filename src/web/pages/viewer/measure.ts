// Measurements of a reader: two points are a distance, three an angle at the middle one. Points are film pixels.
import type { Spacing } from './film-values.ts';
import { distanceMm, type Point } from './placement.ts';

export interface Measure {
  readonly points: readonly Point[];
}

/** Degrees at `vertex`, 0 to 180. Pixels that are not square turn every angle but their own axes. */
export function angleDegrees(
  [from, vertex, to]: readonly [Point, Point, Point],
  spacing: Pick<Spacing, 'row' | 'column'> = { row: 1, column: 1 },
): number {
  const arm = (end: Point): Point => ({
    x: (end.x - vertex.x) * spacing.column,
    y: (end.y - vertex.y) * spacing.row,
  });
  const [one, other] = [arm(from), arm(to)];
  const across = Math.abs(one.x * other.y - one.y * other.x);
  return (Math.atan2(across, one.x * other.x + one.y * other.y) * 180) / Math.PI;
}

/** A distance at the detector is larger than in the body: it gets a mark. Without spacing a distance is in pixels, and says so. */
export function measureText({ points }: Measure, spacing: Spacing | undefined): string {
  const [from, to, third] = points;
  if (from === undefined || to === undefined) return '';
  if (third !== undefined) return `${angleDegrees([from, to, third], spacing).toFixed(1)}°`;
  if (spacing === undefined) return `${Math.round(Math.hypot(to.x - from.x, to.y - from.y))} px`;
  return `${distanceMm(from, to, spacing).toFixed(1)} mm${spacing.at === 'detector' ? ' *' : ''}`;
}

/** A film is drawn with square pixels, whatever its own are: from there back to its rows. */
export const inPixels = ({ points }: Measure, pixelAspect = 1): Measure => ({
  points: points.map(({ x, y }) => ({ x, y: y / pixelAspect })),
});
