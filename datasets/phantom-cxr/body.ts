// The body's outline: thickness from skin to skin along each ray (reference centimetres).
import { stretched } from './blur.ts';
import { lattice, noiseAt } from './noise.ts';
import { look, pixelAxes, type Plane } from './plane.ts';
import type { Subject } from './subject.ts';
import type { Thorax } from './thorax.ts';

function shoulderTop(subject: Subject, x: number): number {
  const lift = subject.armsRaised ? 3 : 0;
  const outer = Math.max(0, Math.abs(x) - 5.6);
  // Trapezius from the neck down to the shoulder.
  const slope = outer < 3 ? outer * 1.0 : 3 + (outer - 3) * 0.36;
  return -18.5 + slope - (lift * outer) / 12;
}

function bodyDepth(subject: Subject, thorax: Thorax, x: number, y: number): number {
  const ax = Math.abs(x);
  const wall = subject.wall;
  const trunk = look(thorax.lateral, y) + wall + 0.8;
  // Axillary fold: the trunk widens into the shoulder.
  const axilla = y < 4 ? Math.max(0, 4 - y) * 0.5 : 0;
  const half = Math.max(9, Math.min(23, trunk + axilla) + 0.55 * wall);
  const below = y - shoulderTop(subject, x);
  let chest = 0;
  if (ax < half && below > 0) {
    const t = ax / half;
    const deep = Math.max(13, look(thorax.cavity, y) + 4.6) + 1.4 * wall;
    chest = deep * Math.sqrt(1 - t ** 6) * Math.sqrt(Math.min(1, below / 4.5));
  }
  const neck = ax < 6.4 && y < 0 ? 12.5 * Math.sqrt(1 - (ax / 6.4) ** 2) : 0;
  return Math.sqrt(Math.sqrt(chest ** 4 + neck ** 4));
}

/** An arm hanging beside the trunk (or raised), cropped by the film's edge. */
function armDepth(subject: Subject, x: number, y: number): number {
  const ax = Math.abs(x);
  if (ax < 12) return 0;
  const radius = 4.3 + 0.35 * subject.wall;
  const axis = subject.armsRaised ? 17 + Math.max(0, -8 - y) * 0.35 : 19.6 + (y + 6) * 0.16;
  if (subject.armsRaised ? y > -4 : y < -8) return 0;
  const t = (ax - axis) / radius;
  const end = subject.armsRaised ? Math.min(1, (-4 - y) / 4) : Math.min(1, (y + 8) / 5);
  return t * t < 1 ? 9.5 * Math.sqrt((1 - t * t) * end) : 0;
}

function breastDepth(subject: Subject, x: number, y: number): number {
  if (subject.breast <= 0) return 0;
  const size = subject.breast;
  const [cx, cy, r] = [8.6, 6.6 + 1.3 * size, 5.2 + 1.3 * size];
  const [dx, dy] = [(Math.abs(x) - cx) / (r * 1.12), (y - cy) / r];
  // Hanging: full below with a sharp lower fold, thinning out upwards.
  const d = dx * dx + (dy > 0 ? dy * dy : dy * dy * 0.45);
  return d < 1 ? 3.6 * size * Math.sqrt(1 - d) * (dy > 0 ? 1 : Math.max(0, 1 + dy * 0.62)) : 0;
}

/** Fields that change slowly are drawn at about this spacing (reference centimetres) and stretched. */
const COARSE = 0.14;

/** Skin-to-skin thickness, and the small shifts that make living outlines uneven. */
export function drawBody(plane: Plane, subject: Subject, thorax: Thorax) {
  const step = Math.max(1, Math.round(COARSE * Math.sqrt(plane.kx * plane.ky)));
  const size = { width: Math.ceil(plane.width / step), height: Math.ceil(plane.height / step) };
  const maps = [0, 1, 2].map(() => new Float32Array(size.width * size.height));
  const [body, shiftX, shiftY] = [maps[0]!, maps[1]!, maps[2]!];
  const uneven = lattice(subject.seed, 'tissue');
  const { x0, y0, xc, xr, yc, yr } = pixelAxes(plane);
  for (let row = 0; row < size.height; row++) {
    const py = (row + 0.5) * step - 0.5;
    for (let column = 0; column < size.width; column++) {
      const at = row * size.width + column;
      const px = (column + 0.5) * step - 0.5;
      const x = x0 + xc * px + xr * py;
      const y = y0 + yc * px + yr * py;
      const trunk = bodyDepth(subject, thorax, x, y);
      const arm = armDepth(subject, x, y);
      const tissue = trunk > arm ? trunk + 0.25 * arm : arm + 0.25 * trunk;
      if (tissue <= 0) continue;
      body[at] = (tissue + breastDepth(subject, x, y)) * (1 + 0.025 * noiseAt(uneven, x * 0.35 + 40, y * 0.35 + 40));
      shiftX[at] = 0.22 * noiseAt(uneven, x * 0.42, y * 0.42);
      shiftY[at] = 0.22 * noiseAt(uneven, x * 0.42 + 90, y * 0.42);
    }
  }
  return {
    body: stretched({ ...size, map: body }, plane, step),
    shiftX: stretched({ ...size, map: shiftX }, plane, step),
    shiftY: stretched({ ...size, map: shiftY }, plane, step),
  };
}
