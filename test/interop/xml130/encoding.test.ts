// A claim file in UTF-16 reads as the same file in UTF-8, however the network cuts it, and so does a table inside it.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importClaims } from '#interop/xml130/import.ts';
import { decodedText } from '#interop/xml130/read/encoding.ts';
import { readTables } from '#interop/xml130/read/tables.ts';

const littleEndian = (text: string): Buffer => Buffer.from(text, 'utf16le');
const bigEndian = (text: string): Buffer => littleEndian(text).swap16();

const WRITINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`, 'utf8'),
  'UTF-16 LE with a mark': (text) => littleEndian(`\uFEFF${text}`),
  'UTF-16 LE': littleEndian,
  'UTF-16 BE with a mark': (text) => bigEndian(`\uFEFF${text}`),
  'UTF-16 BE': bigEndian,
};

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collected(bytes: Buffer, size: number): Promise<string> {
  let text = '';
  for await (const piece of decodedText(cut(bytes, size))) text += piece;
  return text;
}

test('any text, in any of the encodings, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(...Object.keys(WRITINGS)),
      fc.integer({ min: 1, max: 9 }),
      async (text, writing, size) => {
        fc.pre(!/[\uD800-\uDFFF]/u.test(text) && !text.includes('\uFEFF'));
        expect(await collected(WRITINGS[writing]!(`<a>${text}</a>`), size)).toBe(`<a>${text}</a>`);
      },
    ),
  );
});

const table = '<TONG_HOP><MA_LK>1</MA_LK><HO_TEN>NGƯỜI BỆNH</HO_TEN></TONG_HOP>';

test.each(Object.entries(WRITINGS))('a table inside a record in %s', (_, written) => {
  const content = written(table).toString('base64');
  const [read] = readTables(
    `<HOSO><FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO></HOSO>`,
  );
  expect(read).toMatchObject({ rows: [{ fields: { HO_TEN: 'NGƯỜI BỆNH' } }] });
});

const sample = '../shared/samples/xml130/GIAMDINHHS_1hoso.xml';
const text = (() => {
  try {
    return readFileSync(sample, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
})();

test.skipIf(text === undefined).each(Object.entries(WRITINGS))(
  'the sample file in %s (skipped where ../shared is absent)',
  async (_, written) => {
    const linesOf = async (bytes: Buffer) => {
      const lines: unknown[] = [];
      const options = { file: 'a', indicators: new Map<string, string>() };
      for await (const line of importClaims(decodedText(cut(bytes, 1000)), options)) lines.push(line);
      return lines;
    };
    const lines = await linesOf(written(text!));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines).toEqual(await linesOf(Buffer.from(text!, 'utf8')));
  },
);
