// Written elements are read back by our own reader, in every encoding and for any values.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiValues, shorts } from '#dicom/read/element.ts';
import { text as textOf } from '#dicom/read/character-set.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { bytes, encodeDataSet, type Encoding, numbers, sequence, text } from '#dicom/write/element.ts';
import { fileHeader } from '#dicom/write/part10.ts';
import { derivedUid } from '#dicom/write/uid.ts';

const SYNTAX: Readonly<Record<Encoding, string>> = {
  'implicit-little': '1.2.840.10008.1.2',
  'explicit-little': '1.2.840.10008.1.2.1',
  'explicit-big': '1.2.840.10008.1.2.2',
};

const written = fc.record({
  encoding: fc.constantFrom<Encoding>('implicit-little', 'explicit-little', 'explicit-big'),
  name: fc.string({ unit: 'grapheme', maxLength: 60 }).map((value) => value.replaceAll(/[\p{Cc}\\]/gu, '').trim()),
  words: fc.array(fc.integer({ min: 0, max: 65535 }), { maxLength: 20 }),
  depth: fc.integer({ min: 0, max: 6 }),
  blob: fc.uint8Array({ maxLength: 33 }),
});

test('text, numbers, bytes and nested items come back in every encoding', () => {
  fc.assert(
    fc.property(written, ({ encoding, name, words, depth, blob }) => {
      let nested = [numbers(0x00280010, 'US', ...words)];
      for (let level = 0; level < depth; level += 1) nested = [sequence(0x00082112, nested)];
      const body = encodeDataSet(
        [
          bytes(0x7fe00010, 'OB', blob),
          text(0x00100010, 'PN', name),
          text(0x00080005, 'CS', 'ISO_IR 192'),
          sequence(0x00081115, nested),
          text(0x00080016, 'UI', '1.2.3'),
        ],
        encoding,
      );
      const meta = fileHeader({ sopClassUid: '1.2.3', sopInstanceUid: '1.2.4', transferSyntaxUid: SYNTAX[encoding] });
      const { dataSet, transferSyntax } = parseDicom(Buffer.concat([meta, body]));
      expect(transferSyntax.uid).toBe(SYNTAX[encoding]);
      expect(textOf(dataSet, 0x00100010) ?? '').toBe(name);
      expect(asciiValues(dataSet, 0x00080016)).toEqual(['1.2.3']);
      let items = itemsOf(dataSet, 0x00081115);
      for (let level = 0; level < depth; level += 1) items = itemsOf(items[0]!, 0x00082112);
      expect(shorts(items[0]!, 0x00280010)).toEqual(words);
      expect(dataSet.elements.get(0x7fe00010)?.bytes.subarray(0, blob.length)).toEqual(Buffer.from(blob));
    }),
  );
});

test('an element that is too long for its length field is refused, not cut', () => {
  expect(() => encodeDataSet([text(0x00081030, 'LO', 'x'.repeat(70_000))], 'explicit-little')).toThrow(/cannot hold/);
});

test('a derived UID is a valid UID, and the same for the same parts only', () => {
  expect(derivedUid('a', 'b')).toMatch(/^2\.25\.[1-9][0-9]{0,38}$/);
  expect(derivedUid('a', 'b')).toBe(derivedUid('a', 'b'));
  expect(derivedUid('a', 'b')).not.toBe(derivedUid('ab'));
});
