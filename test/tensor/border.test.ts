// A border that is plainly no anatomy is found on each side by itself; a film without one, and a plate without a film, stay whole.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf } from '#tensor/border.ts';
import { wholeFrame } from '#tensor/placement.ts';

const [COLUMNS, ROWS] = [120, 100];
/** Bright in the middle, dark at the sides, as a chest is; nothing is plain from end to end. */
const chest = (x: number, y: number): number =>
  0.45 + 0.25 * Math.sin(x / 9) * Math.cos(y / 11) + 0.1 * Math.sin(x / 2 + y / 3);

interface Widths {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function bordered({ left, top, right, bottom }: Widths, gray: (x: number, y: number) => number) {
  const [columns, rows] = [COLUMNS + left + right, ROWS + top + bottom];
  const values = Float32Array.from({ length: columns * rows }, (_, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)];
    const inside = x >= left && x < left + COLUMNS && y >= top && y < top + ROWS;
    return inside ? chest(x - left, y - top) : gray(x, y);
  });
  return { columns, rows, values };
}

const found = (plane: ReturnType<typeof bordered>) => contentOf(plane, wholeFrame(plane));
const even: Widths = { left: 15, top: 12, right: 15, bottom: 12 };
const expected = ({ left, top }: Widths) => ({ left, top, columns: COLUMNS, rows: ROWS });

describe('a border', () => {
  test.each([
    ['white', () => 1],
    ['almost white, as an unexposed plate', () => 0.93],
    ['black', () => 0],
    ['with noise', (x: number, y: number) => 0.97 + 0.03 * Math.sin(x * 12.9 + y * 78.2)],
  ])('%s is cut to the pixel', (_name, gray) => {
    expect(found(bordered(even, gray))).toEqual(expected(even));
  });

  test('of any widths, some of them none', () => {
    const width = fc.oneof(fc.constant(0), fc.integer({ min: 3, max: 35 }));
    fc.assert(
      fc.property(
        fc.record({ left: width, top: width, right: width, bottom: width }),
        fc.constantFrom(0, 1),
        (widths, gray) => {
          expect(found(bordered(widths, () => gray))).toEqual(expected(widths));
        },
      ),
    );
  });

  test('white above, black at the sides', () => {
    const widths: Widths = { left: 10, top: 14, right: 10, bottom: 0 };
    expect(found(bordered(widths, (_x, y) => (y < 14 ? 1 : 0)))).toEqual(expected(widths));
  });

  test('with a line of small text', () => {
    const widths: Widths = { left: 4, top: 20, right: 4, bottom: 4 };
    const text = (x: number, y: number): number => (y >= 6 && y < 11 && x > 30 && x < 75 && (x + y) % 2 === 0 ? 0 : 1);
    expect(found(bordered(widths, text))).toEqual(expected(widths));
  });
});

describe('stays whole', () => {
  const none: Widths = { left: 0, top: 0, right: 0, bottom: 0 };

  test('a film without a border', () => {
    const film = bordered(none, () => 0);
    expect(found(film)).toEqual(wholeFrame(film));
  });

  test('a plate of one gray', () => {
    for (const gray of [0, 0.5, 1]) {
      const plate = { columns: 50, rows: 50, values: new Float32Array(2500).fill(gray) };
      expect(contentOf(plate, wholeFrame(plate))).toEqual(wholeFrame(plate));
    }
  });

  test('a gray border, which could be anatomy', () => {
    const film = bordered(even, () => 0.5);
    expect(found(film)).toEqual(wholeFrame(film));
  });
});
