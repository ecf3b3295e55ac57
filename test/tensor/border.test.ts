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

  test('black, around a film whose own air hides two of its edges', () => {
    const widths: Widths = { left: 12, top: 12, right: 12, bottom: 12 };
    const film = bordered(widths, () => 0);
    for (let y = 12; y < 12 + ROWS; y++) {
      for (let x = 12; x < 12 + COLUMNS; x++) {
        const air = Math.min(x - 12, 11 + COLUMNS - x) / 20;
        film.values[y * film.columns + x]! *= Math.min(1, air * air);
      }
    }
    expect(found(film)).toEqual(expected(widths));
  });

  test('white, beside a film that begins with black air', () => {
    const widths: Widths = { left: 15, top: 0, right: 15, bottom: 0 };
    const film = bordered(widths, () => 1);
    for (let y = 0; y < ROWS; y++) {
      for (let x = 15; x < 15 + COLUMNS; x++) {
        const air = Math.min(x - 15, 14 + COLUMNS - x);
        if (air < 8) film.values[y * film.columns + x] = 0;
        else if (air < 40) film.values[y * film.columns + x]! *= (air - 8) / 32;
      }
    }
    expect(found(film)).toEqual(expected(widths));
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

  test('a child with air at both sides', () => {
    const [columns, rows] = [224, 224];
    /** A body's outline: the nearest it comes to the sides is a curve, and its skin is thin. */
    const values = Float32Array.from({ length: columns * rows }, (_, at) => {
      const [x, y] = [at % columns, Math.floor(at / columns)];
      const half = 85 - 15 * Math.cos((y / rows) * 2 * Math.PI);
      const depth = 1 - ((x - columns / 2) / half) ** 2;
      return depth <= 0 ? 0.01 : 0.85 * Math.sqrt(depth);
    });
    const film = { columns, rows, values };
    expect(contentOf(film, wholeFrame(film))).toEqual(wholeFrame(film));
  });

  test('a burnt-out abdomen, white from side to side', () => {
    const [columns, rows] = [224, 224];
    const values = Float32Array.from({ length: columns * rows }, (_, at) => {
      const [x, y] = [at % columns, Math.floor(at / columns)];
      const dome = 130 + 25 * Math.cos((x / columns) * 4 * Math.PI);
      return Math.min(0.97, y < dome ? chest(x, y) : chest(x, y) + (y - dome) / 40);
    });
    const film = { columns, rows, values };
    expect(contentOf(film, wholeFrame(film))).toEqual(wholeFrame(film));
  });

  test('a gray border, which could be anatomy', () => {
    const film = bordered(even, () => 0.5);
    expect(found(film)).toEqual(wholeFrame(film));
  });
});
