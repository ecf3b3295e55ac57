// Films that are not chests: hand, knee, skull, belly, a chest from the side and test patterns, for whoever must learn to refuse them.
import { drawExposure, expose } from './film.ts';
import { lattice, octaves } from './noise.ts';
import {
  addStroke,
  hollow,
  newMap,
  pixelAxes,
  profile,
  ROD,
  smooth,
  type Map2,
  type Plane,
  type Point,
  type Scratch,
  newScratch,
} from './plane.ts';
import { random, type Random } from './random.ts';

export const OTHER_KINDS = ['hand', 'knee', 'skull', 'abdomen', 'lateral', 'pattern'] as const;
export type OtherKind = (typeof OTHER_KINDS)[number];

export interface OtherFilm {
  readonly kind: OtherKind;
  readonly width: number;
  readonly height: number;
  /** Row-major, 0 black to 1 white. */
  readonly gray: Map2;
}

interface Sheet {
  readonly plane: Plane;
  readonly soft: Map2;
  readonly bone: Map2;
  readonly scratch: Scratch;
  readonly draw: Random;
}

const SHAFT = hollow(0.3, 0.3);
const SPONGY = hollow(0.12, 0.6);
const FLESH = profile((t) => Math.pow(1 - t * t, 0.4));

const dot = (x: number, y: number, r: number, gain = 1): Point => ({ x, y, r, gain });

const flesh = (sheet: Sheet, points: readonly Point[], weight = 1): void =>
  addStroke(sheet.plane, sheet.soft, sheet.scratch, { points, profile: FLESH, weight });

const bone = (sheet: Sheet, points: readonly Point[], weight = 1, shape = SHAFT): void =>
  addStroke(sheet.plane, sheet.bone, sheet.scratch, { points, profile: shape, weight: 0.6 * weight });

/** A filled ellipse, `depth` thick in its middle; `rim` > 0 makes it a shell of that share. */
function blob(
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
function longBone(sheet: Sheet, a: Point, b: Point, flare = 1.5): void {
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

function hand(sheet: Sheet): void {
  const { draw } = sheet;
  flesh(sheet, smooth([dot(0, 18, 3.0), dot(0, 9, 3.1), dot(0, 5.5, 3.6), dot(0, 0.5, 4.3), dot(0, -1.4, 4.0)]), 0.45);
  bone(sheet, smooth([dot(-1.3, 18, 0.75), dot(-1.3, 11, 0.85), dot(-1.2, 9, 1.5)]));
  bone(sheet, smooth([dot(1.6, 18, 0.6), dot(1.6, 11, 0.65), dot(1.7, 9.3, 0.95)]));
  for (const [x, y, r] of [
    [-1.9, 7.4, 0.85],
    [-0.5, 7.3, 0.8],
    [0.9, 7.4, 0.75],
    [-2.3, 5.9, 0.75],
    [-0.9, 5.7, 0.75],
    [0.3, 5.6, 0.95],
    [1.6, 5.9, 0.85],
  ] as const) {
    bone(sheet, [dot(x, y, r), dot(x + 0.15, y - 0.1, r)], 0.75, SPONGY);
  }
  const spread = draw.between(0.8, 1.3);
  const fingers = [
    [-2.2, -0.19, 0.93],
    [-0.7, -0.05, 1],
    [0.8, 0.08, 0.95],
    [2.2, 0.22, 0.78],
  ] as const;
  for (const [x, tilt, long] of fingers) {
    let [px, py] = [x * 0.8, 4.6];
    const angle = tilt * spread + 0.02 * draw.normal();
    const lengths = [5.4 * (0.9 + 0.1 * long), 3.7 * long, 2.3 * long, 1.7 * long];
    const radii = [0.42, 0.42, 0.36, 0.3];
    const way: Point[] = [dot(px, py, 1.1)];
    for (const [i, length] of lengths.entries()) {
      const [qx, qy] = [px + Math.sin(angle) * length, py - Math.cos(angle) * length];
      longBone(sheet, dot(px, py, radii[i] ?? 0.3), dot(qx, qy, (radii[i] ?? 0.3) * (i === 3 ? 0.6 : 0.92)));
      [px, py] = [qx + Math.sin(angle) * 0.22, qy - Math.cos(angle) * 0.22];
      way.push(dot(px, py, 0.95 - 0.07 * i));
    }
    flesh(sheet, smooth(way), 0.62);
  }
  const thumb = smooth([dot(-2.6, 5.4, 1.5), dot(-4.6, 2.6, 1.2), dot(-6.2, -0.4, 1.05), dot(-7, -2.4, 0.9)]);
  flesh(sheet, thumb, 0.6);
  longBone(sheet, dot(-2.9, 5.1, 0.52), dot(-4.9, 1.9, 0.48));
  longBone(sheet, dot(-5.0, 1.6, 0.45), dot(-6.3, -0.9, 0.4));
  longBone(sheet, dot(-6.4, -1.1, 0.36), dot(-7.0, -2.8, 0.25));
}

function knee(sheet: Sheet): void {
  flesh(sheet, smooth([dot(0, -24, 7.6), dot(0, -10, 6.8), dot(0, 0, 6.1), dot(0, 8, 5.6), dot(0, 24, 5.2)]), 0.75);
  bone(sheet, smooth([dot(0.2, -24, 1.5), dot(0.1, -10, 1.6), dot(0, -6, 2.3), dot(0, -3.4, 3.6)]), 0.9);
  bone(sheet, [dot(-2.1, -2.4, 2.0), dot(-2.0, -2.0, 1.9)], 0.5, SPONGY);
  bone(sheet, [dot(2.1, -2.5, 2.0), dot(2.0, -2.1, 1.9)], 0.5, SPONGY);
  bone(sheet, smooth([dot(-3.4, 1.3, 0.9), dot(0, 1.5, 1.1), dot(3.4, 1.3, 0.9)]), 0.6, SPONGY);
  bone(sheet, smooth([dot(0, 2.4, 3.3), dot(0.1, 5.2, 2.2), dot(0.2, 10, 1.5), dot(0.2, 24, 1.4)]), 0.9);
  bone(sheet, smooth([dot(3.7, 3.6, 0.9), dot(3.9, 6, 0.6), dot(3.6, 24, 0.6)]), 0.8);
  bone(sheet, [dot(0.1, -4.2, 2.2), dot(0.1, -3.9, 2.1)], 0.25, SPONGY);
}

function skull(sheet: Sheet): void {
  blob(sheet, sheet.soft, { x: 0, y: -2, a: 8.6, b: 10.6, depth: 17, power: 2.2 });
  blob(sheet, sheet.soft, { x: 0, y: 8, a: 6.6, b: 8, depth: 14, power: 2.4 });
  blob(sheet, sheet.bone, { x: 0, y: -3, a: 8.1, b: 10.2, depth: 5.5, rim: 0.075, power: 2.15 });
  flesh(sheet, [dot(0, 12, 6), dot(0, 26, 6.4)], 0.9);
  for (const sign of [-1, 1] as const) {
    blob(sheet, sheet.bone, { x: sign * 3.4, y: 1.2, a: 2.2, b: 1.9, depth: 1.9, rim: 0.16, power: 2.6 });
    blob(sheet, sheet.soft, { x: sign * 3.6, y: 4.7, a: 1.6, b: 1.9, depth: -5, power: 2.2 });
    bone(
      sheet,
      smooth([dot(sign * 6.4, 2.5, 0.7), dot(sign * 6.3, 7, 0.9), dot(sign * 4.6, 11.4, 1.0), dot(0, 13, 1.1)]),
      0.8,
    );
    bone(sheet, smooth([dot(sign * 7.4, 3.2, 0.5), dot(sign * 5, 3.4, 0.6), dot(sign * 2.4, 2.4, 0.5)]), 0.5);
    for (let i = 0; i < 6; i++) {
      for (const y of [8.0, 9.7])
        bone(sheet, [dot(sign * (0.45 + i * 0.72), y, 0.3), dot(sign * (0.45 + i * 0.7), y + 0.9, 0.26)], 0.9, SPONGY);
    }
  }
  blob(sheet, sheet.soft, { x: 0, y: 4.4, a: 1.2, b: 2.1, depth: -5 });
  bone(sheet, [dot(0, 2, 0.12), dot(0.1, 6, 0.12)], 1.2);
  for (let y = 13; y < 26; y += 1.9) bone(sheet, [dot(-1, y, 0.7), dot(1, y, 0.7)], 0.4, SPONGY);
}

function abdomen(sheet: Sheet): void {
  const { draw } = sheet;
  blob(sheet, sheet.soft, { x: 0, y: 0, a: 18, b: 40, depth: 21, power: 3 });
  blob(sheet, sheet.soft, { x: -9, y: -11, a: 9, b: 8, depth: 4 });
  for (let y = -19; y < 8; y += 3.3) {
    bone(sheet, [dot(-1.1, y, 1.25), dot(1.1, y, 1.25)], 1.4, SPONGY);
    bone(sheet, [dot(-2.2, y + 0.1, 0.35), dot(-4.4, y - 0.3, 0.25)], 1.3);
    bone(sheet, [dot(2.2, y + 0.1, 0.35), dot(4.4, y - 0.3, 0.25)], 1.3);
  }
  for (const sign of [-1, 1] as const) {
    bone(
      sheet,
      smooth([
        dot(sign * 3, 10, 0.8),
        dot(sign * 8, 7.5, 0.5),
        dot(sign * 13, 9, 0.6),
        dot(sign * 12.4, 14, 0.8),
        dot(sign * 9, 18, 1.2),
      ]),
      1.3,
    );
    blob(sheet, sheet.bone, { x: sign * 8.5, y: 12, a: 4.6, b: 5, depth: 0.9 });
    bone(sheet, [dot(sign * 10.6, 19.6, 2.3), dot(sign * 10.7, 19.8, 2.3)], 0.9, SPONGY);
    bone(sheet, smooth([dot(sign * 2, -17, 0.5), dot(sign * 8, -18, 0.5), dot(sign * 14, -12, 0.5)]), 1.3);
    bone(sheet, smooth([dot(sign * 2, -13.6, 0.5), dot(sign * 7, -13, 0.5), dot(sign * 11, -8, 0.4)]), 1.3);
  }
  bone(sheet, smooth([dot(-3, 11, 1.4), dot(0, 14.5, 2.4), dot(3, 11, 1.4)]), 0.8, SPONGY);
  const gas = (x: number, y: number): void => {
    const r = draw.between(0.9, 2.4);
    blob(sheet, sheet.soft, { x, y, a: r * draw.between(1, 2), b: r, depth: -draw.between(2, 5) });
  };
  for (let i = 0; i < 13; i++) gas(draw.normal() * 7, draw.between(-9, 12));
  for (let i = 0; i < 6; i++) gas(13 - 0.4 * i + draw.normal() * 0.5, -10 + 3.6 * i);
}

function lateral(sheet: Sheet): void {
  const { draw } = sheet;
  flesh(sheet, smooth([dot(0, -26, 7), dot(0, -16, 9.5), dot(0.5, 0, 12.5), dot(0.5, 12, 13), dot(0, 28, 13)]), 0.95);
  // Both lungs over each other, heart in front, spine behind.
  blob(sheet, sheet.soft, { x: 0.5, y: -1, a: 9.6, b: 14, depth: -15, power: 2.6 });
  blob(sheet, sheet.soft, { x: 0, y: 13.5, a: 14, b: 6.5, depth: 13 });
  blob(sheet, sheet.soft, { x: -4.2, y: 5.2, a: 4.8, b: 6.2, depth: 10 });
  flesh(sheet, smooth([dot(-2.5, 0, 1.6), dot(-1, -6, 1.5), dot(3, -5, 1.4), dot(5, 2, 1.3), dot(5.2, 12, 1.3)]), 0.7);
  addStroke(sheet.plane, sheet.soft, sheet.scratch, {
    points: smooth([dot(1.6, -22, 0.9), dot(0.4, -10, 0.9), dot(0, -1, 0.9)]),
    profile: ROD,
    weight: -0.9,
  });
  for (let i = 0; i < 16; i++) {
    const y = -20 + i * 2.7;
    const x = 8.2 + 1.3 * Math.sin((y + 14) / 9);
    bone(sheet, [dot(x, y, 1.05), dot(x + 0.2, y + 0.2, 1.05)], 0.5, SPONGY);
    bone(sheet, [dot(x + 2, y + 0.6, 0.4), dot(x + 3.6, y + 1.8, 0.35)], 0.7);
  }
  for (let i = 0; i < 10; i++) {
    const y = -14 + i * 2.9;
    for (const shift of [0, 0.9 + 0.2 * draw.normal()]) {
      bone(
        sheet,
        smooth([
          dot(9.5, y + shift, 0.5),
          dot(4, y + 2.2 + shift, 0.5),
          dot(-4, y + 5.5 + shift, 0.5),
          dot(-8.6, y + 6 + shift, 0.5),
        ]),
        0.3,
      );
    }
  }
  bone(sheet, smooth([dot(-9.2, -9, 0.8), dot(-10.4, -2, 0.5), dot(-10, 6, 0.45)]), 0.8);
  for (let i = 0; i < 60; i++) {
    const angle = draw.between(0, 6.28);
    const r = draw.between(1, 7);
    const [x, y] = [1 + Math.cos(angle) * 1.2, -0.5 + Math.sin(angle) * 1.5];
    flesh(sheet, [dot(x, y, 0.3), dot(x + Math.cos(angle) * r, y + Math.sin(angle) * r, 0.06)], 0.7);
  }
}

/** No anatomy at all: blank, noise, a step wedge, bars, a grid with circles, a smooth ramp. */
function pattern(width: number, height: number, draw: Random): Map2 {
  const gray = new Float32Array(width * height);
  const style = draw.pick(['blank', 'noise', 'wedge', 'bars', 'grid', 'ramp'] as const);
  const [level, count, angle] = [draw.between(0, 1), draw.whole(5, 18), draw.between(0, 6.28)];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [u, v] = [column / width, row / height];
      const along = 0.5 + (u - 0.5) * Math.cos(angle) + (v - 0.5) * Math.sin(angle);
      let value = level + draw.between(-0.01, 0.01);
      if (style === 'noise') value = draw.between(0, 1);
      else if (style === 'wedge') value = Math.floor(u * count) / count;
      else if (style === 'bars') value = Math.sin(along * count * 6.28) > 0 ? 0.9 : 0.1;
      else if (style === 'ramp') value = along;
      else if (style === 'grid') {
        const ring = Math.abs(Math.hypot(u - 0.5, v - 0.5) - 0.3) < 0.004;
        value = ring || (u * count) % 1 < 0.03 || (v * count) % 1 < 0.03 ? 0.95 : 0.2 + 0.3 * u;
      }
      gray[row * width + column] = Math.max(0, Math.min(1, value));
    }
  }
  return gray;
}

const COVER: Record<Exclude<OtherKind, 'pattern'>, readonly [across: number, middleY: number]> = {
  hand: [21, 2.5],
  knee: [19, 0],
  skull: [22, 3],
  abdomen: [37, 1],
  lateral: [34, 1],
};

const PAINTERS: Record<Exclude<OtherKind, 'pattern'>, (sheet: Sheet) => void> = { hand, knee, skull, abdomen, lateral };

/** The same seed, kind and size always give the same film; `size` is the longer side in pixels. */
export function drawOther(seed: number, kind: OtherKind, size: number): OtherFilm {
  const draw = random(seed, kind);
  const shape = draw.pick([1, 0.8, 0.9] as const);
  const [width, height] = [Math.round(size * shape), size];
  if (kind === 'pattern') return { kind, width, height, gray: pattern(width, height, draw) };
  const [across, middleY] = COVER[kind];
  const tilt = 0.06 * draw.normal();
  const k = (width / across) * (1 + 0.07 * draw.normal());
  const mirror = kind !== 'skull' && draw.chance(0.5) ? -1 : 1;
  const plane: Plane = {
    width,
    height,
    kx: k * mirror,
    ky: k,
    centreX: 0.6 * draw.normal(),
    centreY: middleY + 0.8 * draw.normal(),
    cos: Math.cos(tilt),
    sin: Math.sin(tilt),
  };
  const sheet: Sheet = { plane, soft: newMap(plane), bone: newMap(plane), scratch: newScratch(plane), draw };
  PAINTERS[kind](sheet);
  const uneven = lattice(seed, 'flesh');
  const depth = newMap(plane);
  for (let i = 0; i < depth.length; i++) {
    const [x, y] = [(i % width) / k, Math.floor(i / width) / k];
    const soft = Math.max(0, sheet.soft[i]!) * (1 + 0.035 * octaves(uneven, x * 0.7, y * 0.7, { count: 3, fall: 0.6 }));
    depth[i] = soft * 0.18 + Math.max(0, sheet.bone[i]!) * (soft > 0 ? 1 : 0);
  }
  return { kind, width, height, gray: expose(depth, plane, drawExposure(seed, false)) };
}
