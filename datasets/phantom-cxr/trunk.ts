// Paints the belly, and a chest from the side.
import { addStroke, ROD, smooth } from './plane.ts';
import { blob, bone, dot, flesh, SPONGY, type Sheet } from './sheet.ts';

export function abdomen(sheet: Sheet): void {
  const { draw } = sheet;
  blob(sheet, sheet.soft, { x: 0, y: 0, a: 18, b: 40, depth: 21, power: 3 });
  blob(sheet, sheet.soft, { x: -9, y: -11, a: 9, b: 8, depth: 4 });
  for (let y = -19; y < 8; y += 3.3) {
    bone(sheet, [dot(-1.1, y, 1.25), dot(1.1, y, 1.25)], 1.4, SPONGY);
    bone(sheet, [dot(-2.2, y + 0.1, 0.35), dot(-4.4, y - 0.3, 0.25)], 1.3);
    bone(sheet, [dot(2.2, y + 0.1, 0.35), dot(4.4, y - 0.3, 0.25)], 1.3);
  }
  for (const sign of [-1, 1] as const) {
    bone(
      sheet,
      smooth([
        dot(sign * 3, 10, 0.8),
        dot(sign * 8, 7.5, 0.5),
        dot(sign * 13, 9, 0.6),
        dot(sign * 12.4, 14, 0.8),
        dot(sign * 9, 18, 1.2),
      ]),
      1.3,
    );
    blob(sheet, sheet.bone, { x: sign * 8.5, y: 12, a: 4.6, b: 5, depth: 0.9 });
    bone(sheet, [dot(sign * 10.6, 19.6, 2.3), dot(sign * 10.7, 19.8, 2.3)], 0.9, SPONGY);
    bone(sheet, smooth([dot(sign * 2, -17, 0.5), dot(sign * 8, -18, 0.5), dot(sign * 14, -12, 0.5)]), 1.3);
    bone(sheet, smooth([dot(sign * 2, -13.6, 0.5), dot(sign * 7, -13, 0.5), dot(sign * 11, -8, 0.4)]), 1.3);
  }
  bone(sheet, smooth([dot(-3, 11, 1.4), dot(0, 14.5, 2.4), dot(3, 11, 1.4)]), 0.8, SPONGY);
  const gas = (x: number, y: number): void => {
    const r = draw.between(0.9, 2.4);
    blob(sheet, sheet.soft, { x, y, a: r * draw.between(1, 2), b: r, depth: -draw.between(2, 5) });
  };
  for (let i = 0; i < 13; i++) gas(draw.normal() * 7, draw.between(-9, 12));
  for (let i = 0; i < 6; i++) gas(13 - 0.4 * i + draw.normal() * 0.5, -10 + 3.6 * i);
}

export function lateral(sheet: Sheet): void {
  const { draw } = sheet;
  flesh(sheet, smooth([dot(0, -26, 7), dot(0, -16, 9.5), dot(0.5, 0, 12.5), dot(0.5, 12, 13), dot(0, 28, 13)]), 0.95);
  // Both lungs over each other, heart in front, spine behind.
  blob(sheet, sheet.soft, { x: 0.5, y: -1, a: 9.6, b: 14, depth: -15, power: 2.6 });
  blob(sheet, sheet.soft, { x: 0, y: 13.5, a: 14, b: 6.5, depth: 13 });
  blob(sheet, sheet.soft, { x: -4.2, y: 5.2, a: 4.8, b: 6.2, depth: 10 });
  flesh(sheet, smooth([dot(-2.5, 0, 1.6), dot(-1, -6, 1.5), dot(3, -5, 1.4), dot(5, 2, 1.3), dot(5.2, 12, 1.3)]), 0.7);
  addStroke(sheet.plane, sheet.soft, sheet.scratch, {
    points: smooth([dot(1.6, -22, 0.9), dot(0.4, -10, 0.9), dot(0, -1, 0.9)]),
    profile: ROD,
    weight: -0.9,
  });
  for (let i = 0; i < 16; i++) {
    const y = -20 + i * 2.7;
    const x = 8.2 + 1.3 * Math.sin((y + 14) / 9);
    bone(sheet, [dot(x, y, 1.05), dot(x + 0.2, y + 0.2, 1.05)], 0.5, SPONGY);
    bone(sheet, [dot(x + 2, y + 0.6, 0.4), dot(x + 3.6, y + 1.8, 0.35)], 0.7);
  }
  for (let i = 0; i < 10; i++) {
    const y = -14 + i * 2.9;
    for (const shift of [0, 0.9 + 0.2 * draw.normal()]) {
      bone(
        sheet,
        smooth([
          dot(9.5, y + shift, 0.5),
          dot(4, y + 2.2 + shift, 0.5),
          dot(-4, y + 5.5 + shift, 0.5),
          dot(-8.6, y + 6 + shift, 0.5),
        ]),
        0.3,
      );
    }
  }
  bone(sheet, smooth([dot(-9.2, -9, 0.8), dot(-10.4, -2, 0.5), dot(-10, 6, 0.45)]), 0.8);
  for (let i = 0; i < 60; i++) {
    const angle = draw.between(0, 6.28);
    const r = draw.between(1, 7);
    const [x, y] = [1 + Math.cos(angle) * 1.2, -0.5 + Math.sin(angle) * 1.5];
    flesh(sheet, [dot(x, y, 0.3), dot(x + Math.cos(angle) * r, y + Math.sin(angle) * r, 0.06)], 0.7);
  }
}
