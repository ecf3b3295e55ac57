import { describe, expect, test } from 'vitest';
import { averaged, mapped, reducedSize } from '#dicom/pixels/reduce.ts';

describe('a film at no more than the size that is needed', () => {
  test('has whole blocks: 2128 pixels for at least 224 are blocks of 9, which give 236', () => {
    expect(reducedSize({ columns: 2128, rows: 2000 }, { columns: 224, rows: 224 })).toEqual({
      // 2128 / 224 = 9.5 and 2000 / 224 = 8.9: the smaller one counts, blocks of 8.
      columns: 266,
      rows: 250,
    });
    expect(reducedSize({ columns: 2128, rows: 2128 }, { columns: 224, rows: 224 })).toEqual({
      columns: 236,
      rows: 236,
    });
    expect(reducedSize({ columns: 400, rows: 400 }, { columns: 224, rows: 224 })).toEqual({ columns: 400, rows: 400 });
  });

  test('is the mean of the brightness of each block, not the brightness of its mean', () => {
    // A window that cuts above 10: 0 20 | 4 8 → 0 1 | 0.4 0.8.
    const bright = (value: number): number => Math.min(value / 10, 1);
    const stored = { columns: 4, rows: 1, values: Uint16Array.of(0, 20, 4, 8) };
    const [left = 0, right = 0] = averaged(stored, bright, { columns: 2, rows: 1 });
    expect(left).toBeCloseTo(0.5, 6);
    expect(right).toBeCloseTo(0.6, 6);
  });

  test('covers every pixel once, also where the blocks do not divide the film', () => {
    const [columns, rows] = [10, 7];
    const values = Uint8Array.from({ length: columns * rows }, (_, at) => at);
    const small = averaged({ columns, rows, values }, (value) => value, { columns: 3, rows: 2 });
    // Blocks of 4, 3 and 3 columns or the like, of 4 and 3 rows or the like: their weighted mean is that of the film.
    expect(small).toHaveLength(6);
    const lowest = small.reduce((least, value) => Math.min(least, value));
    expect([small.indexOf(lowest), lowest < 35]).toEqual([0, true]);
    const flat = averaged({ columns, rows, values: values.fill(9) }, (value) => value, { columns: 3, rows: 2 });
    expect([...flat]).toEqual([9, 9, 9, 9, 9, 9]);
  });

  test('takes the same values with and without a table: signed, and more pixels than values', () => {
    const values = Int8Array.from({ length: 32 * 32 }, (_, at) => (at % 256) - 128);
    const map = (value: number): number => (value + 128) / 255;
    expect([...mapped(values, map)]).toEqual(Array.from(values, (value) => Math.fround(map(value))));
    const few = averaged({ columns: 32, rows: 32, values }, map, { columns: 2, rows: 2 });
    const plain = averaged({ columns: 32, rows: 32, values: Int32Array.from(values) }, map, { columns: 2, rows: 2 });
    for (const [at, value] of few.entries()) expect(value).toBeCloseTo(plain[at] ?? Number.NaN, 6);
  });
});
