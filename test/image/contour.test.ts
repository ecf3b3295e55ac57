// The outline of a mask, and text that needs no font.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { burnText, lineWidth } from '#image/burned-text.ts';
import { outline } from '#image/contour.ts';
import { decodeIndexedPng, encodeIndexedPng } from '#image/indexed-png.ts';

const mask = (...lines: string[]) => ({
  columns: lines[0]!.length,
  rows: lines.length,
  values: Uint8Array.from(lines.join(''), (mark) => (mark === '#' ? 1 : 0)),
});

/** Twice the area inside a closed polygon (shoelace formula). */
const twiceArea = (points: readonly (readonly [number, number])[]): number =>
  points.slice(1).reduce((sum, [x, y], at) => sum + points[at]![0] * y - x * points[at]![1], 0);

test('a rectangle has four corners, in clockwise order from its first pixel', () => {
  expect(outline(mask('....', '.##.', '.##.'))).toEqual([
    [1, 1],
    [3, 1],
    [3, 3],
    [1, 3],
    [1, 1],
  ]);
});

test('the largest of two regions is outlined, its hole is not', () => {
  expect(outline(mask('#....', '..###', '..#.#', '..###'))).toEqual([
    [2, 1],
    [5, 1],
    [5, 4],
    [2, 4],
    [2, 1],
  ]);
});

test('an empty mask has no outline', () => {
  expect(outline(mask('...'))).toBeUndefined();
});

test('an outline is closed, turns at every point and encloses at least its pixels', () => {
  const any = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([columns, rows]) =>
      fc
        .uint8Array({ minLength: columns * rows, maxLength: columns * rows, max: 1 })
        .map((values) => ({ columns, rows, values })),
    );
  fc.assert(
    fc.property(any, (drawn) => {
      const points = outline(drawn);
      const isEmpty = drawn.values.every((value) => value === 0);
      fc.pre(!isEmpty);
      if (points === undefined) throw new Error('no outline');
      expect(points[0]).toEqual(points.at(-1));
      for (const [at, [x, y]] of points.slice(1).entries())
        expect(Number(x === points[at]![0]) + Number(y === points[at]![1])).toBe(1);
      expect(twiceArea(points)).toBeGreaterThanOrEqual(2);
    }),
  );
});

test('a map comes back from its PNG step by step', async () => {
  const palette = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);
  const indices = Uint8Array.from({ length: 7 * 5 }, (_, at) => (at * 37) % 256);
  const png = await encodeIndexedPng({ columns: 7, rows: 5, indices, palette });
  expect(decodeIndexedPng(png)).toEqual({ columns: 7, rows: 5, indices, palette });
  expect(() => decodeIndexedPng(png.subarray(1))).toThrow(/not a PNG/);
});

test('each Vietnamese letter with its marks is drawn, and no two look alike', () => {
  const letters = [...'AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬEÈÉẺẼẸÊỀẾỂỄỆIÌÍỈĨỊOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢUÙÚỦŨỤƯỪỨỬỮỰYỲÝỶỸỴDĐ'];
  const drawn = letters.map((letter) => {
    const picture = { columns: lineWidth(letter, 1), rows: 16, rgb: new Uint8Array(3 * 16 * lineWidth(letter, 1)) };
    burnText(picture, letter, { scale: 1, left: 0, top: 0 });
    return Buffer.from(picture.rgb).toString('hex');
  });
  expect(new Set(drawn).size).toBe(letters.length);
});
