// A picture filled up from the middle of a row on was damaged; a margin of any shape is part of the film.
import { describe, expect, test } from 'vitest';
import { isFilledUp } from '#image/filled-tail.ts';

const [COLUMNS, ROWS] = [100, 120];
const film = (value: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: COLUMNS * ROWS }, (_, at) => value(at % COLUMNS, Math.floor(at / COLUMNS)));
const content = (x: number, y: number): number => 60 + ((x * 7 + y * 13) % 150);

describe('filled up', () => {
  test.each([0, 128, 255])('with %i from the middle of a row', (fill) => {
    const cells = film(content);
    cells.fill(fill, 70 * COLUMNS + 43);
    expect(isFilledUp(cells, COLUMNS)).toBe(true);
  });

  test('with the gray of the film’s own margin', () => {
    const cells = film((x, y) => (x < 8 || x >= 92 ? 0 : content(x, y)));
    cells.fill(0, 70 * COLUMNS + 43);
    expect(isFilledUp(cells, COLUMNS)).toBe(true);
  });
});

describe('a margin', () => {
  test.each([
    ['below', (_x: number, y: number) => y >= 90],
    ['below and at the right', (x: number, y: number) => y >= 90 || x >= 60],
    ['around a circle', (x: number, y: number) => (x - 50) ** 2 + (y - 50) ** 2 > 48 ** 2],
    ['aslant', (x: number, y: number) => y > 80 + x / 10],
    ['the other way aslant', (x: number, y: number) => y > 90 - x / 10],
  ])('%s is no damage', (_name, isMargin) => {
    expect(
      isFilledUp(
        film((x, y) => (isMargin(x, y) ? 0 : content(x, y))),
        COLUMNS,
      ),
    ).toBe(false);
  });

  test('nor is a picture of one gray', () => {
    expect(
      isFilledUp(
        film(() => 0),
        COLUMNS,
      ),
    ).toBe(false);
  });
});
