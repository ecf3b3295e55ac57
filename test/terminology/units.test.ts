// Units as laboratories in Viet Nam write them; what is read by UCUM, and what is not read at all.
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { convertUnit, ucumOf } from '#terminology/units.ts';

/** What one of that unit is in the other, to nine digits. */
const isOf = (text: string, to: string): number | undefined => {
  const from = ucumOf(text);
  const value = from === undefined ? undefined : convertUnit(1, { from, to });
  return value === undefined ? undefined : Number(value.toPrecision(9));
};

test.each([
  ['mmol/L', 'mmol/L'],
  ['mmol/l', 'mmol/L'],
  ['mmol/ L', 'mmol/L'],
  [' mmol / lít ', 'mmol/L'],
  ['\u00b5mol/L', 'umol/L'],
  ['\u03bcmol/L', 'umol/L'],
  ['\u00b5mol/lít', 'umol/L'],
  ['\u03bcg/L', 'ug/L'],
  ['mcg/L', 'ug/L'],
  ['mg/dl', 'mg/dL'],
  ['mg%', 'mg/dL'],
  ['g/lít', 'g/L'],
  ['UI/l', '[IU]/L'],
  ['IU/l', '[IU]/L'],
  ['U/L', 'U/L'],
  ['G/L', '10*9/L'],
  ['10^9/l', '10*9/L'],
  ['10⁹/L', '10*9/L'],
  ['x10^9/l', '10*9/L'],
  ['K/\u03bcl', '10*3/uL'],
  ['T/L', '10*12/L'],
  ['ml/phút/1,73m²', 'mL/min/{1.73_m2}'],
  ['mL/min/1.73 m2', 'mL/min/{1.73_m2}'],
  ['mmHg', 'mm[Hg]'],
  ['nhịp/phút', '/min'],
  ['MMOL/L', 'mmol/L'],
  ['MG/DL', 'mg/dL'],
  ['MMHG', 'mm[Hg]'],
  ['mmhg', 'mm[Hg]'],
  ['MG/L', 'mg/L'],
  ['mMol/L', 'mmol/L'],
  ['micromol/L', 'umol/L'],
  ['mg/g{creat}', 'mg/g'],
  ['mg/g creatinine', 'mg/g'],
  ['mg/gCr', 'mg/g'],
  ['mg/mmol{creat}', 'mg/mmol'],
  ['umol/L{x}', 'umol/L'],
  ['10*3{cells}/uL', '10*3/uL'],
  ['10*9{plt}/L', '10*9/L'],
  ['10*9/L{plt}', '10*9/L'],
  ['{cells}/uL', '/uL'],
  ['{beats}/min', '/min'],
  ['{Breaths}/min', '/min'],
  ['%{saturation}', '%'],
  ['10e9/L', '10*9/L'],
  ['x10E3/uL', '10*3/uL'],
  ['10³/µL', '10*3/uL'],
  ['×10⁹/L', '10*9/L'],
  ['10**9/L', '10*9/L'],
  ['Tsd/µl', '10*3/uL'],
  ['10^12/L', '10*12/L'],
  ['mL/min/{1.73m2}', 'mL/min/{1.73_m2}'],
  ['mL/min/1.73.m2', 'mL/min/{1.73_m2}'],
  ['mL/min/1.73_m2', 'mL/min/{1.73_m2}'],
  ['ML/MIN/1.73M2', 'mL/min/{1.73_m2}'],
  ['mL/min/1.73/m2', 'mL/min/{1.73_m2}'],
  ['mL/min/1.73 sqm', 'mL/min/{1.73_m2}'],
  ['mmol/L {fasting}', 'mmol/L'],
  ['mmol/litre', 'mmol/L'],
  ['mmol/liter', 'mmol/L'],
  ['mmol·L-1', 'mmol/L'],
  ['umol/L.', 'umol/L'],
  ['mg/100 ml', 'mg/dL'],
  ['K/mcL', '10*9/L'],
  ['K/cumm', '10*9/L'],
  ['10^9 cells/L', '10*9/L'],
  ['10^9 TB/L', '10*9/L'],
  ['nghìn/mm3', '10*9/L'],
  ['giga/l', '10*9/L'],
  ['U/L 37°C', 'U/L'],
  ['U/L (37°C)', 'U/L'],
  ['Lần/phút', '/min'],
  ['Nhịp/Phút', '/min'],
  ['chu kỳ/phút', '/min'],
  ['ck/phút', '/min'],
  ['BPM', '/min'],
  ['° C', 'Cel'],
  ['Độ C', 'Cel'],
  ['°c', 'Cel'],
  ['%SpO2', '%'],
  ['phần trăm', '%'],
  ['lít/phút', 'L/min'],
  ['LPM', 'L/min'],
  ['mg/gram', 'mg/g'],
  ['mg/g (Cr)', 'mg/g'],
  ['mg/g.creatinin', 'mg/g'],
])('%j is one %s', (text, unit) => {
  expect(isOf(text, unit)).toBe(1);
});

test.each([
  'toString6',
  'constructor/L',
  'c',
  'độ',
  'U/L 25°C',
  'Mmol/L',
  'Mg/dL',
  'viên',
  '',
  'mmol/L (đói)',
  'm g/dL',
  'mL/min/m2',
])('%j is not taken for mg/dL or mmol/L', (text) => {
  expect([isOf(text, 'mg/dL'), isOf(text, 'mmol/L')]).not.toContain(1);
});

test('a text of a million blanks is no unit, and takes no time', () => {
  expect(ucumOf(`mmol${' '.repeat(1_000_000)}L`)).toBeUndefined();
});

test('any text is a unit or none, and nothing of it is printed', () => {
  const printed = vi.spyOn(console, 'log');
  const piece = fc.constantFrom(
    'mmol',
    '/',
    ' ',
    '%',
    'L',
    '10',
    '^',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '.',
    '²',
    'đ',
    '*',
    '-',
    '\n',
  );
  const runs = Number(process.env['HAIDANG_FUZZ_RUNS'] ?? 500);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
        fc.string(),
      ),
      (text) => {
        expect(['string', 'undefined']).toContain(typeof ucumOf(text));
      },
    ),
    { numRuns: runs },
  );
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

test('an annotation anywhere changes nothing, but for the body surface', () => {
  const units = ['mmol/L', 'mg/dL', '10*9/L', 'mg/g', 'U/L', '/min', '%', '[IU]/L', 'kg/m2'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...units), fc.stringMatching(/^[A-Za-z0-9_ ,.]{0,10}$/), (unit, words) => {
      fc.pre(!/1[.,]73/.test(words));
      expect(isOf(`${unit}{${words}}`, unit)).toBe(1);
    }),
  );
  expect(isOf('mL/min{x}', 'mL/min/{1.73_m2}')).toBeUndefined();
  expect(isOf('mL/min', 'mL/min/{1.73_m2}')).toBeUndefined();
});
