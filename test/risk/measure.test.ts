import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertUnit, ucumOf } from '#terminology/units.ts';
import { readFlag } from '#terminology/answers.ts';
import { csvRecords, csvRows } from '#risk/table/csv.ts';

describe('answers', () => {
  test.each([
    ['Dương tính', true],
    ['âm tính', false],
    ['Có', true],
    ['LA6577-6', false],
    [1, true],
    [2, undefined],
    ['perhaps', undefined],
  ])('%s as a yes or no', (text, expected) => {
    expect(readFlag({ value: text })).toBe(expected);
  });
});

describe('units', () => {
  test.each([
    // 386.65 g/mol, so 1 mmol/L is 386.65 mg/L = 38.665 mg/dL.
    {
      what: 'cholesterol',
      value: 5,
      from: 'mmol/l',
      to: 'mg/dL',
      substance: { molarMass: 386.65 },
      expected: 5 * 38.665,
    },
    { what: 'creatinine', value: 100, from: 'µmol/L', to: 'mg/dL', substance: { molarMass: 113.12 }, expected: 1.1312 },
    { what: 'a ratio', value: 3, from: 'mg/mmol', to: 'mg/g', substance: { molarMass: 113.12 }, expected: 3 / 0.11312 },
    { what: 'platelets', value: 250, from: 'G/L', to: '10*9/L', substance: {}, expected: 250 },
    { what: 'temperature', value: 98.6, from: '°F', to: 'Cel', substance: {}, expected: 37 },
    { what: 'a rate', value: 12, from: 'lần/phút', to: '/min', substance: {}, expected: 12 },
    { what: 'bicarbonate', value: 24, from: 'mmol/L', to: 'meq/L', substance: { charge: 1 }, expected: 24 },
  ])('$what', ({ value, from, to, substance, expected }) => {
    expect(convertUnit(value, { from: ucumOf(from)!, to }, substance)).toBeCloseTo(expected, 8);
  });

  test('another quantity, an unknown unit and another thing counted are no conversion', () => {
    expect(convertUnit(1, { from: 'kg', to: 'mm[Hg]' })).toBeUndefined();
    expect(ucumOf('furlong')).toBeUndefined();
    expect(convertUnit(90, { from: 'mL/min', to: 'mL/min/{1.73_m2}' })).toBeUndefined();
    expect(convertUnit(1e5, { from: '[IU]/mL', to: '{copies}/mL' })).toBeUndefined();
    expect(convertUnit(5, { from: 'mmol/L', to: 'mg/dL' })).toBeUndefined();
  });
});

const collect = async <Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('tables', () => {
  const rows = async (text: string, size = 3): Promise<readonly (readonly string[])[]> => {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    );
    return collect(csvRows(pieces));
  };

  test('quotes, commas, line ends of both kinds, and an empty cell', async () => {
    expect(await rows('\uFEFFa,b\r\n"x,""y""\n",\n\n1,2')).toEqual([
      ['a', 'b'],
      ['x,"y"\n', ''],
      ['1', '2'],
    ]);
  });

  test('what is written by the rules is read back, however it is cut', async () => {
    const cell = fc.string({ maxLength: 8 }).filter((text) => !/[\r\uFEFF]/.test(text));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const text = cells.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(await rows(text, size)).toEqual(cells);
      }),
    );
  });

  test('a row of another length and an open quote are refused with their place', async () => {
    await expect(collect(csvRecords(['a,b\n1,2\n3']))).rejects.toThrow('row 2 has 1 cells');
    await expect(rows('a\n"x')).rejects.toThrow('a quote is left open');
  });
});
