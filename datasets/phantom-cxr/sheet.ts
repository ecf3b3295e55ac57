// The brushes of all films that are not chests: flesh, bones and rounded bodies on one sheet.
import {
  addStroke,
  hollow,
  pixelAxes,
  profile,
  smooth,
  type Map2,
  type Plane,
  type Point,
  type Scratch,
} from './plane.ts';
import type { Random } from './random.ts';

export interface Sheet {
  readonly plane: Plane;
  readonly soft: Map2;
  readonly bone: Map2;
  readonly scratch: Scratch;
  readonly draw: Random;
}

const SHAFT = hollow(0.3, 0.3);
export const SPONGY = hollow(0.12, 0.6);
const FLESH = profile((t) => Math.pow(1 - t * t, 0.4));

export const dot = (x: number, y: number, r: number, gain = 1): Point => ({ x, y, r, gain });

export const flesh = (sheet: Sheet, points: readonly Point[], weight = 1): void =>
  addStroke(sheet.plane, sheet.soft, sheet.scratch, { points, profile: FLESH, weight });

export const bone = (sheet: Sheet, points: readonly Point[], weight = 1, shape = SHAFT): void =>
  addStroke(sheet.plane, sheet.bone, sheet.scratch, { points, profile: shape, weight: 0.6 * weight });

/** A filled ellipse, `depth` thick in its middle; `rim` > 0 makes it a shell of that share. */
export function blob(
  sheet: Sheet,
  target: Map2,
  shape: { x: number; y: number; a: number; b: number; depth: number; rim?: number; power?: number },
): void {
  const { x0, y0, xc, xr, yc, yr } = pixelAxes(sheet.plane);
  const { width, height } = sheet.plane;
  const power = shape.power ?? 2;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const u = Math.abs((x0 + xc * column + xr * row - shape.x) / shape.a);
      const v = Math.abs((y0 + yc * column + yr * row - shape.y) / shape.b);
      if (u >= 1 || v >= 1) continue;
      const d = Math.pow(u, power) + Math.pow(v, power);
      if (d >= 1) continue;
      let chord = Math.sqrt(1 - d);
      if (shape.rim !== undefined) {
        const inner = 1 - shape.rim;
        chord -= Math.sqrt(Math.max(0, 1 - d / (inner * inner))) * inner;
      }
      target[row * width + column] = target[row * width + column]! + shape.depth * chord;
    }
  }
}

/** A tubular bone with wider ends. */
export function longBone(sheet: Sheet, a: Point, b: Point, flare = 1.5): void {
  const at = (t: number, r: number): Point => dot(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, r);
  bone(
    sheet,
    smooth([
      at(0, a.r * flare),
      at(0.14, a.r * 1.1),
      at(0.5, (a.r + b.r) / 2),
      at(0.86, b.r * 1.1),
      at(1, b.r * flare),
    ]),
  );
}
