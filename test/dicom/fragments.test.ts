// Fragments are dealt out to frames by table, by count or by end markers, and never by a guess.
import { describe, expect, test } from 'vitest';
import { compressedFile, type Picture, SYNTAX } from './support/build.ts';
import { decodeBytes, refusalOf } from './support/decode.ts';
import { encodeFrame, encodeRle, wave } from './support/encode.ts';

const picture: Picture = { rows: 24, columns: 20 };
const three: Picture = { ...picture, frames: 3 };
const expected = [0, 1, 2].flatMap((seed) => wave(picture, seed));

const streams = (): Promise<Buffer[]> =>
  Promise.all([0, 1, 2].map((seed) => encodeFrame('jpeg-ls', picture, wave(picture, seed))));

/** Cuts a stream into `parts` of even length, as fragments have. */
function split(stream: Buffer, parts: number): Buffer[] {
  const size = 2 * Math.ceil(stream.length / parts / 2);
  return Array.from({ length: parts }, (_, index) => stream.subarray(index * size, (index + 1) * size));
}

function basicTable(fragments: readonly (readonly Buffer[])[]): Buffer {
  const table = Buffer.alloc(4 * fragments.length);
  let offset = 0;
  for (const [frame, parts] of fragments.entries()) {
    table.writeUInt32LE(offset, 4 * frame);
    for (const part of parts) offset += 8 + part.length + (part.length % 2);
  }
  return table;
}

const decoded = async (fragments: readonly Buffer[], table?: Buffer): Promise<number[]> => {
  const options = { syntax: SYNTAX.jpegLs, ...(table === undefined ? {} : { table }) };
  return [...(await decodeBytes(compressedFile(three, fragments, options))).values];
};

describe('several fragments per frame', () => {
  test('with a basic offset table', async () => {
    const parts = (await streams()).map((stream) => split(stream, 3));
    expect(await decoded(parts.flat(), basicTable(parts))).toEqual(expected);
  });

  test('with an empty table, by the end marker of each stream', async () => {
    const parts = (await streams()).map((stream, index) => split(stream, index + 1));
    expect(await decoded(parts.flat())).toEqual(expected);
  });

  test('of a single frame, all of them', async () => {
    const [stream] = await streams();
    const file = compressedFile(picture, split(stream!, 5), { syntax: SYNTAX.jpegLs });
    expect([...(await decodeBytes(file)).values]).toEqual(wave(picture, 0));
  });

  test('with an extended offset table', async () => {
    const parts = (await streams()).map((stream) => split(stream, 2));
    const basic = basicTable(parts);
    const extended = Buffer.alloc(24);
    for (let frame = 0; frame < 3; frame++) extended.writeBigUInt64LE(BigInt(basic.readUInt32LE(4 * frame)), 8 * frame);
    const file = compressedFile(three, parts.flat(), { syntax: SYNTAX.jpegLs, more: { 0x7fe00001: ['OV', extended] } });
    expect([...(await decodeBytes(file)).values]).toEqual(expected);
  });
});

test('a wrong table beside one fragment per frame leaves no doubt', async () => {
  expect(await decoded(await streams(), Buffer.from('000000000700000009000000', 'hex'))).toEqual(expected);
});

test('a lost fragment is refused, whichever it is', async () => {
  const parts = (await streams()).map((stream) => split(stream, 2)).flat();
  for (const lost of parts.keys()) {
    const rest = parts.filter((_, index) => index !== lost);
    const file = compressedFile(three, rest, { syntax: SYNTAX.jpegLs });
    expect(await refusalOf(() => decodeBytes(file))).toMatch(/^dicom\.(missing-frames|truncated|broken-stream)$/);
  }
});

test('fragments that cannot be dealt out are refused', async () => {
  const frames = [0, 1, 2].map((seed) => encodeRle(picture, wave(picture, seed)));
  const file = compressedFile(three, [...frames, frames[0]!], { syntax: SYNTAX.rle });
  expect(await refusalOf(() => decodeBytes(file))).toBe('dicom.missing-frames');
});

test('an empty fragment for a frame, or none at all, is refused', async () => {
  const [stream] = await streams();
  const empty = compressedFile({ ...picture, frames: 2 }, [stream!, Buffer.alloc(0)], { syntax: SYNTAX.jpegLs });
  expect(await refusalOf(() => decodeBytes(empty))).toBe('dicom.broken-fragments');
  const none = compressedFile(picture, [], { syntax: SYNTAX.jpegLs });
  expect(await refusalOf(() => decodeBytes(none))).toBe('dicom.missing-frames');
});
