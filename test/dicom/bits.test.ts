// Unused bits and another sign in a stream never count, at full and at reduced resolution; what fills up coded data is damage.
import { describe, expect, test } from 'vitest';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { compressedFile, type Elements, nativeFile, type Picture, SYNTAX } from './support/build.ts';
import { decodeBytes, refusalOf } from './support/decode.ts';
import { cells, encodeFrame, type Encoder, wave } from './support/encode.ts';

const size = { rows: 160, columns: 128 };
const WINDOW: Elements = { 0x00281050: ['DS', '0'], 0x00281051: ['DS', '4096'] };
const atLeast = { columns: 32, rows: 40 };
const STREAMS: readonly (readonly [Encoder, string])[] = [
  ['jpeg-2000', SYNTAX.jpeg2000],
  ['htj2k', SYNTAX.htj2k],
  ['jpeg-ls', SYNTAX.jpegLs],
  ['jpeg-lossless', SYNTAX.jpegLossless],
];

/** The picture's small gray frame, from the file that is as it should be. */
async function smallGray(bytes: Buffer): Promise<number[]> {
  return [...(await grayFrame(parseDicom(bytes), { atLeast })).values];
}

function closeTo(values: readonly number[], expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  const largest = values.reduce((most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? Number.NaN))), 0);
  // Wavelet and block means differ by a few grays of 256 at most.
  expect(largest).toBeLessThan(0.06);
}

describe.each(STREAMS)('%s', (encoder, syntax) => {
  test('two’s complement in an unsigned stream, tags that say signed', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12, signed: true };
    const values = wave(picture);
    const expected = await smallGray(nativeFile(picture, cells(values, 16), { more: WINDOW }));
    const unsigned = values.map((value) => value & 0xfff);
    const stream = await encodeFrame(encoder, { ...picture, signed: false }, unsigned);
    const bytes = compressedFile(picture, [stream], { syntax, more: WINDOW });
    expect([...(await decodeBytes(bytes)).values]).toEqual(values);
    closeTo(await smallGray(bytes), expected);
  });

  test('an overlay in the bits above Bits Stored', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12 };
    const values = wave(picture);
    const window: Elements = { 0x00281050: ['DS', '2048'], 0x00281051: ['DS', '4096'] };
    const expected = await smallGray(nativeFile(picture, cells(values, 16), { more: window }));
    const overlaid = values.map((value, at) =>
      at % 7 === 0 ? value | 0x1000 : at % 11 === 0 ? value | 0x8000 : value,
    );
    const stream = await encodeFrame(encoder, { ...picture, bitsStored: 16 }, overlaid);
    const bytes = compressedFile(picture, [stream], { syntax, more: window });
    expect([...(await decodeBytes(bytes)).values]).toEqual(values);
    closeTo(await smallGray(bytes), expected);
  });

  test('values at the high end of their cells, as High Bit says, or at the low end although it says otherwise', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12, highBit: 15 };
    const values = wave({ ...picture, highBit: 11 });
    for (const shift of [4, 0]) {
      const stream = await encodeFrame(
        encoder,
        { ...picture, bitsStored: 16 },
        values.map((value) => value << shift),
      );
      expect([...(await decodeBytes(compressedFile(picture, [stream], { syntax }))).values]).toEqual(values);
    }
  });

  test('coded data that were filled up are refused', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12 };
    const stream = await encodeFrame(encoder, picture, wave(picture));
    const end = stream.lastIndexOf(Buffer.from([0xff, 0xd9]));
    for (const fill of [0x00, 0x55, 0xff]) {
      const damaged = Buffer.from(stream);
      damaged.fill(fill, Math.floor(end * 0.6), end);
      const file = parseDicom(compressedFile(picture, [damaged], { syntax }));
      expect(await refusalOf(() => grayFrame(file, { atLeast }))).toMatch(/^dicom\.(broken-stream|truncated)$/);
    }
  });

  test('a black picture, which is coded in a few bytes, is read', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12 };
    const black = Array.from({ length: size.rows * size.columns }, () => 0);
    const bytes = compressedFile(picture, [await encodeFrame(encoder, picture, black)], { syntax });
    expect((await decodeBytes(bytes)).values.every((value) => value === 0)).toBe(true);
  });
});
