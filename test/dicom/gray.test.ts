// Stored values → brightness: modality LUT, then VOI, then the inversion of MONOCHROME1; every expected number is worked out beside it.
import { describe, expect, test } from 'vitest';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { linearExactWindow, linearWindow, sigmoidWindow } from '#dicom/pixels/voi-lut.ts';
import { compressedFile, type Elements, nativeFile, type Picture, SYNTAX } from './support/build.ts';
import { refusalOf } from './support/decode.ts';
import { cells, encodeFrame, wave } from './support/encode.ts';

async function grayOf(values: readonly number[], picture: Partial<Picture>, more: Elements = {}): Promise<number[]> {
  const whole: Picture = { rows: 1, columns: values.length, bitsAllocated: 16, bitsStored: 12, ...picture };
  const bytes = nativeFile(whole, cells(values, whole.bitsAllocated ?? 16), { more });
  return [...(await grayFrame(parseDicom(bytes))).values];
}

const close = (expected: readonly number[]): unknown => expected.map((value) => expect.closeTo(value, 5));
const window = (center: string, width: string, kind?: string): Elements => ({
  0x00281050: ['DS', center],
  0x00281051: ['DS', width],
  ...(kind === undefined ? {} : { 0x00281056: ['CS', kind] as const }),
});
const rescale = (slope: string, intercept: string): Elements => ({
  0x00281052: ['DS', intercept],
  0x00281053: ['DS', slope],
});

describe('window functions (PS3.3 C.11.2.1)', () => {
  test('LINEAR: centre 2048, width 4096 maps 0 to 0 and 4095 to 1', () => {
    const map = linearWindow({ center: 2048, width: 4096 });
    expect([map(0), map(4095)]).toEqual([0, 1]);
    // (2047.5 − 2047.5) / 4095 + 0.5
    expect(map(2047.5)).toBeCloseTo(0.5, 10);
  });

  test('LINEAR: width 1 is a threshold at centre − 0.5', () => {
    const map = linearWindow({ center: 100, width: 1 });
    expect([map(99), map(99.5), map(100)]).toEqual([0, 0, 1]);
  });

  test('LINEAR_EXACT: centre 100, width 50 maps 75 to 0, 100 to 0.5, 125 to 1', () => {
    const map = linearExactWindow({ center: 100, width: 50 });
    expect([map(70), map(75), map(100), map(112.5), map(125), map(200)]).toEqual([0, 0, 0.5, 0.75, 1, 1]);
  });

  test('SIGMOID: 1 / (1 + exp(−4 (x − c) / w))', () => {
    const map = sigmoidWindow({ center: 100, width: 40 });
    expect(map(100)).toBe(0.5);
    expect(map(110)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });
});

describe('the order of the steps', () => {
  test('the window is applied to rescaled values', async () => {
    // 2 × 600 − 1000 = 200; LINEAR_EXACT with centre 200 is 0.5; 2 × 625 − 1000 = 250 is 0.75 of width 200.
    const more = { ...rescale('2', '-1000'), ...window('200', '200', 'LINEAR_EXACT') };
    expect(await grayOf([600, 625, 0, 4095], {}, more)).toEqual(close([0.5, 0.75, 0, 1]));
  });

  test('MONOCHROME1 is inverted after the window, not before', async () => {
    // Window 100 ± 50 exact: 75 → 0.25, inverted 0.75. Inverting the stored value first would give 4095 − 75, far above.
    const more = window('100', '100', 'LINEAR_EXACT');
    expect(await grayOf([75, 100, 4000], { photometric: 'MONOCHROME1' }, more)).toEqual(close([0.75, 0.5, 0]));
  });

  test('MONOCHROME1 with INVERSE, as DX images write it, is one inversion', async () => {
    const more: Elements = { ...window('100', '100', 'LINEAR_EXACT'), 0x20500020: ['CS', 'INVERSE'] };
    expect(await grayOf([75], { photometric: 'MONOCHROME1' }, more)).toEqual(close([0.75]));
    expect(await grayOf([75], { photometric: 'MONOCHROME2' }, more)).toEqual(close([0.75]));
  });

  test('the first window of several is used', async () => {
    expect(await grayOf([100], {}, window('100\\900', '100\\10', 'LINEAR_EXACT'))).toEqual(close([0.5]));
  });

  test('signed values are rescaled with their sign', async () => {
    const more = window('0', '200', 'LINEAR_EXACT');
    expect(await grayOf([-50, 0, 50], { signed: true }, more)).toEqual(close([0.25, 0.5, 0.75]));
  });
});

describe('lookup tables', () => {
  const table = (tag: number, first: number, entries: readonly number[], bits: number): Elements => ({
    [tag]: ['SQ', [{ 0x00283002: ['US', [entries.length, first, bits]], 0x00283006: ['US', entries] }]],
  });

  test('a VOI LUT holds its first and last entry outside its range', async () => {
    const more = table(0x00283010, 10, [0, 51, 204, 255], 8);
    expect(await grayOf([5, 10, 11, 12, 13, 99], {}, more)).toEqual(close([0, 0, 0.2, 0.8, 1, 1]));
  });

  test('a VOI LUT is preferred to a window', async () => {
    const more = { ...table(0x00283010, 10, [0, 255], 8), ...window('4000', '10') };
    expect(await grayOf([10, 11], {}, more)).toEqual([0, 1]);
  });

  test('a Modality LUT comes before the window', async () => {
    // 0 → 100, 1 → 150, 2 → 50; the exact window 100 ± 50 makes them 0.5, 1, 0.
    const more = { ...table(0x00283000, 0, [100, 150, 50], 16), ...window('100', '100', 'LINEAR_EXACT') };
    expect(await grayOf([0, 1, 2], {}, more)).toEqual(close([0.5, 1, 0]));
  });

  const values = Array.from({ length: 100 }, (_, at) => 40 * at);
  test.each<[string, Elements]>([
    ['without data', { 0x00283002: ['US', [4096, 0, 8]] }],
    ['without a descriptor', { 0x00283006: ['US', [1, 2]] }],
    ['of half its length', { 0x00283002: ['US', [4096, 0, 8]], 0x00283006: ['US', Array(2000).fill(7)] }],
    ['of one entry too few', { 0x00283002: ['US', [4096, 0, 8]], 0x00283006: ['US', Array(4095).fill(7)] }],
  ])('a table %s is passed over for the window, and told', async (_name, broken) => {
    const full: Elements = { 0x00281050: ['DS', '2048'], 0x00281051: ['DS', '4096'] };
    const more: Elements = { 0x00283010: ['SQ', [broken]], ...full };
    expect(await grayOf(values, {}, more)).toEqual(await grayOf(values, {}, full));
    const file = nativeFile({ rows: 10, columns: 10, bitsAllocated: 16, bitsStored: 12 }, cells(values, 16), { more });
    expect((await grayFrame(parseDicom(file))).remarks).toEqual(['window-unusable']);
  });

  test('eight-bit entries packed two in a word are as many as the descriptor says', async () => {
    const entries = Buffer.from(Array.from({ length: 256 }, (_, at) => 255 - at));
    const more: Elements = { 0x00283010: ['SQ', [{ 0x00283002: ['US', [256, 0, 8]], 0x00283006: ['OW', entries] }]] };
    expect(await grayOf([0, 51, 255], { bitsAllocated: 8, bitsStored: 8 }, more)).toEqual(close([1, 0.8, 0]));
  });
});

describe('without a VOI', () => {
  test('eight-bit pixels are shown as they are', async () => {
    expect(await grayOf([0, 51, 255, 102], { bitsAllocated: 8, bitsStored: 8 })).toEqual(close([0, 0.2, 1, 0.4]));
  });

  test('deeper pixels span the 0.5th to the 99.5th percentile', async () => {
    // 0 … 1000, each once: rank 0.005 × 1000 is the value 5, rank 0.995 × 1000 is 995.
    const values = Array.from({ length: 1001 }, (_, index) => index);
    const gray = await grayOf(values, {});
    expect([gray[5], gray[500], gray[995]]).toEqual(close([0, 0.5, 1]));
    expect([gray[0], gray[1000]]).toEqual([0, 1]);
  });

  test('padding sets no scale and is black, also under MONOCHROME1', async () => {
    const values = [4000, 4000, ...Array.from({ length: 201 }, (_, index) => 100 + index)];
    const more: Elements = { 0x00280120: ['US', 4000] };
    const gray = await grayOf(values, { photometric: 'MONOCHROME1' }, more);
    // Of 201 values from 100 to 300 the percentiles are ranks 1 and 199: 101 and 299.
    expect(gray.slice(0, 2)).toEqual([0, 0]);
    expect([gray[2 + 1], gray[2 + 100], gray[2 + 199]]).toEqual(close([1, 0.5, 0]));
  });

  test('a range of padding values is all padding', async () => {
    const more: Elements = { 0x00280120: ['US', 10], 0x00280121: ['US', 12], ...window('100', '200', 'LINEAR_EXACT') };
    expect(await grayOf([10, 11, 12, 100], { photometric: 'MONOCHROME1' }, more)).toEqual(close([0, 0, 0, 0.5]));
  });

  test('a picture of one value is black, not a division by zero', async () => {
    expect(await grayOf([7, 7, 7], {})).toEqual([0, 0, 0]);
  });
});

describe('colour', () => {
  test('RGB becomes luma', async () => {
    const picture: Picture = { rows: 1, columns: 3, samples: 3 };
    const bytes = nativeFile(picture, Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255]));
    const { values } = await grayFrame(parseDicom(bytes));
    expect([...values]).toEqual(close([0.299, 0.587, 0.114]));
  });

  test('the Y of YBR_FULL is the luma already', async () => {
    const picture: Picture = { rows: 1, columns: 1, samples: 3, photometric: 'YBR_FULL' };
    const { values } = await grayFrame(parseDicom(nativeFile(picture, Buffer.from([51, 9, 9]))));
    expect([...values]).toEqual(close([0.2]));
  });

  test('a palette is looked up before it becomes luma', async () => {
    const lut = (bytes: readonly number[]): Buffer => Buffer.from(bytes);
    const more: Elements = Object.fromEntries([
      ...[0x00281101, 0x00281102, 0x00281103].map((tag) => [tag, ['US', [4, 0, 8]]]),
      [0x00281201, ['OW', lut([0, 255, 0, 255])]],
      [0x00281202, ['OW', lut([0, 0, 255, 255])]],
      [0x00281203, ['OW', lut([0, 0, 0, 255])]],
    ]);
    const picture = { bitsAllocated: 8, bitsStored: 8, photometric: 'PALETTE COLOR' };
    expect(await grayOf([0, 1, 2, 3], picture, more)).toEqual(close([0, 0.299, 0.587, 1]));
  });
});

describe('enhanced objects', () => {
  test('each frame has its own window', async () => {
    const group = (center: string): Elements => ({ 0x00289132: ['SQ', [window(center, '100', 'LINEAR_EXACT')]] });
    const more: Elements = { 0x52009230: ['SQ', [group('100'), group('200')]] };
    const picture: Picture = { rows: 1, columns: 1, frames: 2, bitsAllocated: 16, bitsStored: 12 };
    const file = parseDicom(nativeFile(picture, cells([100, 175], 16), { more }));
    expect([...(await grayFrame(file, { frame: 0 })).values]).toEqual(close([0.5]));
    expect([...(await grayFrame(file, { frame: 1 })).values]).toEqual(close([0.25]));
    expect(await refusalOf(() => grayFrame(file, { frame: 2 }))).toBe('dicom.missing-frames');
  });
});

describe('reduced resolution', () => {
  const picture: Picture = { rows: 200, columns: 160 };
  test.each([
    ['jpeg-2000', SYNTAX.jpeg2000],
    ['htj2k', SYNTAX.htj2k],
    ['jpeg', SYNTAX.jpegBaseline],
  ] as const)(
    '%s is halved as often as the size asked for allows, and keeps its brightness',
    async (encoder, syntax) => {
      const file = parseDicom(
        compressedFile(picture, [await encodeFrame(encoder, picture, wave(picture))], { syntax }),
      );
      const whole = await grayFrame(file);
      const small = await grayFrame(file, { atLeast: { columns: 40, rows: 40 } });
      // 160 / 4 = 40, 200 / 4 = 50; another half would be too small.
      expect([small.columns, small.rows, small.sourceColumns, small.sourceRows]).toEqual([40, 50, 160, 200]);
      const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean(small.values) - mean(whole.values))).toBeLessThan(0.01);
      const exact = await grayFrame(file, { atLeast: { columns: 160, rows: 200 } });
      expect(exact.values).toEqual(whole.values);
    },
  );
});

describe('refusals', () => {
  test('a slope without an intercept, a slope of zero, a slope that is no number', async () => {
    expect(await refusalOf(() => grayOf([1], {}, { 0x00281053: ['DS', '2'] }))).toBe('dicom.missing-tag');
    expect(await refusalOf(() => grayOf([1], {}, rescale('0', '1')))).toBe('dicom.bad-tag');
    expect(await refusalOf(() => grayOf([1], {}, rescale('abc', '1')))).toBe('dicom.bad-tag');
  });

  test('a photometric interpretation that nobody can show', async () => {
    expect(await refusalOf(() => grayOf([1], { photometric: 'HSV' }))).toBe('dicom.unsupported-pixels');
  });
});
