// The conformance statement promises what the code accepts.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformanceTables } from '#interop/dimse/conformance.ts';

/** The formatter pads cells. */
const cells = (text: string): string =>
  text
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/-+/g, '-')
    .trim();

test('the tables of docs/dicom-conformance.md are those of the code (scripts/dicom-conformance.ts prints them)', () => {
  const document = readFileSync('docs/dicom-conformance.md', 'utf8');
  const [, written = ''] = /<!-- tables -->\n([\s\S]*?)<!-- \/tables -->/.exec(document) ?? [];
  expect(cells(written)).toBe(cells(conformanceTables()));
});
