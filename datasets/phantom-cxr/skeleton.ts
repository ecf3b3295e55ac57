// Adds the attenuation of ribs, spine, shoulder girdle and jaw to a map.
import { FLAT, LONG_BONE, paint, SIGNS, type Brush } from './bone.ts';
import { hollow, look, smooth, type Map2, type Plane, type Point, type Scratch } from './plane.ts';
import { drawShoulders } from './shoulders.ts';
import { random, type Random } from './random.ts';
import type { Subject } from './subject.ts';
import { CARINA_TO_APEX, type Thorax } from './thorax.ts';

const RIB = hollow(0.3, 0.3);
const CARTILAGE_END = hollow(0.35, 0.4);

/** Height of a thoracic vertebra's middle; T5 lies just above the carina. */
const vertebraY = (number: number): number => -CARINA_TO_APEX + 1.0 + (number - 1) * 2.25 + 0.012 * number * number;

/**
 * One rib is a tilted loop round the chest: backwards from the spine, level at first, then falling to the side and on to
 * the front. Seen from the front that gives the crossing arcs of every chest film.
 */
function ribPoints(subject: Subject, thorax: Thorax, rib: { number: number; sign: -1 | 1; jitter: number }): Point[] {
  const { number, sign, jitter } = rib;
  const y0 = vertebraY(number) - 0.5 + jitter;
  const fall = (3.0 + 1.62 * Math.min(number, 8)) * subject.ribFall;
  const end =
    number <= 1 ? 2.3 : number <= 7 ? 2.42 : number <= 10 ? 2.42 - (number - 7) * 0.24 : number === 11 ? 1.25 : 0.8;
  const wide = look(thorax.lateral, y0 + fall * 0.5) + 0.45;
  const start = Math.asin(Math.min(0.9, 2.0 / wide));
  const points: Point[] = [];
  const steps = 34;
  for (let i = 0; i <= steps; i++) {
    const theta = start + ((end - start) * i) / steps;
    const front = theta > Math.PI / 2;
    const side = Math.sin(theta);
    // The front of the chest is narrower than its back, and turns with the body.
    const shift = subject.turn * (front ? -Math.cos(theta) : -0.4 * Math.cos(theta));
    const x = sign * wide * (front ? Math.pow(side, 0.92) : side) + shift;
    const along = (1 - Math.cos(theta)) / 2;
    const y = y0 + fall * Math.pow(along, 1.12) - 0.45 * Math.sin(Math.min(Math.PI, 2 * theta)) * (front ? 0 : 1);
    const thin = Math.min(1, i / 3 + 0.55);
    const frontness = front ? -Math.cos(theta) : 0;
    // Where the rib runs along the beam its chord is longer.
    const endOn = 1 + 0.5 * side ** 8;
    points.push({
      x,
      y,
      // Seen at its turn a rib shows its thickness, elsewhere its height.
      r: (0.6 + 0.14 * frontness) * (1 - 0.45 * side ** 10) * thin * (number === 1 ? 1.15 : number >= 11 ? 0.7 : 1),
      gain: (1 - 0.42 * Math.min(1, frontness * 2.2)) * endOn * (i >= steps - 1 ? 0.6 : 1),
    });
  }
  return points;
}

function drawRibs(brush: Brush, subject: Subject, thorax: Thorax, draw: Random): void {
  for (let number = 1; number <= 12; number++) {
    const jitter = 0.12 * draw.normal();
    for (const sign of SIGNS) {
      const points = ribPoints(subject, thorax, { number, sign, jitter: jitter + 0.08 * draw.normal() });
      paint(brush, points, RIB, 0.27 * subject.bone);
    }
  }
  // Calcified rib ends of the old.
  if (subject.ageing < 0.5) return;
  for (let number = 2; number <= 6; number++) {
    for (const sign of SIGNS) {
      const points = ribPoints(subject, thorax, { number, sign, jitter: 0 });
      const tip = points.at(-1);
      if (tip === undefined || draw.chance(0.4)) continue;
      const inner = [
        { ...tip, r: 0.5, gain: 0.5 },
        { x: tip.x - sign * 1.2, y: tip.y + 0.1, r: 0.4, gain: 0.3 },
      ];
      paint(brush, inner, CARTILAGE_END, 0.12 * subject.bone);
    }
  }
}

function drawSpine(brush: Brush, subject: Subject, draw: Random): void {
  const curve = draw.normal() * 0.25 * (0.4 + subject.ageing);
  const bend = (y: number): number => curve * Math.sin((y + 10) / 9) - subject.turn * 0.3;
  for (let number = -4; number <= 15; number++) {
    const y = vertebraY(number);
    const high = number < 1 ? 1.7 : 2.25 + 0.02 * number;
    const half = number < 1 ? 1.35 : 1.45 + 0.055 * number;
    const x = bend(y);
    const [top, bottom] = [y - high * 0.5 + 0.18, y + high * 0.5 - 0.18];
    const core = subject.bone * (1 - 0.25 * subject.ageing);
    // Body: a rounded block of loose bone, with its two plates and side walls.
    for (const offset of [-0.62, 0, 0.62]) {
      const px = x + offset * half;
      paint(
        brush,
        [
          { x: px, y: top + 0.3, r: half * 0.46 },
          { x: px, y: bottom - 0.3, r: half * 0.46 },
        ],
        FLAT,
        0.1 * core,
      );
    }
    for (const edge of [top, bottom]) {
      paint(
        brush,
        [
          { x: x - half * 0.92, y: edge, r: 0.14 },
          { x: x + half * 0.92, y: edge, r: 0.14 },
        ],
        FLAT,
        0.5 * core,
      );
    }
    for (const sign of SIGNS) {
      const wall = x + sign * half * 0.95;
      paint(
        brush,
        [
          { x: wall, y: top, r: 0.12 },
          { x: wall - sign * 0.12, y, r: 0.1 },
          { x: wall, y: bottom, r: 0.12 },
        ],
        FLAT,
        0.4 * core,
      );
      const pedicle = { x: x + sign * half * 0.62, y: y - 0.35 };
      paint(
        brush,
        [
          { ...pedicle, r: 0.36 },
          { x: pedicle.x, y: pedicle.y + 0.25, r: 0.36 },
        ],
        RIB,
        0.17 * core,
      );
      // Transverse process towards the rib.
      paint(
        brush,
        [
          { x: x + sign * half, y: y - 0.45, r: 0.4 },
          { x: x + sign * (half + 1.2), y: y - 0.75, r: 0.34 },
        ],
        RIB,
        0.12 * core,
      );
    }
    const spinous = { x: x + subject.turn * 0.15, y: y + 0.9 };
    paint(
      brush,
      [
        { ...spinous, r: 0.3 },
        { x: spinous.x, y: spinous.y + 0.5, r: 0.22 },
      ],
      RIB,
      0.3 * core,
    );
  }
}

function drawBreastbone(brush: Brush, subject: Subject): void {
  const x = subject.turn;
  paint(
    brush,
    smooth([
      { x, y: -6.8, r: 2.2, gain: 0.5 },
      { x, y: -3.5, r: 1.7, gain: 0.5 },
      { x, y: 7, r: 1.5, gain: 0.4 },
    ]),
    FLAT,
    0.035 * subject.bone,
  );
}

/** A child's jaw or an adult's chin at the film's upper edge, where the film reaches so far. */
function drawJaw(brush: Brush, subject: Subject): void {
  const y = subject.ageBand === 'child' ? -18.5 : -22.5;
  const x = subject.turn * 1.5;
  const point = (dx: number, dy: number, r: number): Point => ({ x: x + dx, y: y + dy, r });
  paint(
    brush,
    smooth([
      point(-6, -7, 1.1),
      point(-5.2, -2.4, 1.2),
      point(-2.4, 0, 1.2),
      point(2.4, 0, 1.2),
      point(5.2, -2.4, 1.2),
      point(6, -7, 1.1),
    ]),
    LONG_BONE,
    0.22 * subject.bone,
  );
}

/** Adds every bone's attenuation (no unit: optical depth) to `target`. */
export function drawSkeleton(
  plane: Plane,
  subject: Subject,
  thorax: Thorax,
  maps: { target: Map2; scratch: Scratch },
): void {
  const draw = random(subject.seed, 'skeleton');
  const brush: Brush = { plane, ...maps };
  drawSpine(brush, subject, draw);
  drawRibs(brush, subject, thorax, draw);
  drawShoulders(brush, subject, draw);
  drawBreastbone(brush, subject);
  drawJaw(brush, subject);
}
