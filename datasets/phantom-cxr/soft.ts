// Maps of tissue, aerated lung and heart along each ray (reference centimetres).
import { drawBody } from './body.ts';
import { CHAMBERS, chordAt, heartBalls, turned } from './heart.ts';
import { look, newMap, pixelAxes, type Map2, type Plane } from './plane.ts';
import type { Subject } from './subject.ts';
import { domeAt, EDGE, ramp, type Thorax } from './thorax.ts';

export interface SoftMaps {
  /** Tissue and air together, skin to skin. */
  readonly body: Map2;
  /** Aerated lung along the ray. */
  readonly lung: Map2;
  /** Heart chambers on the ray, without the great vessels. */
  readonly chambers: Map2;
}

export interface SoftOptions {
  /** 1 is a normal heart. */
  readonly heartSize: number;
  /** Shift of the mediastinum, to the film's right when positive. */
  readonly push: number;
}

/** Draws the soft parts. */
export function drawSoft(plane: Plane, subject: Subject, thorax: Thorax, options: SoftOptions): SoftMaps {
  const { body, shiftX, shiftY } = drawBody(plane, subject, thorax);
  const [lung, chambers] = [newMap(plane), newMap(plane)];
  const balls = heartBalls(subject, options.heartSize).map(turned);
  const inner = balls.slice(0, CHAMBERS);
  const outer = balls.slice(CHAMBERS);
  const { x0, y0, xc, xr, yc, yr } = pixelAxes(plane);
  const ray = { x: 0, y: 0, mx: 0, beat: 0 };
  for (let row = 0; row < plane.height; row++) {
    for (let column = 0; column < plane.width; column++) {
      const at = row * plane.width + column;
      if (body[at]! <= 0) continue;
      ray.x = x0 + xc * column + xr * row + shiftX[at]!;
      ray.y = y0 + yc * column + yr * row + shiftY[at]!;
      ray.mx = ray.x - options.push;
      const near = ray.y > -13 && ray.y < 24 && ray.mx > -16 && ray.mx < 18;
      const chamber = near ? chordAt(inner, ray.mx, ray.y) : 0;
      const great = near ? chordAt(outer, ray.mx, ray.y) : 0;
      ray.beat = chamber > 0 && great > 0 ? Math.cbrt(chamber ** 3 + great ** 3) : chamber + great;
      chambers[at] = chamber;
      lung[at] = lungDepth(subject, thorax, ray);
    }
  }
  return { body, lung, chambers };
}

interface Ray {
  readonly x: number;
  readonly y: number;
  /** x seen from a shifted mediastinum. */
  readonly mx: number;
  /** Heart and great vessels on the ray. */
  readonly beat: number;
}

/** Aerated lung on a ray: what heart, mediastinum and diaphragm leave of the thorax. */
function lungDepth(subject: Subject, thorax: Thorax, ray: Ray): number {
  const { x, y, mx, beat } = ray;
  if (y <= thorax.apex) return 0;
  const edge = look(thorax.lateral, y);
  const t = Math.abs(x) / edge;
  if (t >= 1) return 0;
  const medial = look(x < 0 ? thorax.medialRight : thorax.medialLeft, y);
  let cavity = look(thorax.cavity, y) * Math.sqrt(1 - Math.pow(t, 3.4));
  if (Math.abs(mx) < medial) {
    const into = 1 - (Math.abs(mx) / medial) ** 2;
    cavity *= 1 - 0.12 * ramp((medial - Math.abs(mx)) / EDGE) - 0.5 * Math.pow(into, 0.7);
  }
  if (subject.thymus > 0 && y < 4) {
    const wide = (3.2 + 2.2 * subject.thymus) * Math.min(1, (y + 9) / 5);
    const u = Math.abs(mx - 0.4) / Math.max(0.1, wide);
    if (u < 1 && y > -8) cavity -= 5 * subject.thymus * Math.sqrt(1 - u * u);
  }
  // Some lung lies behind even the thickest heart.
  cavity *= 1 - 0.86 * Math.min(1, beat / 12);
  const dome = domeAt(thorax, x);
  if (y > dome) cavity *= Math.max(0, 1 - 0.4 * ramp((y - dome) / EDGE) - 0.6 * Math.sqrt((y - dome) / 3.4));
  return cavity > 0 ? cavity : 0;
}
