// The soft parts: a person comes in, the maps of tissue, air and heart along each ray go out (all in reference centimetres).
import { stretched } from './blur.ts';
import { lattice, noiseAt } from './noise.ts';
import { look, newMap, pixelAxes, table, type Map2, type Plane, type Table } from './plane.ts';
import type { Subject } from './subject.ts';

export const CARINA_TO_APEX = 11.6;
/** Middle of each lung's apex, from the midline. */
const APEX_X = 5.4;

export type Side = 'right' | 'left';

/** -1 for the patient's right, which is the film's left. */
export const signOf = (side: Side): -1 | 1 => (side === 'right' ? -1 : 1);

/** The lungs' outline as functions of height, so that lesions and vessels know where lung is. */
export interface Thorax {
  readonly apex: number;
  /** Lateral and medial edge of the lung at a height, from the midline, both positive. */
  readonly lateral: Table;
  readonly medialRight: Table;
  readonly medialLeft: Table;
  /** Depth of the inner thorax, front to back. */
  readonly cavity: Table;
  /** Height of the diaphragm at |x|. */
  readonly diaphragmRight: Table;
  readonly diaphragmLeft: Table;
  /** Lowest point of the costophrenic angles. */
  readonly angle: number;
}

const superellipse = (t: number, power: number, root: number): number =>
  t >= 1 ? 1 : t <= 0 ? 0 : Math.pow(1 - Math.pow(1 - t, power), 1 / root);

/** Width over which an outline's first step rises, reference centimetres: organs move, and the focus is not a point. */
const EDGE = 0.22;

const ramp = (t: number): number => (t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t));

const bump = (y: number, middle: number, half: number): number => Math.exp(-(((y - middle) / half) ** 2));

export function drawThorax(subject: Subject): Thorax {
  const apex = -CARINA_TO_APEX;
  const bottom = 19;
  const angleRight = subject.domeRight + 4.6;
  const childish = subject.ageBand === 'child' ? 1 - subject.ageYears / 17 : 0;
  const widest = 0.72 + 0.12 * childish;
  const open = (y: number): number => superellipse((y - apex) / ((bottom - apex) * widest), 2.3, 2);
  const lateral = (y: number): number => {
    const base = APEX_X + (subject.halfWidth - APEX_X) * open(y);
    // Below its widest level the thorax narrows a little.
    const below = Math.max(0, y - 9);
    return base - 0.012 * below * below;
  };
  const medial = (y: number, edge: number): number => APEX_X - (APEX_X - edge) * superellipse((y - apex) / 9, 2.2, 2);
  const dome = (top: number, peak: number) => (x: number) => {
    const outward = x > peak ? (x - peak) / (subject.halfWidth - peak) : (peak - x) / peak;
    return x > peak ? top + 4.8 * Math.pow(outward, 2.5) : top + 1.9 * outward * outward;
  };
  return {
    apex,
    lateral: table(apex - 2, 30, lateral),
    medialRight: table(apex - 2, 30, (y) => medial(y, 2.2 - 0.5 * bump(y, 5, 5))),
    // The descending aorta on the left: wide under the arch, nearer the midline above the diaphragm.
    medialLeft: table(apex - 2, 30, (y) => medial(y, 1.8 + (0.9 + 0.8 * subject.ageing) * bump(y, 6, 5))),
    cavity: table(
      apex - 2,
      30,
      (y) => (5.5 + 11 * superellipse((y - apex) / 18, 2, 1.6)) * Math.min(1, 0.25 + open(y)),
    ),
    diaphragmRight: table(0, 16, dome(subject.domeRight, 6.6)),
    diaphragmLeft: table(0, 16, dome(subject.domeLeft, 7.2)),
    angle: angleRight,
  };
}

/** One rounded body: an ellipse in the film's plane, `depth` thick in its middle. */
interface Ball {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
  /** Direction of the long axis, radians below the film's right. */
  readonly angle: number;
  readonly depth: number;
}

/** Heart and great vessels; `size` is 1 for a normal heart. */
export function heartBalls(subject: Subject, size: number): Ball[] {
  const h = subject.heart * size;
  const drop = ((subject.domeRight + subject.domeLeft) / 2 - 12.9) * 0.95;
  const shift = subject.turn * 0.8;
  const old = subject.ageing;
  const at = (x: number): number => x + shift;
  // A heart that grows does so downwards and to the left: its base hangs on the great vessels.
  const grow = (subject.heart * size - 1) * 4.2;
  return [
    // Left ventricle to the apex, right atrium, right ventricle, outflow tract with the left atrial appendage.
    { x: at(2.9 * h), y: 8.2 + drop + grow, a: 6.1 * h, b: 4.3 * h, angle: 0.74, depth: 12.5 * h },
    { x: at(-1.2 * h), y: 7.6 + drop + grow, a: 4.4 * h, b: 3.3 * h, angle: 1.5, depth: 11.5 * h },
    { x: at(2.6 * h), y: 11.0 + drop + grow, a: 5.9 * h, b: 3.6 * h, angle: 0.1, depth: 12 * h },
    { x: at(1.3), y: 3.2 + drop * 0.6, a: 3.0, b: 3.2, angle: 0, depth: 9 },
    // Aortic knob, ascending aorta.
    { x: at(1.6 + 0.5 * old), y: -2.2 - 0.5 * old, a: 1.9 + 0.6 * old, b: 1.9 + 0.4 * old, angle: 0, depth: 6 },
    { x: at(-0.9 - 0.5 * old), y: 1.6, a: 1.9 + 0.4 * old, b: 3.6, angle: 0, depth: 7 },
    // The great vessels above the heart: superior vena cava on one side, the left subclavian on the other.
    { x: at(-1.3), y: -4.6, a: 1.5, b: 6.6, angle: 0, depth: 6 },
    { x: at(1.1), y: -7.2, a: 1.7, b: 5.4, angle: 0, depth: 5 },
  ];
}

/** How many of the first balls are chambers of the heart: what cardiomegaly enlarges and its mask covers. */
const CHAMBERS = 3;

interface TurnedBall extends Ball {
  readonly c: number;
  readonly s: number;
  readonly shape: number;
}

const turned = (ball: Ball): TurnedBall => ({
  ...ball,
  c: Math.cos(ball.angle),
  s: Math.sin(ball.angle),
  // Great vessels fade at their edges, chambers do not.
  shape: ball.y < 0 ? 0.7 : 0.4,
});

/** The chord through bodies that merge into each other. */
function chordAt(balls: readonly TurnedBall[], x: number, y: number): number {
  let sum = 0;
  for (const ball of balls) {
    const dx = x - ball.x;
    const dy = y - ball.y;
    const u = (dx * ball.c + dy * ball.s) / ball.a;
    const v = (dy * ball.c - dx * ball.s) / ball.b;
    const inside = 1 - u * u - v * v;
    if (inside <= 0) continue;
    const chord = ball.depth * Math.pow(inside, ball.shape);
    sum += chord * chord * chord;
  }
  return sum > 0 ? Math.cbrt(sum) : 0;
}

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
function drawBody(plane: Plane, subject: Subject, thorax: Thorax) {
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

/** Height of the diaphragm at x; both domes meet smoothly under the heart. */
export function domeAt(thorax: Thorax, x: number): number {
  const ax = Math.abs(x);
  if (ax > 2.5) return look(x < 0 ? thorax.diaphragmRight : thorax.diaphragmLeft, ax);
  const left = ramp((x + 2.5) / 5);
  return look(thorax.diaphragmRight, ax) * (1 - left) + look(thorax.diaphragmLeft, ax) * left;
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
