// Uncompressed pixels: cells, byte orders, planes, 4:2:2, and data that do not fit their tags.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compressedFile, nativeFile, type Picture, SYNTAX } from './support/build.ts';
import { decodeBytes, refusalOf, valuesOf } from './support/decode.ts';
import { cells, wave } from './support/encode.ts';

describe('cells', () => {
  test.each([8, 16, 32])('%i bits, unsigned and signed, come back in the declared type', async (bitsAllocated) => {
    for (const signed of [false, true]) {
      const picture = { rows: 5, columns: 7, bitsAllocated, signed };
      const values = wave(picture);
      const decoded = await decodeBytes(nativeFile(picture, cells(values, bitsAllocated)));
      expect(decoded.type).toBe(`${signed ? 'int' : 'uint'}${bitsAllocated}`);
      expect([...decoded.values]).toEqual(values);
    }
  });

  test('big endian words are turned round', async () => {
    const picture = { rows: 3, columns: 5, bitsAllocated: 16, signed: true };
    const values = wave(picture);
    const swapped = cells(values, 16).swap16();
    expect(await valuesOf(nativeFile(picture, swapped, { syntax: SYNTAX.bigEndian }))).toEqual(values);
  });

  test('a signed value is extended from Bits Stored: FFB of 12 bits is −5', async () => {
    const picture = { rows: 1, columns: 2, bitsAllocated: 16, bitsStored: 12, signed: true };
    expect(await valuesOf(nativeFile(picture, Buffer.from([0xfb, 0x0f, 0x05, 0x00])))).toEqual([-5, 5]);
  });

  test('bits above Bits Stored, where old devices keep overlays, are no part of the value', async () => {
    const picture = { rows: 1, columns: 2, bitsAllocated: 16, bitsStored: 12 };
    expect(await valuesOf(nativeFile(picture, Buffer.from([0x34, 0xf2, 0xff, 0x8f])))).toEqual([0x234, 0xfff]);
  });

  test('a value that lies higher in its cell is brought down: High Bit 15 of 12 stored', async () => {
    const picture = { rows: 1, columns: 1, bitsAllocated: 16, bitsStored: 12, highBit: 15 };
    expect(await valuesOf(nativeFile(picture, Buffer.from([0x40, 0x12])))).toEqual([0x124]);
  });

  test('one-bit frames follow each other without padding, lowest bit first', async () => {
    // Two frames of 3 pixels: 101 and 011, so the byte is 0b110101.
    const picture = { rows: 1, columns: 3, frames: 2, bitsAllocated: 1 };
    expect(await valuesOf(nativeFile(picture, Buffer.from([0b110101, 0])))).toEqual([1, 0, 1, 0, 1, 1]);
  });

  test('colour planes are interleaved, frame by frame', async () => {
    const picture: Picture = { rows: 1, columns: 2, frames: 2, samples: 3, planar: true };
    const bytes = Buffer.from([1, 2, 11, 12, 21, 22, 3, 4, 13, 14, 23, 24]);
    expect(await valuesOf(nativeFile(picture, bytes))).toEqual([1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24]);
  });

  test('4:2:2 chroma is brought to full resolution', async () => {
    const picture: Picture = { rows: 1, columns: 4, samples: 3, photometric: 'YBR_FULL_422' };
    const bytes = Buffer.from([10, 20, 100, 200, 30, 40, 110, 210]);
    expect(await valuesOf(nativeFile(picture, bytes))).toEqual([
      10, 100, 200, 20, 100, 200, 30, 110, 210, 40, 110, 210,
    ]);
  });

  test('deflated frames are unpacked one by one, one-bit ones to whole bytes each', async () => {
    const picture = { rows: 1, columns: 3, frames: 2, bitsAllocated: 1 };
    const frames = [deflateRawSync(Buffer.from([0b101])), deflateRawSync(Buffer.from([0b110]))];
    expect(await valuesOf(compressedFile(picture, frames, { syntax: SYNTAX.deflatedFrame }))).toEqual([
      1, 0, 1, 0, 1, 1,
    ]);
    const bomb = deflateRawSync(Buffer.alloc(100_000));
    expect(
      await refusalOf(() => decodeBytes(compressedFile(picture, [bomb, bomb], { syntax: SYNTAX.deflatedFrame }))),
    ).toBe('dicom.size-mismatch');
  });
});

describe('refusals', () => {
  const outcome = (picture: Picture, length: number, fill = 9): Promise<string> =>
    refusalOf(() => decodeBytes(nativeFile(picture, Buffer.alloc(length, fill))));

  test('pixels shorter or longer than the tags say; padding is no fault', async () => {
    expect(await outcome({ rows: 4, columns: 4 }, 14)).toBe('dicom.size-mismatch');
    expect(await outcome({ rows: 4, columns: 4 }, 32)).toBe('dicom.size-mismatch');
    expect(await outcome({ rows: 4, columns: 4, frames: 3 }, 32)).toBe('dicom.missing-frames');
    expect(await outcome({ rows: 3, columns: 3 }, 10)).toBe('decoded');
    expect(await outcome({ rows: 4, columns: 4 }, 20, 0)).toBe('decoded');
  });

  test('bits that make no sense', async () => {
    expect(await outcome({ rows: 4, columns: 4, bitsAllocated: 12, bitsStored: 12 }, 24)).toBe('dicom.absurd-bits');
    expect(await outcome({ rows: 4, columns: 4, bitsAllocated: 8, bitsStored: 16 }, 16)).toBe('dicom.absurd-bits');
    expect(await outcome({ rows: 4, columns: 4, bitsAllocated: 16, bitsStored: 0, highBit: 0 }, 32)).toBe(
      'dicom.absurd-bits',
    );
    expect(await outcome({ rows: 4, columns: 4, bitsAllocated: 16, bitsStored: 12, highBit: 16 }, 32)).toBe(
      'dicom.absurd-bits',
    );
    expect(await outcome({ rows: 4, columns: 4, bitsAllocated: 16, bitsStored: 12, highBit: 5 }, 32)).toBe(
      'dicom.absurd-bits',
    );
  });

  test('sizes that make no sense', async () => {
    expect(await outcome({ rows: 0, columns: 4 }, 16)).toBe('dicom.absurd-size');
    expect(await outcome({ rows: 65535, columns: 65535 }, 16)).toBe('dicom.absurd-size');
    expect(await outcome({ rows: 512, columns: 512, frames: 999_999_999 }, 16)).toBe('dicom.absurd-size');
  });

  test('a missing tag is named, and gets no default', async () => {
    for (const [tag, name] of [
      [0x00280010, '(0028,0010)'],
      [0x00280100, '(0028,0100)'],
      [0x00280101, '(0028,0101)'],
      [0x00280103, '(0028,0103)'],
      [0x00280002, '(0028,0002)'],
      [0x00280004, '(0028,0004)'],
    ] as const) {
      const bytes = nativeFile({ rows: 2, columns: 2 }, Buffer.alloc(4), { more: { [tag]: ['US', Buffer.alloc(0)] } });
      await expect(decodeBytes(bytes)).rejects.toMatchObject({ code: 'dicom.missing-tag', field: name });
    }
  });

  test('colour without a planar configuration, or with an absurd one', async () => {
    const picture: Picture = { rows: 2, columns: 2, samples: 3 };
    const file = (value: Buffer): Buffer =>
      nativeFile(picture, Buffer.alloc(12), { more: { 0x00280006: ['US', value] } });
    expect(await refusalOf(() => decodeBytes(file(Buffer.alloc(0))))).toBe('dicom.missing-tag');
    expect(await refusalOf(() => decodeBytes(file(Buffer.from([5, 0]))))).toBe('dicom.bad-tag');
  });

  test('a second deflated stream inside a single frame', async () => {
    const picture = { rows: 2, columns: 2 };
    const streams = [deflateRawSync(Buffer.from([1, 2, 3, 4])), deflateRawSync(Buffer.from([5, 6, 7, 8]))];
    const file = compressedFile(picture, streams, { syntax: SYNTAX.deflatedFrame });
    expect(await refusalOf(() => decodeBytes(file))).toBe('dicom.missing-frames');
  });

  test('no pixel data, and pixels that are floating-point numbers', async () => {
    expect(await outcome({ rows: 2, columns: 2 }, 0)).toBe('dicom.no-pixel-data');
    const float = nativeFile({ rows: 2, columns: 2 }, Buffer.alloc(0), {
      more: { 0x7fe00008: ['OF', Buffer.alloc(16)] },
    });
    expect(await refusalOf(() => decodeBytes(float))).toBe('dicom.unsupported-pixels');
  });
});
