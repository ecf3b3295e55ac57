// Heart and great vessels of a phantom: rounded bodies, and the chord of a ray through them.
import type { Subject } from './subject.ts';

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
export const CHAMBERS = 3;

export interface TurnedBall extends Ball {
  readonly c: number;
  readonly s: number;
  readonly shape: number;
}

export const turned = (ball: Ball): TurnedBall => ({
  ...ball,
  c: Math.cos(ball.angle),
  s: Math.sin(ball.angle),
  // Great vessels fade at their edges, chambers do not.
  shape: ball.y < 0 ? 0.7 : 0.4,
});

/** The chord through bodies that merge into each other. */
export function chordAt(balls: readonly TurnedBall[], x: number, y: number): number {
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
