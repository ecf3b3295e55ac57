// PNG and JPEG uploads: gray as Pillow makes it, upright, whole or refused; and the PNGs that we write.
import { existsSync, readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture, encodeGrayPng, encodeRgbaPng, lumaOf, shrinkGrayJpeg } from '#image/picture.ts';
import { CareError } from '#kernel/errors.ts';

function chunk(type: string, body: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const frame = Buffer.alloc(8 + data.length);
  frame.writeUInt32BE(body.length, 0);
  data.copy(frame, 4);
  frame.writeUInt32BE(crc32(data), 4 + data.length);
  return frame;
}

/** A PNG written by hand: colour type 0 gray, 2 RGB, 4 gray with alpha; one row. */
function png(columns: number, row: Buffer, { depth, colour }: { depth: number; colour: number }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(1, 4);
  header[8] = depth;
  header[9] = colour;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat([Buffer.alloc(1), row]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const grayOf = async (bytes: Buffer): Promise<number[]> => [...(await decodePicture(bytes)).values];
const close = (expected: readonly number[]): unknown => expected.map((value) => expect.closeTo(value, 6));

async function refusalOf(bytes: Buffer): Promise<string> {
  try {
    await decodePicture(bytes);
    return 'decoded';
  } catch (error) {
    if (error instanceof CareError) return error.code;
    throw error;
  }
}

describe('PNG', () => {
  test('8-bit gray is its value over 255', async () => {
    expect(await grayOf(png(3, Buffer.from([0, 51, 255]), { depth: 8, colour: 0 }))).toEqual(close([0, 0.2, 1]));
  });

  test('16-bit gray keeps its 16 bits', async () => {
    const row = Buffer.from([0x00, 0x01, 0x80, 0x00, 0xff, 0xff]);
    expect(await grayOf(png(3, row, { depth: 16, colour: 0 }))).toEqual(close([1 / 65535, 32768 / 65535, 1]));
  });

  test('one-bit gray is black and white', async () => {
    expect(await grayOf(png(4, Buffer.from([0b10100000]), { depth: 1, colour: 0 }))).toEqual([1, 0, 1, 0]);
  });

  test('colour becomes luma as Pillow rounds it', async () => {
    // (10 × 19595 + 200 × 38470 + 30 × 7471 + 32768) >> 16 = 124
    expect(lumaOf(10, 200, 30)).toBe(124);
    expect(await grayOf(png(1, Buffer.from([10, 200, 30]), { depth: 8, colour: 2 }))).toEqual(close([124 / 255]));
  });

  test('what is transparent lies on black', async () => {
    expect(await grayOf(png(2, Buffer.from([200, 0, 200, 255]), { depth: 8, colour: 4 }))).toEqual(
      close([0, 200 / 255]),
    );
  });
});

describe('JPEG', () => {
  const size = { columns: 96, rows: 64 };
  const pixels = Buffer.from(
    Array.from({ length: 96 * 64 }, (_, at) => Math.round(127 + 100 * Math.sin((at % 96) / 9))),
  );
  const jpeg = (orientation?: number): Promise<Buffer> => {
    const picture = sharp(pixels, { raw: { width: 96, height: 64, channels: 1 } }).toColourspace('b-w');
    return (orientation === undefined ? picture : picture.withMetadata({ orientation }))
      .jpeg({ quality: 95 })
      .toBuffer();
  };

  test('gray comes back near what was encoded', async () => {
    const { values, columns, rows } = await decodePicture(await jpeg());
    expect([columns, rows]).toEqual([96, 64]);
    const largest = values.reduce((most, value, at) => Math.max(most, Math.abs(value * 255 - pixels[at]!)), 0);
    expect(largest).toBeLessThan(6);
  });

  test('it is turned upright by its EXIF orientation', async () => {
    const { columns, rows, sourceColumns, sourceRows } = await decodePicture(await jpeg(6));
    expect([columns, rows, sourceColumns, sourceRows]).toEqual([64, 96, 64, 96]);
  });

  test('it is shrunk while it is decoded, to no less than was asked for', async () => {
    const frame = await decodePicture(await jpeg(), { atLeast: { columns: 40, rows: 30 } });
    expect([frame.columns, frame.rows, frame.sourceColumns, frame.sourceRows]).toEqual([48, 32, 96, 64]);
    const gray = await shrinkGrayJpeg(await jpeg(), size, { columns: 24, rows: 16 });
    expect([gray.columns, gray.rows, gray.values.length]).toEqual([24, 16, 24 * 16]);
  });

  test('a picture that is cut is refused, wherever it is cut', async () => {
    const whole = await jpeg();
    for (let share = 1; share < 20; share++) {
      const outcome = await refusalOf(whole.subarray(0, Math.floor((whole.length * share) / 20)));
      expect(outcome).toMatch(/^image\.(broken|not-a-picture)$/);
    }
    expect(await refusalOf(whole.subarray(0, -2))).toBe('image.broken');
  });
});

describe('refusals', () => {
  test('other files, and other picture formats', async () => {
    expect(await refusalOf(Buffer.from('hello'))).toBe('image.not-a-picture');
    expect(await refusalOf(Buffer.alloc(0))).toMatch(/^image\./);
    const gif = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .gif()
      .toBuffer();
    expect(await refusalOf(gif)).toBe('image.not-a-picture');
    const cmyk = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect(await refusalOf(cmyk)).toBe('image.unsupported-colour');
  });

  test('a PNG that is cut', async () => {
    const whole = png(300, Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 73) % 256)), {
      depth: 8,
      colour: 0,
    });
    expect(await refusalOf(whole.subarray(0, whole.length - 60))).toBe('image.broken');
  });

  test('a small file that claims a huge picture', async () => {
    const header = png(1, Buffer.from([0]), { depth: 8, colour: 0 });
    const ihdr = Buffer.from(header.subarray(16, 29));
    ihdr.writeUInt32BE(60_000, 0);
    ihdr.writeUInt32BE(60_000, 4);
    const bomb = Buffer.concat([header.subarray(0, 8), chunk('IHDR', ihdr), header.subarray(33)]);
    expect(await refusalOf(bomb)).toBe('image.too-large');
  });
});

describe('what we write', () => {
  test('gray values come back as 8-bit gray', async () => {
    const bytes = await encodeGrayPng({ columns: 4, rows: 1, values: Float32Array.of(-0.5, 0.2, 1, 2) });
    const { data, info } = await sharp(bytes).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(1);
    expect([...data]).toEqual([0, 51, 255, 255]);
  });

  test('RGBA comes back as it was', async () => {
    const rgba = Uint8Array.of(255, 0, 0, 128, 0, 255, 0, 0);
    const { data } = await sharp(await encodeRgbaPng({ columns: 2, rows: 1, rgba }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data]).toEqual([...rgba]);
  });
});

const FOLDER = '../shared/data/cxr/img';
describe.skipIf(!existsSync(FOLDER))('real films', () => {
  test('a gray JPEG has the very values that libjpeg gives, over 255', async () => {
    const bytes = readFileSync(`${FOLDER}/ker_IM-0005-0001.jpg`);
    const { values, columns, rows } = await decodePicture(bytes);
    const plain = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
    expect(values).toHaveLength(columns * rows);
    expect(Array.from(values.subarray(0, 1000))).toEqual(
      close(Array.from(plain.subarray(0, 1000)).map((byte: number) => byte / 255)),
    );
  });
});
