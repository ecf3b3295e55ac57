// Adds the shoulder girdle (clavicles, scapulae, upper arms) to a map.
import { FLAT, LONG_BONE, paint, SIGNS, type Brush } from './bone.ts';
import { hollow, smooth, type Point } from './plane.ts';
import type { Random } from './random.ts';
import type { Subject } from './subject.ts';

export function drawShoulders(brush: Brush, subject: Subject, draw: Random): void {
  const raise = subject.armsRaised ? 2.6 : 0;
  for (const sign of SIGNS) {
    const uneven = 0.3 * draw.normal();
    const front = subject.turn;
    const lift = (subject.view === 'AP' ? -0.9 : 0) + uneven - raise * 0.5;
    const at = (x: number, y: number, r: number, gain = 1): Point => ({
      x: sign * x + front * (x < 8 ? 0.9 : 0.3),
      y: y + lift,
      r,
      gain,
    });
    // Clavicle: an S from the breastbone to the shoulder.
    paint(
      brush,
      smooth([
        at(1.5, -6.6, 0.95),
        at(3.2, -7.6, 0.7),
        at(6.8, -9.2, 0.56),
        at(10.6, -10.6, 0.55),
        at(14.2, -11.4 - raise * 0.4, 0.66),
        at(16.3, -11.2 - raise * 0.6, 0.72),
      ]),
      LONG_BONE,
      0.34 * subject.bone,
    );
    drawScapula(brush, subject, { sign, lift });
    drawArm(brush, subject, { sign, lift });
  }
}

interface Place {
  readonly sign: -1 | 1;
  readonly lift: number;
}

function drawScapula(brush: Brush, subject: Subject, { sign, lift }: Place): void {
  const over = subject.scapulaOver;
  const out = 4.2 * (1 - over);
  const raise = subject.armsRaised ? 1.8 : 0;
  const at = (x: number, y: number, r: number, gain = 1): Point => ({ x: sign * x, y: y + lift, r, gain });
  const neck = at(16.4 + out * 0.3, -7.6 - raise, 0.9);
  const angle = at(10.6 + out + raise, 5.2, 0.5);
  const upper = at(8.4 + out * 0.9, -7.6, 0.4);
  // The blade is thin as paper; its borders are what one sees.
  for (let i = 0; i <= 8; i++) {
    const t = i / 8;
    const a = { x: upper.x + (neck.x - upper.x) * t, y: upper.y + (neck.y - upper.y) * t, r: 1.1, gain: 1 };
    const b = { x: angle.x + sign * 0.8 * t, y: angle.y - 1.2 * t, r: 0.5, gain: 1 };
    paint(brush, [a, b], FLAT, 0.008 * subject.bone);
  }
  paint(brush, smooth([neck, at(14.6 + out * 0.6 + raise * 0.6, -2.4, 0.45), angle]), LONG_BONE, 0.2 * subject.bone);
  paint(brush, smooth([upper, at(8.6 + out, -1.5, 0.22), angle]), LONG_BONE, 0.16 * subject.bone);
  paint(
    brush,
    smooth([at(9 + out, -5.6, 0.3), at(13 + out * 0.5, -8.6 - raise * 0.5, 0.5), at(17.4, -11.6 - raise, 0.8)]),
    LONG_BONE,
    0.14 * subject.bone,
  );
  paint(
    brush,
    smooth([
      at(14.2 + out * 0.3, -8.4 - raise, 0.5),
      at(15.2 + out * 0.2, -9.6 - raise, 0.55),
      at(16.2, -8.9 - raise, 0.5),
    ]),
    LONG_BONE,
    0.16 * subject.bone,
  );
}

function drawArm(brush: Brush, subject: Subject, { sign, lift }: Place): void {
  const raised = subject.armsRaised;
  const at = (x: number, y: number, r: number, gain = 1): Point => ({ x: sign * x, y: y + lift, r, gain });
  const head = raised ? at(16.6, -10.2, 2.1) : at(18.6, -8.2, 2.3);
  paint(brush, [head, { ...head, y: head.y + 0.1 }], hollow(0.1, 0.62), 0.095 * subject.bone);
  const shaft = raised
    ? [at(16.8, -11.4, 1.7), at(17.8, -15, 1.05), at(19.6, -22, 0.95), at(21, -30, 0.95)]
    : [at(18.8, -7.4, 1.9), at(19.4, -4, 1.25), at(20.2, 4, 1.1), at(21.6, 18, 1.1)];
  paint(brush, smooth(shaft), hollow(0.26, 0.25), 0.17 * subject.bone);
}
