// Paints hand, knee and skull.
import { smooth, type Point } from './plane.ts';
import { blob, bone, dot, flesh, longBone, SPONGY, type Sheet } from './sheet.ts';

export function hand(sheet: Sheet): void {
  const { draw } = sheet;
  flesh(sheet, smooth([dot(0, 18, 3.0), dot(0, 9, 3.1), dot(0, 5.5, 3.6), dot(0, 0.5, 4.3), dot(0, -1.4, 4.0)]), 0.45);
  bone(sheet, smooth([dot(-1.3, 18, 0.75), dot(-1.3, 11, 0.85), dot(-1.2, 9, 1.5)]));
  bone(sheet, smooth([dot(1.6, 18, 0.6), dot(1.6, 11, 0.65), dot(1.7, 9.3, 0.95)]));
  for (const [x, y, r] of [
    [-1.9, 7.4, 0.85],
    [-0.5, 7.3, 0.8],
    [0.9, 7.4, 0.75],
    [-2.3, 5.9, 0.75],
    [-0.9, 5.7, 0.75],
    [0.3, 5.6, 0.95],
    [1.6, 5.9, 0.85],
  ] as const) {
    bone(sheet, [dot(x, y, r), dot(x + 0.15, y - 0.1, r)], 0.75, SPONGY);
  }
  const spread = draw.between(0.8, 1.3);
  const fingers = [
    [-2.2, -0.19, 0.93],
    [-0.7, -0.05, 1],
    [0.8, 0.08, 0.95],
    [2.2, 0.22, 0.78],
  ] as const;
  for (const [x, tilt, long] of fingers) {
    let [px, py] = [x * 0.8, 4.6];
    const angle = tilt * spread + 0.02 * draw.normal();
    const lengths = [5.4 * (0.9 + 0.1 * long), 3.7 * long, 2.3 * long, 1.7 * long];
    const radii = [0.42, 0.42, 0.36, 0.3];
    const way: Point[] = [dot(px, py, 1.1)];
    for (const [i, length] of lengths.entries()) {
      const [qx, qy] = [px + Math.sin(angle) * length, py - Math.cos(angle) * length];
      longBone(sheet, dot(px, py, radii[i] ?? 0.3), dot(qx, qy, (radii[i] ?? 0.3) * (i === 3 ? 0.6 : 0.92)));
      [px, py] = [qx + Math.sin(angle) * 0.22, qy - Math.cos(angle) * 0.22];
      way.push(dot(px, py, 0.95 - 0.07 * i));
    }
    flesh(sheet, smooth(way), 0.62);
  }
  const thumb = smooth([dot(-2.6, 5.4, 1.5), dot(-4.6, 2.6, 1.2), dot(-6.2, -0.4, 1.05), dot(-7, -2.4, 0.9)]);
  flesh(sheet, thumb, 0.6);
  longBone(sheet, dot(-2.9, 5.1, 0.52), dot(-4.9, 1.9, 0.48));
  longBone(sheet, dot(-5.0, 1.6, 0.45), dot(-6.3, -0.9, 0.4));
  longBone(sheet, dot(-6.4, -1.1, 0.36), dot(-7.0, -2.8, 0.25));
}

export function knee(sheet: Sheet): void {
  flesh(sheet, smooth([dot(0, -24, 7.6), dot(0, -10, 6.8), dot(0, 0, 6.1), dot(0, 8, 5.6), dot(0, 24, 5.2)]), 0.75);
  bone(sheet, smooth([dot(0.2, -24, 1.5), dot(0.1, -10, 1.6), dot(0, -6, 2.3), dot(0, -3.4, 3.6)]), 0.9);
  bone(sheet, [dot(-2.1, -2.4, 2.0), dot(-2.0, -2.0, 1.9)], 0.5, SPONGY);
  bone(sheet, [dot(2.1, -2.5, 2.0), dot(2.0, -2.1, 1.9)], 0.5, SPONGY);
  bone(sheet, smooth([dot(-3.4, 1.3, 0.9), dot(0, 1.5, 1.1), dot(3.4, 1.3, 0.9)]), 0.6, SPONGY);
  bone(sheet, smooth([dot(0, 2.4, 3.3), dot(0.1, 5.2, 2.2), dot(0.2, 10, 1.5), dot(0.2, 24, 1.4)]), 0.9);
  bone(sheet, smooth([dot(3.7, 3.6, 0.9), dot(3.9, 6, 0.6), dot(3.6, 24, 0.6)]), 0.8);
  bone(sheet, [dot(0.1, -4.2, 2.2), dot(0.1, -3.9, 2.1)], 0.25, SPONGY);
}

export function skull(sheet: Sheet): void {
  blob(sheet, sheet.soft, { x: 0, y: -2, a: 8.6, b: 10.6, depth: 17, power: 2.2 });
  blob(sheet, sheet.soft, { x: 0, y: 8, a: 6.6, b: 8, depth: 14, power: 2.4 });
  blob(sheet, sheet.bone, { x: 0, y: -3, a: 8.1, b: 10.2, depth: 5.5, rim: 0.075, power: 2.15 });
  flesh(sheet, [dot(0, 12, 6), dot(0, 26, 6.4)], 0.9);
  for (const sign of [-1, 1] as const) {
    blob(sheet, sheet.bone, { x: sign * 3.4, y: 1.2, a: 2.2, b: 1.9, depth: 1.9, rim: 0.16, power: 2.6 });
    blob(sheet, sheet.soft, { x: sign * 3.6, y: 4.7, a: 1.6, b: 1.9, depth: -5, power: 2.2 });
    bone(
      sheet,
      smooth([dot(sign * 6.4, 2.5, 0.7), dot(sign * 6.3, 7, 0.9), dot(sign * 4.6, 11.4, 1.0), dot(0, 13, 1.1)]),
      0.8,
    );
    bone(sheet, smooth([dot(sign * 7.4, 3.2, 0.5), dot(sign * 5, 3.4, 0.6), dot(sign * 2.4, 2.4, 0.5)]), 0.5);
    for (let i = 0; i < 6; i++) {
      for (const y of [8.0, 9.7])
        bone(sheet, [dot(sign * (0.45 + i * 0.72), y, 0.3), dot(sign * (0.45 + i * 0.7), y + 0.9, 0.26)], 0.9, SPONGY);
    }
  }
  blob(sheet, sheet.soft, { x: 0, y: 4.4, a: 1.2, b: 2.1, depth: -5 });
  bone(sheet, [dot(0, 2, 0.12), dot(0.1, 6, 0.12)], 1.2);
  for (let y = 13; y < 26; y += 1.9) bone(sheet, [dot(-1, y, 0.7), dot(1, y, 0.7)], 0.4, SPONGY);
}
