// Files in every encoding are parsed alike; whatever is cut, bombed or no DICOM is refused and never crashes.
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, asciiValues, numbersOrNaN, shorts } from '#dicom/read/element.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { type Elements, encodeDataSet, nativeFile, part10, pictureElements, SYNTAX } from './support/build.ts';
import { refusalOf } from './support/decode.ts';

const elements: Elements = {
  0x00080005: ['CS', 'ISO_IR 192'],
  0x00080018: ['UI', '1.2.3'],
  0x00080060: ['CS', 'DX'],
  0x00100010: ['PN', 'A^B'],
  0x00280010: ['US', 7],
  0x00281050: ['DS', '-12.5\\40 '],
  0x00283010: ['SQ', [{ 0x00283002: ['US', [3, 0, 8]] }, { 0x00283002: ['US', [4, 1, 8]] }]],
};

function readBack(bytes: Buffer): object {
  const { dataSet } = parseDicom(bytes);
  return {
    modality: ascii(dataSet, 0x00080060),
    rows: shorts(dataSet, 0x00280010),
    centers: numbersOrNaN(dataSet, 0x00281050),
    tables: itemsOf(dataSet, 0x00283010).map((item) => shorts(item, 0x00283002)),
  };
}

const written = {
  modality: 'DX',
  rows: [7],
  centers: [-12.5, 40],
  tables: [
    [3, 0, 8],
    [4, 1, 8],
  ],
};

const implicit = { explicitVr: false, bigEndian: false };
const big = { explicitVr: true, bigEndian: true };

describe('encodings', () => {
  test('explicit and implicit little endian, explicit big endian, deflated', () => {
    expect(readBack(part10(encodeDataSet(elements), SYNTAX.explicit))).toEqual(written);
    expect(readBack(part10(encodeDataSet(elements, implicit), SYNTAX.implicit))).toEqual(written);
    expect(readBack(part10(encodeDataSet(elements, big), SYNTAX.bigEndian))).toEqual(written);
    expect(readBack(part10(deflateRawSync(encodeDataSet(elements)), SYNTAX.deflated))).toEqual(written);
  });

  test('no preamble, no meta information', () => {
    for (const encoding of [implicit, big, { explicitVr: true, bigEndian: false }]) {
      expect(readBack(encodeDataSet(elements, encoding))).toEqual(written);
    }
    expect(readBack(part10(encodeDataSet(elements), SYNTAX.explicit).subarray(132))).toEqual(written);
    expect(readBack(part10(encodeDataSet(elements), SYNTAX.explicit).subarray(128))).toEqual(written);
  });

  test('a writer that names implicit and writes explicit, or the reverse, is understood by its first element', () => {
    expect(readBack(part10(encodeDataSet(elements), SYNTAX.implicit))).toEqual(written);
    expect(readBack(part10(encodeDataSet(elements, implicit), SYNTAX.explicit))).toEqual(written);
  });

  test('a sequence with written lengths reads as one without', () => {
    const item = encodeDataSet({ 0x00080060: ['CS', 'CR'] });
    const itemHeader = Buffer.from([0xfe, 0xff, 0x00, 0xe0, item.length, 0, 0, 0]);
    const bytes = encodeDataSet({ 0x00283010: ['UN', Buffer.alloc(0)] });
    const sequence = Buffer.concat([itemHeader, item]);
    bytes.write('SQ', 4, 'latin1');
    bytes.writeUInt32LE(sequence.length, 8);
    const { dataSet } = parseDicom(part10(Buffer.concat([bytes, sequence]), SYNTAX.explicit));
    expect(itemsOf(dataSet, 0x00283010).map((set) => ascii(set, 0x00080060))).toEqual(['CR']);
  });

  test('values are split at the backslash and freed of padding', () => {
    const { dataSet } = parseDicom(
      part10(encodeDataSet({ 0x00080008: ['CS', 'ORIGINAL\\PRIMARY \\ '] }), SYNTAX.explicit),
    );
    expect(asciiValues(dataSet, 0x00080008)).toEqual(['ORIGINAL', 'PRIMARY', '']);
  });

  test('zeros after the last element are padding', () => {
    expect(readBack(Buffer.concat([part10(encodeDataSet(elements), SYNTAX.explicit), Buffer.alloc(5)]))).toEqual(
      written,
    );
  });
});

describe('refusals', () => {
  const whole = nativeFile({ rows: 8, columns: 8 }, Buffer.alloc(64, 7));

  test('a file that is cut at any byte is refused', async () => {
    for (let length = 0; length < whole.length; length++) {
      expect(await refusalOf(async () => decodeStored(parseDicom(whole.subarray(0, length))))).toMatch(/^dicom\./);
    }
  });

  test('a cut deflated data set is refused as truncated', async () => {
    const deflated = nativeFile(
      { rows: 8, columns: 8 },
      Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 37) % 251)),
      {
        syntax: SYNTAX.deflated,
      },
    );
    expect(await refusalOf(() => parseDicom(deflated.subarray(0, -20)))).toBe('dicom.truncated');
  });

  test('a bomb in the deflated syntax is refused before it is unpacked', async () => {
    const bomb = part10(deflateRawSync(Buffer.alloc(5_000_000)), SYNTAX.deflated);
    expect(await refusalOf(() => parseDicom(bomb, { maximumInflatedBytes: 1_000_000 }))).toBe('dicom.too-large');
  });

  test('other files are not DICOM', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('%PDF-1.7 something'),
      Buffer.from('89504e470d0a1a0a0000', 'hex'),
      Buffer.alloc(4000),
    ]) {
      expect(await refusalOf(() => parseDicom(bytes))).toBe('dicom.not-dicom');
    }
  });

  test('meta information without a transfer syntax, before something that is no data set', async () => {
    const bytes = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.from('no data set at all')]);
    expect(await refusalOf(() => parseDicom(bytes))).toBe('dicom.missing-tag');
  });

  test('sequences nested without end are refused, not followed', async () => {
    let nested: Elements = { 0x00080060: ['CS', 'CR'] };
    for (let depth = 0; depth < 100; depth++) nested = { 0x00081115: ['SQ', [nested]] };
    expect(await refusalOf(() => parseDicom(part10(encodeDataSet(nested), SYNTAX.explicit)))).toBe(
      'dicom.broken-dataset',
    );
  });

  test('an unknown transfer syntax is named only where it is a UID', async () => {
    const bytes = part10(encodeDataSet(elements), 'Nguyen^Van^A');
    expect(() => parseDicom(bytes)).toThrow(/is not a UID/);
    expect(await refusalOf(() => parseDicom(bytes))).toBe('dicom.unknown-transfer-syntax');
  });

  test('any bytes at all are parsed or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(SYNTAX.explicit, SYNTAX.implicit, SYNTAX.bigEndian, SYNTAX.deflated, SYNTAX.rle),
        async (noise, syntax) => {
          expect(await refusalOf(async () => decodeStored(parseDicom(part10(Buffer.from(noise), syntax))))).toMatch(
            /^dicom\./,
          );
          await refusalOf(() => parseDicom(Buffer.from(noise)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a good file with bytes changed is decoded or refused, and never fails otherwise', async () => {
    const good = nativeFile({ rows: 6, columns: 6, bitsAllocated: 16, bitsStored: 12 }, Buffer.alloc(72, 3), {
      more: pictureElements({ rows: 6, columns: 6, bitsAllocated: 16, bitsStored: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        expect(await refusalOf(async () => decodeStored(parseDicom(changed)))).toMatch(/^(dicom\.|decoded)/);
      }),
      { numRuns: 500 },
    );
  });
});
