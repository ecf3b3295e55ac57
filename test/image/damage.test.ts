// A picture that was damaged is refused, whatever the damage: libjpeg and libpng alone would show gray in place of what is lost.
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodePicture } from '#image/picture.ts';
import { CareError } from '#kernel/errors.ts';

const SIDE = 256;
/** A film's smooth shapes with the noise of a detector. */
const gray = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
  const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
  return 128 + 90 * Math.sin(x / 30) * Math.cos(y / 25) + ((x * 31 + y * 17) % 13) - 6;
});
const picture = () => sharp(gray, { raw: { width: SIDE, height: SIDE, channels: 1 } });

const FORMATS = {
  'baseline JPEG': () => picture().toColourspace('b-w').jpeg({ quality: 85 }).toBuffer(),
  'progressive JPEG': () => picture().toColourspace('b-w').jpeg({ quality: 85, progressive: true }).toBuffer(),
  'colour JPEG': () => picture().toColourspace('srgb').jpeg({ quality: 85 }).toBuffer(),
  PNG: () => picture().toColourspace('b-w').png().toBuffer(),
  'interlaced PNG': () => picture().toColourspace('b-w').png({ progressive: true }).toBuffer(),
} as const;

async function verdict(bytes: Buffer): Promise<string> {
  try {
    await decodePicture(bytes);
    return 'read';
  } catch (thrown) {
    if (thrown instanceof CareError) return thrown.code;
    throw thrown;
  }
}

/** The same bytes in every run. */
function noise(length: number, seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 16;
    }),
  );
}

describe.each(Object.entries(FORMATS))('%s', (name, make) => {
  let whole: Buffer;
  beforeAll(async () => {
    whole = await make();
  });
  const tail = name.endsWith('JPEG') ? 2 : 12;

  test('whole, and with bytes behind its end, it is read', async () => {
    expect(await verdict(whole)).toBe('read');
    for (const rest of [Buffer.alloc(50), noise(300, 1), whole]) {
      expect(await verdict(Buffer.concat([whole, rest]))).toBe('read');
    }
  });

  test('filled up from anywhere, with its end put on, it is broken', async () => {
    for (const fill of [0x00, 0x55, 0xff]) {
      for (const share of [0.4, 0.6, 0.9]) {
        const damaged = Buffer.from(whole);
        damaged.fill(fill, Math.floor(whole.length * share), whole.length - tail);
        expect(await verdict(damaged), `${fill} from ${share}`).toBe('image.broken');
      }
    }
  });

  test('with 400 foreign bytes anywhere in its middle, it is broken', async () => {
    // A progressive JPEG sends its details last, where few bytes decide little; its first half holds the picture.
    const shares = name.startsWith('progressive') ? [0.3, 0.35, 0.4, 0.45] : [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    for (const [seed, share] of shares.entries()) {
      const damaged = Buffer.from(whole);
      noise(400, seed + 7).copy(damaged, Math.floor(whole.length * share));
      expect(await verdict(damaged), `at ${share}`).toBe('image.broken');
    }
  });

  test('cut anywhere, or with bytes left out, it is broken', async () => {
    for (const share of [0.3, 0.6, 0.9]) {
      const at = Math.floor(whole.length * share);
      expect(await verdict(whole.subarray(0, at))).toBe('image.broken');
      expect(await verdict(Buffer.concat([whole.subarray(0, at), whole.subarray(at + 100)]))).toBe('image.broken');
    }
    expect(await verdict(whole.subarray(0, whole.length - tail))).toBe('image.broken');
  });
});

test('a line of white text does not hide that a 16-bit PNG holds 12 bits', async () => {
  const values = Uint16Array.from({ length: 100 * 100 }, (_, at) => (at < 40 ? 65535 : ((at % 100) / 99) * 4095));
  const png = await sharp(values, { raw: { width: 100, height: 100, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
  const { values: frame } = await decodePicture(png);
  expect(frame[0]).toBe(1);
  expect(frame[199]).toBeCloseTo(1, 3);
  expect(frame[150]).toBeCloseTo(50 / 99, 2);
});

test('a 16-bit and an 8-bit picture that are merely dark stay as dark as they are', async () => {
  for (const [depth, peak, raw] of [
    ['grey16', 65535, Uint16Array.from({ length: 4096 }, (_, at) => (at % 64) * 520)],
    ['b-w', 255, Uint8Array.from({ length: 4096 }, (_, at) => 2 * (at % 64))],
  ] as const) {
    const png = await sharp(raw, { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace(depth)
      .png()
      .toBuffer();
    const { values } = await decodePicture(png);
    expect(values[63]).toBeCloseTo((raw[63] ?? 0) / peak, 4);
  }
});

test.each([8, 10, 12, 14, 16])('%i bits in a 16-bit PNG fill the range of gray', async (bits) => {
  const values = Uint16Array.from({ length: 64 * 64 }, (_, at) => Math.round(((at % 64) / 63) * (2 ** bits - 1)));
  const png = await sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
  const { values: frame } = await decodePicture(png);
  expect(frame[0]).toBe(0);
  expect(frame[63]).toBe(1);
  expect(frame[21]).toBeCloseTo(1 / 3, 2);
});
