// Tags and lengths as the world writes them: each deviation beside the file that it stands for, which must come out the same.
import { describe, expect, test } from 'vitest';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { decodeText } from '#dicom/read/character-set.ts';
import { ascii, unsignedShort } from '#dicom/read/element.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { frameCount, readTags } from '#dicom/read/tags.ts';
import {
  type Elements,
  encodeDataSet,
  nativeFile,
  part10,
  type Picture,
  pictureElements,
  SYNTAX,
} from './support/build.ts';
import { decodeBytes, refusalOf, valuesOf } from './support/decode.ts';
import { cells, wave } from './support/encode.ts';

const picture: Picture = { rows: 40, columns: 30, bitsAllocated: 16, bitsStored: 12 };
const pixels = cells(wave(picture), 16);
const film = (more: Elements): Buffer => nativeFile(picture, pixels, { more });
const grayOf = async (more: Elements): Promise<number[]> => [...(await grayFrame(parseDicom(film(more)))).values];
const window = (center: string, width: string): Elements => ({ 0x00281050: ['DS', center], 0x00281051: ['DS', width] });

describe('windows', () => {
  test('a decimal comma is a point', async () => {
    expect(await grayOf(window('2048,5', '3000,0'))).toEqual(await grayOf(window('2048.5', '3000.0')));
  });

  test.each(['NaN', 'nan', '-1.#IND', '1.#QNAN', 'INF', '*', 'abc', ''])('%s is no window', async (text) => {
    expect(await grayOf(window(text, text))).toEqual(await grayOf({}));
  });

  test('the first that is one and meets the picture is used', async () => {
    const right = await grayOf(window('2048', '3000'));
    expect(await grayOf(window('NaN\\2048', '10\\3000'))).toEqual(right);
    expect(await grayOf(window('60000\\2048', '1000\\3000'))).toEqual(right);
  });

  test.each([
    ['above all', '60000', '1000'],
    ['below all', '-60000', '1000'],
    ['so wide that all is one gray', '2048', '1e9'],
  ])('%s: the picture’s own range is shown, and it is told', async (_name, center, width) => {
    expect(await grayOf(window(center, width))).toEqual(await grayOf({}));
    expect((await grayFrame(parseDicom(film(window(center, width))))).remarks).toEqual(['window-unusable']);
  });

  test('a binary VR for a decimal tag is read by its VR', async () => {
    const double = (value: number): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      return bytes;
    };
    const more: Elements = { 0x00281050: ['FD', double(2048.5)], 0x00281051: ['US', 3000] };
    expect(await grayOf(more)).toEqual(await grayOf(window('2048.5', '3000')));
  });
});

test('four bits in eight are shown in their own range', async () => {
  const small: Picture = { rows: 16, columns: 16 };
  const bytes = nativeFile(small, Buffer.from(Array.from({ length: 256 }, (_, at) => at % 16)));
  const { values } = await grayFrame(parseDicom(bytes));
  expect([values[0], values[15]]).toEqual([0, 1]);
});

describe('lookup tables', () => {
  const table = (bits: number, depth: number, count = 4096): Elements => ({
    0x00283010: [
      'SQ',
      [
        {
          0x00283002: ['US', [count, 0, bits]],
          0x00283006: ['US', Array.from({ length: count }, (_, index) => index >> (12 - depth))],
        },
      ],
    ],
  });

  test.each([8, 10, 12])('entries of %i bits are, whatever depth the descriptor names', async (depth) => {
    const right = await grayOf(table(depth, depth));
    expect(Math.max(...right)).toBeGreaterThan(0.9);
    for (const bits of [0, 8, 12, 16]) expect(await grayOf(table(bits, depth))).toEqual(right);
  });

  test('a table that meets no value is passed over', async () => {
    const far: Elements = {
      0x00283010: ['SQ', [{ 0x00283002: ['US', [4, 60000, 8]], 0x00283006: ['US', [0, 90, 180, 255]] }]],
      ...window('2048', '3000'),
    };
    expect(await grayOf(far)).toEqual(await grayOf(window('2048', '3000')));
  });
});

describe('numbers', () => {
  const setWith = (more: Elements) =>
    parseDicom(part10(encodeDataSet({ ...pictureElements(picture), ...more }), SYNTAX.explicit)).dataSet;

  test.each(['', '0', '00', '1', '1.0', '+1', ' 1 ', '1\0\0garbage', 'NaN'])(
    'Number of Frames %j is one frame',
    async (text) => {
      expect(frameCount(setWith({ 0x00280008: ['IS', text] }))).toBe(1);
      expect(await valuesOf(film({ 0x00280008: ['IS', text] }))).toEqual(await valuesOf(film({})));
    },
  );

  test.each(['-1', '1.5', 'abc'])('Number of Frames %s is refused', async (text) => {
    expect(await refusalOf(() => frameCount(setWith({ 0x00280008: ['IS', text] })))).toBe('dicom.bad-tag');
  });

  test('Rows under another VR, or padded, are Rows', () => {
    for (const value of [
      ['SS', 40],
      ['UL', 40],
      ['IS', '40 '],
      ['DS', '40.0'],
      ['UN', Buffer.from([40, 0])],
      ['UN', Buffer.from([40, 0, 0, 0])],
    ] as const) {
      expect(unsignedShort(setWith({ 0x00280010: value }), 0x00280010)).toBe(40);
    }
  });
});

describe('pixel data', () => {
  const expected = valuesOf(film({}));
  const withRest = (rest: Buffer): Buffer => nativeFile(picture, Buffer.concat([pixels, rest]));
  const junk = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => 1 + ((at * 37) % 250)));

  test('less than a row of anything behind the pixels is dropped', async () => {
    for (const length of [2, 30, 58]) expect(await valuesOf(withRest(junk(length)))).toEqual(await expected);
  });

  test('a block filled up with zeros, spaces or ones is dropped', async () => {
    for (const fill of [0x00, 0x20, 0xff]) {
      expect(await valuesOf(withRest(Buffer.alloc(512, fill)))).toEqual(await expected);
    }
  });

  test('pixels that were filled up from the middle of a row on are cut short', async () => {
    for (const fill of [0x00, 0xff]) {
      const filled = Buffer.from(pixels);
      filled.fill(fill, Math.floor(pixels.length * 0.6) + 17);
      expect(await refusalOf(() => decodeBytes(nativeFile(picture, filled)))).toBe('dicom.truncated');
    }
  });

  test('a black margin below, or below and beside the film, is part of the picture', async () => {
    const below = Buffer.from(pixels);
    below.fill(0, 30 * 60);
    expect(await refusalOf(() => decodeBytes(nativeFile(picture, below)))).toBe('decoded');
    const beside = Buffer.from(below);
    for (let row = 0; row < 40; row++) beside.fill(0, row * 60 + 44, row * 60 + 60);
    expect(await refusalOf(() => decodeBytes(nativeFile(picture, beside)))).toBe('decoded');
  });

  test('a row more, and twice the picture, contradict the tags', async () => {
    expect(await refusalOf(() => decodeBytes(withRest(junk(60))))).toBe('dicom.size-mismatch');
    expect(await refusalOf(() => decodeBytes(withRest(pixels)))).toBe('dicom.size-mismatch');
  });

  test('a byte or two more in each row contradict Columns although they are less than a row', async () => {
    const wide: Picture = { rows: 10, columns: 300 };
    const bytes = nativeFile(wide, junk(3000 + 10));
    expect(await refusalOf(() => decodeBytes(bytes))).toBe('dicom.size-mismatch');
  });

  test('bytes behind the last element of the file do no harm', async () => {
    for (const length of [3, 100, 1000]) {
      expect(await valuesOf(Buffer.concat([film({}), junk(length)]))).toEqual(await expected);
    }
  });
});

describe('unknown VRs', () => {
  const item: Elements = { 0x00080100: ['SH', 'R-10214'] };
  const header = (length: number): Buffer => {
    const bytes = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };

  test.each([
    ['implicit', { explicitVr: false, bigEndian: false }],
    ['explicit', { explicitVr: true, bigEndian: false }],
  ])('a sequence under UN is read with %s VRs inside', (_name, encoding) => {
    const inside = encodeDataSet(item, encoding);
    const bytes = Buffer.concat([header(inside.length), inside]);
    const file = parseDicom(film({ 0x00540220: ['UN', bytes] }));
    expect(itemsOf(file.dataSet, 0x00540220).map((set) => ascii(set, 0x00080100))).toEqual(['R-10214']);
    expect(readTags(file).viewPosition).toBe('PA');
  });

  test('known tags under UN are read as what they are', async () => {
    const more: Elements = {
      0x00080060: ['UN', Buffer.from('DX')],
      0x00281050: ['UN', Buffer.from('2048')],
      0x00281051: ['UN', Buffer.from('3000')],
    };
    expect(await grayOf(more)).toEqual(await grayOf(window('2048', '3000')));
    expect(readTags(parseDicom(film(more))).modality).toBe('DX');
  });

  test.each(['??', '  ', '\0\0', 'ZZ'])('a VR of %j is stepped over by its length', async (vr) => {
    const bytes = encodeDataSet({ 0x00090010: ['LO', 'PRIVATE '] });
    bytes.write(vr, 4, 'latin1');
    const at = encodeDataSet({ 0x00080060: ['CS', 'DX'] }).length;
    const whole = encodeDataSet({ 0x00080060: ['CS', 'DX'], 0x00280010: ['US', 7] });
    const file = parseDicom(part10(Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)]), SYNTAX.explicit));
    expect(unsignedShort(file.dataSet, 0x00280010)).toBe(7);
  });
});

describe('character sets', () => {
  const name = 'Nguyễn^Thị Hồng^Giả Lập';

  test.each([
    [[]],
    [['ISO_IR 100']],
    [['ISO_IR 6']],
    [['ISO_IR 144']],
    [['ISO_IR 166']],
    [['ISO 2022 IR 100', 'ISO 2022 IR 149']],
    [['UTF-8']],
    [['utf8']],
    [['ISO_IR192']],
    [['ISO-IR 192']],
    [['ISO 2022 IR 192']],
    [['\\ISO_IR 192']],
    [['LATIN1']],
    [['GBK']],
  ])('UTF-8 under %j is UTF-8', (terms) => {
    expect(decodeText(Buffer.from(name), terms)).toBe(name);
  });

  test('text that is right under its set stays as it is', () => {
    expect(decodeText(Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]), ['ISO_IR 100'])).toBe('Müller');
    expect(decodeText(Buffer.from([0xc2, 0xa1]), ['ISO_IR 166'])).toBe('ยก');
    expect(decodeText(Buffer.from([0xe0, 0xb7, 0xbe]), ['ISO_IR 166'])).toBe('เทพ');
  });

  test('Body Part Examined is decoded before it is shown', () => {
    const tags = readTags(parseDicom(film({ 0x00180015: ['CS', Buffer.from('BỤNG ')] })));
    expect(tags.bodyPart).toBe('BỤNG');
  });
});
