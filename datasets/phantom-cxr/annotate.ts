// Marks that a radiographer adds to a film: the lead side marker and the collimated border.
import { addStroke, newMap, newScratch, profile, type Map2, type Plane, type Point } from './plane.ts';
import { random } from './random.ts';

const LEAD = profile((t) => (t < 0.8 ? 1 : (1 - t) * 5));

/** Letters as strokes in a box one unit wide and two high. */
const LETTERS = {
  L: [
    [
      [0, 0],
      [0, 2],
      [1, 2],
    ],
  ],
  R: [
    [
      [0, 2],
      [0, 0],
      [0.7, 0],
      [1, 0.3],
      [1, 0.7],
      [0.7, 1],
      [0, 1],
    ],
    [
      [0.5, 1],
      [1, 2],
    ],
  ],
} as const;

/** A plane in film units: the film's longer side is 100. */
function filmPlane({ width, height }: Plane): Plane {
  const k = Math.max(width, height) / 100;
  return { width, height, kx: k, ky: k, centreX: width / k / 2, centreY: height / k / 2, cos: 1, sin: 0 };
}

function drawMarker(plane: Plane, gray: Map2, seed: number): void {
  const draw = random(seed, 'marker');
  if (draw.chance(0.08)) return;
  const film = filmPlane(plane);
  const letter = draw.chance(0.6) ? 'L' : 'R';
  const size = draw.between(1.5, 2.3);
  const across = plane.width / film.kx;
  const edge = draw.between(4, 9);
  const x0 = letter === 'L' ? across - edge - size : edge;
  const y0 = draw.between(4, 12);
  const turn = draw.chance(0.75) ? 0.12 * draw.normal() : draw.between(-0.8, 0.8);
  const ink = newMap(plane);
  const scratch = newScratch(plane);
  const at = (x: number, y: number): Point => ({
    x: x0 + size * (x * Math.cos(turn) - y * Math.sin(turn)),
    y: y0 + size * (x * Math.sin(turn) + y * Math.cos(turn)),
    r: size * 0.13,
  });
  for (const stroke of LETTERS[letter]) {
    addStroke(film, ink, scratch, { points: stroke.map(([x, y]) => at(x, y)), profile: LEAD, weight: 1 });
  }
  if (draw.chance(0.3)) {
    const ring = Array.from({ length: 33 }, (_, i) => {
      const angle = (i / 32) * 2 * Math.PI;
      return at(0.5 + 1.7 * Math.cos(angle), 1 + 1.7 * Math.sin(angle));
    });
    addStroke(film, ink, scratch, { points: ring, profile: LEAD, weight: 0.8 });
  }
  const full = 2 * size * 0.13;
  for (let i = 0; i < ink.length; i++) {
    const share = Math.min(1, ink[i]! / full);
    if (share > 0) gray[i] = gray[i]! * (1 - share) + 0.97 * share;
  }
}

function collimate(plane: Plane, gray: Map2, seed: number): void {
  const draw = random(seed, 'collimation');
  if (draw.chance(0.55)) return;
  const { width, height } = plane;
  const border = (): number => (draw.chance(0.6) ? draw.between(0.004, 0.035) : 0);
  const [left, right, top, bottom] = [border(), border(), border(), border()];
  const slope = 0.008 * draw.normal();
  const outside = draw.chance(0.9) ? 0 : 0.985;
  const soft = 2 / width;
  for (let row = 0; row < height; row++) {
    const v = row / height;
    for (let column = 0; column < width; column++) {
      const u = column / width;
      const margin = Math.min(
        u - left - slope * v,
        1 - u - right + slope * v,
        v - top + slope * u,
        1 - v - bottom - slope * u,
      );
      if (margin > soft) continue;
      const at = row * width + column;
      const inside = Math.max(0, margin / soft);
      gray[at] = gray[at]! * inside + outside * (1 - inside);
    }
  }
}

/** Writes marker and border into the gray values (0 black, 1 white). */
export function annotate(plane: Plane, gray: Map2, seed: number): void {
  drawMarker(plane, gray, seed);
  collimate(plane, gray, seed);
}
