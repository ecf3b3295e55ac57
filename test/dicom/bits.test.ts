// Unused bits and another sign in a stream never count, at full and at reduced resolution; what fills up coded data is damage.
import { describe, expect, test } from 'vitest';
import { levelFor, readJ2kStream } from '#dicom/codecs/j2k-stream.ts';
import { decodeJpeg2000 } from '#dicom/codecs/jpeg-2000.ts';
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

test('an overlay above the values of a near-lossless stream, over black too', async () => {
  const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12 };
  const values = wave(picture).map((value) => Math.max(0, value - 1500));
  const overlaid = values.map((value, at) => (at % 128 < 40 ? value | 0x1000 : value));
  const stream = await encodeFrame('jpeg-ls-near', { ...picture, bitsStored: 16 }, overlaid);
  const decoded = (await decodeBytes(compressedFile(picture, [stream], { syntax: SYNTAX.jpegLsNear }))).values;
  // Just below a bit of the overlay the value wraps, by no more than the codec may err.
  const apart = values.filter((value, at) => Math.abs(value - (decoded[at] ?? Number.NaN)) > 3 && value > 3);
  expect(apart).toEqual([]);
});

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

  test('a film with wide borders of one value is read, whatever that value is', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 16 };
    for (const border of [0, 5, 21, 85, 257, 4095, 0x5555, 0x8005, 0xffff]) {
      const values = wave({ ...picture, bitsStored: 12 }).map((value, at) => (at % size.columns < 90 ? border : value));
      const bytes = compressedFile(picture, [await encodeFrame(encoder, picture, values)], { syntax });
      expect([...(await decodeBytes(bytes)).values]).toEqual(values);
    }
  });

  test('a black picture, which is coded in a few bytes, is read', async () => {
    const picture: Picture = { ...size, bitsAllocated: 16, bitsStored: 12 };
    const black = Array.from({ length: size.rows * size.columns }, () => 0);
    const bytes = compressedFile(picture, [await encodeFrame(encoder, picture, black)], { syntax });
    expect((await decodeBytes(bytes)).values.every((value) => value === 0)).toBe(true);
  });
});

/** 38 × 30 pixels at the offset 7, 13 of their reference grid, made by `opj_compress -d 7,13 -n 4` (OpenJPEG 2.5.0). */
const WITH_OFFSET = Buffer.from(
  '/0//UQApAAAAAAAtAAAAKwAAAAcAAAANAAAALQAAACsAAAAAAAAAAAABBwEB/1IADAAAAAEAAwQEAAH/XAANQEBISFBISFBISFD/' +
    'ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAJlAAH/k8+0YBGKLR6D16B4WTukUVOGXZ/JXj0M' +
    '9TO3f8PqE4fUIQfUHhffsqSUnPIA180Ic0IUS2FmLB8FiBc0XCVHyUbjSYOKePofC2sExY3D+t4FEfZfkipfx9prD6jqH2moG9Ag' +
    'dDHTltYfEZgtZWW/N2Wn008paC9WFYoHaeYeGG3BVXtg0+d6JbWp5x/znrN5EcwYBocouLpKOkwcYL+O7eo5bZa3CbtlYUazO7D7' +
    'TMDTUv8yiKVJY5NPbPWLQaNjk9GIWvxtigqWuX/G3ytfSfpbloL23zkYu53yjljYvYcoK/wgLpO2ZfaCR8de0YfOTDuJ6QxR6mSU' +
    'SiT72yfQr4Y4Mm/D6nmH1O0H1LhD/eDrKeSN1mvMomCVZMHSfTp6HwM1hz++mkVM1JLASq6JiSr8g9yM7Z7hYGJKHbOFrMT+tBQd' +
    'Ad1BncWSAqCb2WbwI1oFUlLCPk3wLsg1B5E9rc7fGJfkcJwJviltdW9P8nIcS+9jjGd+U8LTxL4de7HjqXyru8RqcvY0/Jw+67qb' +
    'V/vVSN3BaMTkphNMikTy/ORcM/KyPbWS19TiOoADfd5vKwnpz+tW83Mnwr2lLC+Hbo+RVyWxKN6hGdkQzGPQhfSZOwvK4xaGj/ZA' +
    'FLxBkMLk1qvzWO1zOmaZbdh8+L1yOWkBT5aIgxvs01QBX4N1ZNqK3COvc0P6JQiMTrPu2BVqW52H0uE5IuoRmY8N0c5OGxKZVkTK' +
    'u9PjNdB32rdx/3//L1JGBgNACFptiZ4uqherXYqTTuBJonp0qR9/wk12+rjFLl0P/2+P/9k=',
  'base64',
);

test('a JPEG 2000 picture with an image offset is read, whole and reduced', async () => {
  const picture: Picture = { rows: 30, columns: 38 };
  const gray = (x: number, y: number): number =>
    (Math.floor(x / 10) + Math.floor(y / 10)) % 2 === 1 ? ((x * 5 + y * 3) % 40) + 100 : 60;
  const expected = Array.from({ length: 30 * 38 }, (_, at) => gray(at % 38, Math.floor(at / 38)));
  const bytes = compressedFile(picture, [WITH_OFFSET], { syntax: SYNTAX.jpeg2000 });
  expect([...(await decodeBytes(bytes)).values]).toEqual(expected);
  // Half of 7 to 45 are 19 columns, half of 13 to 43 are 15 rows; the decoders count as many, so that level is usable; at the next they do not.
  const header = readJ2kStream(WITH_OFFSET);
  for (const side of [15, 9, 7]) {
    const small = await decodeJpeg2000(header, levelFor(header, { columns: side, rows: side }));
    const mean = [...small.values].reduce((sum, value) => sum + value, 0) / small.values.length;
    const whole = expected.reduce((sum, value) => sum + value, 0) / expected.length;
    expect(Math.abs(mean - whole) / 255).toBeLessThan(0.03);
    expect(small.columns / small.rows).toBeCloseTo(38 / 30, 1);
  }
});
