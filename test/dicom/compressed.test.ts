// Every codec: what was encoded comes back, and a stream that is not whole, or not of this size, never becomes a picture.
import { describe, expect, test } from 'vitest';
import { compressedFile, type Picture, SYNTAX } from './support/build.ts';
import { decodeBytes, refusalOf, valuesOf } from './support/decode.ts';
import { type Encoder, encodeFrame, encodeRle, wave } from './support/encode.ts';

interface Case {
  readonly name: string;
  readonly syntax: string;
  readonly picture: Picture;
  /** Largest difference that the codec may make. */
  readonly tolerance: number;
  readonly encode: (picture: Picture, values: readonly number[]) => Promise<Buffer>;
}

const by =
  (encoder: Encoder) =>
  (picture: Picture, values: readonly number[]): Promise<Buffer> =>
    encodeFrame(encoder, picture, values);
const rle = async (picture: Picture, values: readonly number[]): Promise<Buffer> => encodeRle(picture, values);

const gray8: Picture = { rows: 33, columns: 47 };
const gray12: Picture = { rows: 40, columns: 37, bitsAllocated: 16, bitsStored: 12 };
const gray16: Picture = { rows: 24, columns: 31, bitsAllocated: 16 };
const signed16: Picture = { ...gray16, signed: true };
const rgb: Picture = { rows: 29, columns: 33, samples: 3 };

const cases: readonly Case[] = [
  { name: 'RLE 8 bit', syntax: SYNTAX.rle, picture: gray8, tolerance: 0, encode: rle },
  { name: 'RLE signed 16 bit', syntax: SYNTAX.rle, picture: signed16, tolerance: 0, encode: rle },
  { name: 'RLE colour', syntax: SYNTAX.rle, picture: rgb, tolerance: 0, encode: rle },
  { name: 'JPEG baseline', syntax: SYNTAX.jpegBaseline, picture: gray8, tolerance: 24, encode: by('jpeg') },
  {
    name: 'JPEG lossless 8 bit',
    syntax: SYNTAX.jpegLossless,
    picture: gray8,
    tolerance: 0,
    encode: by('jpeg-lossless'),
  },
  {
    name: 'JPEG lossless 16 bit',
    syntax: SYNTAX.jpegLossless,
    picture: gray16,
    tolerance: 0,
    encode: by('jpeg-lossless'),
  },
  { name: 'JPEG-LS 12 bit', syntax: SYNTAX.jpegLs, picture: gray12, tolerance: 0, encode: by('jpeg-ls') },
  { name: 'JPEG-LS colour', syntax: SYNTAX.jpegLs, picture: rgb, tolerance: 0, encode: by('jpeg-ls') },
  {
    name: 'JPEG-LS near-lossless',
    syntax: SYNTAX.jpegLsNear,
    picture: gray8,
    tolerance: 3,
    encode: by('jpeg-ls-near'),
  },
  { name: 'JPEG 2000 12 bit', syntax: SYNTAX.jpeg2000, picture: gray12, tolerance: 0, encode: by('jpeg-2000') },
  {
    name: 'JPEG 2000 signed 16 bit',
    syntax: SYNTAX.jpeg2000,
    picture: signed16,
    tolerance: 0,
    encode: by('jpeg-2000'),
  },
  { name: 'JPEG 2000 colour', syntax: SYNTAX.jpeg2000, picture: rgb, tolerance: 0, encode: by('jpeg-2000') },
  {
    name: 'JPEG 2000 lossy',
    syntax: SYNTAX.jpeg2000Lossy,
    picture: gray8,
    tolerance: 40,
    encode: by('jpeg-2000-lossy'),
  },
  { name: 'HTJ2K 12 bit', syntax: SYNTAX.htj2k, picture: gray12, tolerance: 0, encode: by('htj2k') },
  { name: 'HTJ2K colour', syntax: SYNTAX.htj2k, picture: rgb, tolerance: 0, encode: by('htj2k') },
];

describe.each(cases)('$name', ({ syntax, picture, tolerance, encode }) => {
  const file = (fragments: readonly Buffer[], change: Partial<Picture> = {}): Buffer =>
    compressedFile({ ...picture, ...change }, fragments, { syntax });
  const values = wave(picture);

  test('what was encoded comes back', async () => {
    const decoded = await valuesOf(file([await encode(picture, values)]));
    expect(decoded).toHaveLength(values.length);
    const largest = decoded.reduce((most, value, index) => Math.max(most, Math.abs(value - values[index]!)), 0);
    expect(largest).toBeLessThanOrEqual(tolerance);
  });

  test('a file that is cut anywhere is refused', async () => {
    const whole = file([await encode(picture, values)]);
    const outcomes = new Set<string>();
    for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 150))) {
      outcomes.add(await refusalOf(() => decodeBytes(whole.subarray(0, length))));
    }
    outcomes.add(await refusalOf(() => decodeBytes(whole.subarray(0, -1))));
    expect([...outcomes]).not.toContain('decoded');
  });

  test('a stream that is cut anywhere inside an intact file is refused, with an end marker put on or without', async () => {
    const stream = await encode(picture, values);
    const outcomes = new Set<string>();
    // Padding may stand after the end; everything before it is needed.
    const needed = stream.length - (stream.at(-1) === 0 || stream.at(-1) === 0x80 ? 2 : 1);
    for (let length = 1; length < needed; length += Math.max(1, Math.floor(stream.length / 80))) {
      outcomes.add(await refusalOf(() => decodeBytes(file([stream.subarray(0, length)]))));
      const closed = Buffer.concat([stream.subarray(0, length), Buffer.from([0xff, 0xd9])]);
      outcomes.add(await refusalOf(() => decodeBytes(file([closed]))));
    }
    expect([...outcomes]).not.toContain('decoded');
  });

  test('a stream of another size, or of other components, is refused', async () => {
    const stream = await encode(picture, values);
    for (const change of [{ rows: picture.rows + 1 }, { columns: picture.columns - 1 }, { rows: picture.rows * 2 }]) {
      expect(await refusalOf(() => decodeBytes(file([stream], change)))).toMatch(
        /^dicom\.(size-mismatch|truncated|broken-stream)$/,
      );
    }
    const other = { samples: picture.samples === 3 ? 1 : 3, photometric: 'RGB' } as const;
    expect(await refusalOf(() => decodeBytes(file([stream], other)))).toBe('dicom.size-mismatch');
  });

  test('frames fewer than said are refused, and no frame shows another', async () => {
    const frames = [await encode(picture, values), await encode(picture, wave(picture, 5))];
    expect(await refusalOf(() => decodeBytes(file(frames, { frames: 3 })))).toBe('dicom.missing-frames');
    const decoded = await decodeBytes(file(frames, { frames: 2 }));
    expect(decoded.frames).toBe(2);
    const alone = await valuesOf(file([frames[1]!]));
    expect([...decoded.values.subarray(values.length)]).toEqual(alone);
  });

  test('after a broken stream the next picture is decoded from itself', async () => {
    const good = file([await encode(picture, values)]);
    const before = await valuesOf(good);
    const other = await encode(picture, wave(picture, 9));
    const middle = Math.floor(other.length / 2);
    const broken = Buffer.concat([other.subarray(0, middle), Buffer.alloc(other.length - middle)]);
    expect(await refusalOf(() => decodeBytes(file([broken])))).not.toBe('decoded');
    expect(await valuesOf(good)).toEqual(before);
  });
});

test('a second image inside a single frame is refused, because nobody can say which was meant', async () => {
  const first = await encodeFrame('jpeg', gray8, wave(gray8));
  const second = await encodeFrame('jpeg', gray8, wave(gray8, 3));
  const file = compressedFile(gray8, [first, second], { syntax: SYNTAX.jpegBaseline });
  expect(await refusalOf(() => decodeBytes(file))).toBe('dicom.missing-frames');
});

test('a JPEG 2000 stream whose last tile-part has no length is proved by its end marker', async () => {
  const stream = Buffer.from(await encodeFrame('jpeg-2000', gray12, wave(gray12)));
  const tilePart = stream.indexOf(Buffer.from([0xff, 0x90, 0x00, 0x0a]));
  stream.writeUInt32BE(0, tilePart + 6);
  expect(await valuesOf(compressedFile(gray12, [stream], { syntax: SYNTAX.jpeg2000 }))).toEqual(wave(gray12));
  const cut = compressedFile(gray12, [stream.subarray(0, -40)], { syntax: SYNTAX.jpeg2000 });
  expect(await refusalOf(() => decodeBytes(cut))).toBe('dicom.truncated');
});

test.each([
  ['JPEG 2000', 'jpeg-2000', SYNTAX.jpeg2000],
  ['HTJ2K', 'htj2k', SYNTAX.htj2k],
] as const)(
  '%s: foreign bytes inside the coded data are refused where they hold a marker',
  async (_name, encoder, syntax) => {
    const whole = Buffer.from(await encodeFrame(encoder, gray12, wave(gray12)));
    const start = whole.indexOf(Buffer.from([0xff, 0x93])) + 2;
    for (let at = start; at + 2 <= whole.length - 2; at += 97) {
      const changed = Buffer.from(whole);
      changed.set([0xff, 0xa5], at);
      const file = compressedFile(gray12, [changed], { syntax });
      expect(await refusalOf(() => decodeBytes(file)), `at ${at}`).toBe('dicom.broken-stream');
    }
  },
);

test('signed values in a JPEG-LS or JPEG stream, which know no sign, are extended from Bits Stored', async () => {
  const picture: Picture = { rows: 16, columns: 16, bitsAllocated: 16, bitsStored: 12, signed: true };
  const values = wave(picture);
  const masked = values.map((value) => value & 0xfff);
  for (const [encoder, syntax] of [
    ['jpeg-ls', SYNTAX.jpegLs],
    ['jpeg-lossless', SYNTAX.jpegLossless],
  ] as const) {
    const stream = await encodeFrame(encoder, { ...picture, signed: false }, masked);
    expect(await valuesOf(compressedFile(picture, [stream], { syntax }))).toEqual(values);
  }
});

test('a JPEG 2000 stream that claims a huge image is refused before anything is allocated', async () => {
  const stream = Buffer.from(await encodeFrame('jpeg-2000', gray8, wave(gray8)));
  stream.writeUInt32BE(60_000, 8);
  stream.writeUInt32BE(60_000, 12);
  const file = compressedFile(gray8, [stream], { syntax: SYNTAX.jpeg2000 });
  expect(await refusalOf(() => decodeBytes(file))).toMatch(/^dicom\.(size-mismatch|broken-stream|truncated)$/);
});

test('JPEG XL, video and unknown syntaxes are refused with their own codes', async () => {
  const withSyntax = (syntax: string): Buffer => compressedFile(gray8, [Buffer.alloc(16)], { syntax });
  expect(await refusalOf(() => decodeBytes(withSyntax(SYNTAX.jpegXl)))).toBe('dicom.jpeg-xl');
  expect(await refusalOf(() => decodeBytes(withSyntax(SYNTAX.mpeg2)))).toBe('dicom.video');
  expect(await refusalOf(() => decodeBytes(withSyntax('1.2.840.10008.1.2.4.92')))).toBe(
    'dicom.unsupported-transfer-syntax',
  );
  expect(await refusalOf(() => decodeBytes(withSyntax('1.2.3.4')))).toBe('dicom.unknown-transfer-syntax');
});
