// Branching lung vessels, and the air of trachea and bronchi.
import { addStroke, look, ROD, smooth, type Map2, type Plane, type Point, type Scratch } from './plane.ts';
import { random, type Random } from './random.ts';
import type { Subject } from './subject.ts';
import { signOf, type Side, type Thorax } from './thorax.ts';

interface Twig {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly angle: number;
  readonly generation: number;
}

/** Inside this side's lung, `margin` away from its wall and dome; vessels thin out before they reach the pleura. */
function insideLung(thorax: Thorax, side: Side, point: { x: number; y: number; margin: number }): boolean {
  const ax = point.x * signOf(side);
  if (ax <= 0 || point.y < thorax.apex + point.margin) return false;
  const dome = look(side === 'right' ? thorax.diaphragmRight : thorax.diaphragmLeft, ax);
  return ax < look(thorax.lateral, point.y) - point.margin && point.y < dome - point.margin * 0.3 + 1.6;
}

/** Grows one vessel and its branches; the pieces go to `emit`. */
function grow(twig: Twig, lung: { thorax: Thorax; side: Side }, draw: Random, emit: (points: Point[]) => void): void {
  const points: Point[] = [{ x: twig.x, y: twig.y, r: twig.r }];
  let { x, y, angle } = twig;
  const length = Math.min(5.5, twig.r * 9 + 0.9) * draw.between(0.7, 1.2);
  const steps = Math.max(3, Math.round(length / 0.6));
  const endRadius = twig.r * 0.8;
  for (let i = 1; i <= steps; i++) {
    angle += 0.11 * draw.normal();
    x += (Math.cos(angle) * length) / steps;
    y += (Math.sin(angle) * length) / steps;
    points.push({ x, y, r: twig.r + ((endRadius - twig.r) * i) / steps });
    if (!insideLung(lung.thorax, lung.side, { x, y, margin: 0.9 })) break;
  }
  emit(points);
  if (twig.generation > 8 || endRadius < 0.035 || !insideLung(lung.thorax, lung.side, { x, y, margin: 1.1 })) return;
  const spread = draw.between(0.3, 0.62);
  const share = draw.between(0.55, 0.85);
  const next = (turn: number, r: number): void =>
    grow({ x, y, r, angle: angle + turn, generation: twig.generation + 1 }, lung, draw, emit);
  next(spread * (1 - share) * 1.6, endRadius * Math.sqrt(share) * 0.96);
  next(-spread * share * 1.5, endRadius * Math.sqrt(1 - share) * 1.05);
  if (draw.chance(0.45)) next(draw.between(-1.1, 1.1), endRadius * 0.45);
}

/** Directions (radians below the horizontal, outwards) and radii of the large vessels at each hilum. */
const STEMS: readonly (readonly [angle: number, radius: number, dx: number, dy: number])[] = [
  [1.28, 0.72, 0.2, 0.6],
  [1.05, 0.42, 0.6, 1.2],
  [0.72, 0.4, 0.9, 1.0],
  [0.3, 0.34, 0.9, 0.3],
  [-0.15, 0.3, 0.8, -0.2],
  [-0.62, 0.36, 0.5, -0.8],
  [-1.05, 0.4, 0.2, -1.2],
  [-1.32, 0.34, -0.2, -1.2],
  [1.5, 0.4, -0.5, 1.4],
];

export function hilum(subject: Subject, side: Side): { x: number; y: number } {
  const shift = subject.turn * 0.4;
  return side === 'right' ? { x: -3.7 + shift, y: 2.1 } : { x: 3.9 + shift, y: 1.2 };
}

/** Adds the vessels' tissue (reference centimetres) to `target`. */
export function drawVessels(
  plane: Plane,
  subject: Subject,
  thorax: Thorax,
  maps: { target: Map2; scratch: Scratch },
): void {
  const coarse = 1 + 0.18 * subject.ageing + (subject.view === 'AP' ? 0.12 : 0);
  for (const side of ['right', 'left'] as const) {
    const draw = random(subject.seed, `vessels-${side}`);
    const sign = signOf(side);
    const root = hilum(subject, side);
    for (const [down, radius, dx, dy] of STEMS) {
      const tilt = down + 0.1 * draw.normal();
      const upward = tilt < 0 && subject.view === 'PA' ? 0.82 : 1;
      const twig: Twig = {
        x: root.x + sign * dx,
        y: root.y + dy,
        r: radius * coarse * upward * draw.between(0.8, 1.1),
        angle: sign > 0 ? tilt : Math.PI - tilt,
        generation: 0,
      };
      grow(twig, { thorax, side }, draw, (points) =>
        addStroke(plane, maps.target, maps.scratch, { points, profile: ROD, weight: 0.95 }),
      );
    }
    // The hilar shadow itself: a few rounded vessels seen end-on, and nodes.
    for (let i = 0; i < 7; i++) {
      const x = root.x + sign * draw.between(-0.6, 1.1);
      const y = root.y + draw.between(-1.4, 2.2);
      const r = draw.between(0.35, 0.8) * coarse;
      addStroke(plane, maps.target, maps.scratch, {
        points: [
          { x, y, r },
          { x: x + 0.1, y: y + 0.2, r },
        ],
        profile: ROD,
        weight: 0.55,
      });
    }
  }
}

/** Adds the air of trachea and main bronchi (reference centimetres). */
export function drawAirways(
  plane: Plane,
  subject: Subject,
  maps: { target: Map2; scratch: Scratch; push: number },
): void {
  const t = subject.turn * 0.5 + maps.push * 0.7;
  const old = subject.ageing * 0.5;
  const wide = subject.ageBand === 'child' ? 1.05 : 0.95;
  const trachea = smooth([
    { x: t * 0.6, y: -19, r: wide },
    { x: t + 0.1, y: -10, r: wide },
    { x: t + 0.1 - old, y: -3.4, r: wide },
    { x: t, y: -0.7, r: wide * 1.02, gain: 0.75 },
    { x: t, y: 0, r: wide * 0.9, gain: 0.35 },
  ]);
  const right = smooth([
    { x: t - 0.3, y: -0.1, r: 0.75, gain: 0.3 },
    { x: t - 1, y: 0.6, r: 0.74, gain: 0.8 },
    { x: -1.8 + t, y: 1.3, r: 0.72 },
    { x: -3.2 + t * 0.5, y: 2.9, r: 0.6 },
  ]);
  const left = smooth([
    { x: t + 0.3, y: -0.1, r: 0.68, gain: 0.3 },
    { x: t + 1, y: 0.5, r: 0.66, gain: 0.8 },
    { x: 2.2 + t, y: 1.3, r: 0.62 },
    { x: 4.2 + t * 0.5, y: 2.4, r: 0.5 },
  ]);
  for (const points of [trachea, right, left]) {
    addStroke(plane, maps.target, maps.scratch, { points, profile: ROD, weight: 1.5 });
  }
}
