// Films that are not chests: hand, knee, skull, belly, a chest from the side and test patterns, for whoever must learn to refuse them.
import { drawExposure, expose } from './film.ts';
import { lattice, octaves } from './noise.ts';
import { hand, knee, skull } from './limbs.ts';
import { newMap, newScratch, type Map2, type Plane } from './plane.ts';
import type { Sheet } from './sheet.ts';
import { abdomen, lateral } from './trunk.ts';
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
