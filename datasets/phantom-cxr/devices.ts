// Devices on and in a patient: electrodes with wires, a pacemaker, a feeding tube, a necklace.
import { addStroke, profile, ROD, smooth, type Map2, type Plane, type Point, type Scratch } from './plane.ts';
import { random, type Random } from './random.ts';
import type { Subject } from './subject.ts';

const PLATE = profile(() => 1);
const RING = profile((t) => (t > 0.72 ? 1 : 0.25));

interface Brush {
  readonly plane: Plane;
  readonly target: Map2;
  readonly scratch: Scratch;
}

const paint = (brush: Brush, points: readonly Point[], shape: Float32Array, weight: number): void =>
  addStroke(brush.plane, brush.target, brush.scratch, { points, profile: shape, weight });

const wire = (points: readonly (readonly [x: number, y: number])[], r: number): Point[] =>
  smooth(points.map(([x, y]) => ({ x, y, r })));

function electrodes(brush: Brush, draw: Random): void {
  const spots = [
    [-10.5, -5],
    [10.8, -5.5],
    [-11, 11],
    [11.5, 10],
  ] as const;
  for (const [sx, sy] of spots) {
    if (draw.chance(0.25)) continue;
    const [x, y] = [sx + draw.normal() * 1.2, sy + draw.normal() * 1.5];
    paint(
      brush,
      [
        { x, y, r: 0.42 },
        { x: x + 0.02, y, r: 0.42 },
      ],
      RING,
      0.9,
    );
    const out = Math.sign(x);
    paint(
      brush,
      wire(
        [
          [x, y],
          [x + out * draw.between(1, 3), y + 2],
          [x + out * draw.between(-4, 2), y + 7],
          [x + out * 6, 26],
        ],
        0.09,
      ),
      ROD,
      2.2,
    );
  }
}

function pacemaker(brush: Brush, draw: Random): void {
  const [x, y] = [10.2 + 0.5 * draw.normal(), -4.5 + 0.6 * draw.normal()];
  paint(
    brush,
    [
      { x: x - 0.9, y, r: 1.9 },
      { x: x + 0.9, y: y + 0.2, r: 1.9 },
    ],
    PLATE,
    0.5,
  );
  const lead = wire(
    [
      [x - 1.2, y - 1.4],
      [7, -8.2],
      [2, -6.4],
      [-2, -3],
      [-2.6, 3],
      [-1, 9],
      [4.6, 11.6],
    ],
    0.09,
  );
  paint(brush, lead, ROD, 3);
}

function tube(brush: Brush, draw: Random): void {
  const drift = 0.4 * draw.normal();
  paint(
    brush,
    wire(
      [
        [0.2, -26],
        [0.3 + drift, -12],
        [0.2, 0],
        [0.9 + drift, 9],
        [3.4, 14],
        [6.5, 17],
      ],
      0.14,
    ),
    RING,
    0.9,
  );
}

function necklace(brush: Brush, draw: Random): void {
  const low = draw.between(-5, -1);
  paint(
    brush,
    wire(
      [
        [-6, -17],
        [-4.2, -11],
        [0, low],
        [4.2, -11],
        [6, -17],
      ],
      0.08,
    ),
    ROD,
    3,
  );
}

/** Adds the attenuation of what this person wears; most wear nothing. */
export function drawDevices(plane: Plane, subject: Subject, maps: { target: Map2; scratch: Scratch }): void {
  const draw = random(subject.seed, 'devices');
  const brush: Brush = { plane, ...maps };
  const bedside = subject.view === 'AP' && subject.ageBand !== 'child';
  const [wears, carries, fed, adorned] = [
    draw.between(0, 1),
    draw.between(0, 1),
    draw.between(0, 1),
    draw.between(0, 1),
  ];
  if (wears < (bedside ? 0.45 : 0.02)) electrodes(brush, draw);
  if (carries < 0.12 * subject.ageing) pacemaker(brush, draw);
  if (fed < (bedside ? 0.15 : 0)) tube(brush, draw);
  if (adorned < 0.03) necklace(brush, draw);
}
