// The real files beside the repository, against reference pixels that several independent decoders made.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { refusalOf } from './support/decode.ts';

const FOLDER = '../shared/data/dicom';
const isHere = existsSync(`${FOLDER}/manifest.csv`);

/** Plain CSV with quotes around fields that hold commas. */
function readCsv(text: string): Record<string, string>[] {
  const rows = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        (quoted ?? plain ?? '').replaceAll('""', '"'),
      ),
    );
  const [header = [], ...body] = rows;
  return body.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

const rows = isHere ? readCsv(readFileSync(`${FOLDER}/manifest.csv`, 'utf8')) : [];
const expecting = (...kinds: string[]): [string, Record<string, string>][] =>
  rows.filter((row) => kinds.includes(row['expectation'] ?? '')).map((row) => [row['file'] ?? '', row]);
const bytesOf = (file: string): Buffer => readFileSync(`${FOLDER}/${file}`);

interface Reference {
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sha1: string;
}

function referenceOf(row: Record<string, string>): Reference {
  const text = row['reference_pixels'] ?? '';
  const field = (name: string): string => new RegExp(`${name}=(\\S+)`).exec(text)?.[1] ?? '';
  const [type, sha1] = [field('dtype'), field('sha1')];
  return { type, sha1, min: Number(field('min')), max: Number(field('max')), mean: Number(field('mean')) };
}

async function figuresOf(file: string): Promise<Reference> {
  const { type, values } = await decodeStored(parseDicom(bytesOf(file)));
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return {
    type,
    min,
    max,
    mean: sum / values.length,
    sha1: createHash('sha1').update(bytes).digest('hex').slice(0, 16),
  };
}

describe.skipIf(!isHere)(`real files (skipped where ${FOLDER} is absent)`, () => {
  test.each(expecting('equal'))('%s equals its reference to the last bit', async (file, row) => {
    const { type, min, max, sha1 } = referenceOf(row);
    expect(await figuresOf(file)).toMatchObject({ type, min, max, sha1 });
  });

  test.each(expecting('near'))('%s is within two of 255 grey levels of its reference', async (file, row) => {
    const reference = referenceOf(row);
    const figures = await figuresOf(file);
    const level = Math.max((reference.max - reference.min) / 255, 1);
    expect(figures.type).toBe(reference.type);
    // The reference pixels themselves are not here, only their figures; where the SHA-1 is the same they are equal.
    if (figures.sha1 === reference.sha1) return;
    expect(Math.abs(figures.min - reference.min)).toBeLessThanOrEqual(2 * level);
    expect(Math.abs(figures.max - reference.max)).toBeLessThanOrEqual(2 * level);
    expect(Math.abs(figures.mean - reference.mean)).toBeLessThanOrEqual(0.1 * level);
  });

  test.each(expecting('refuse'))('%s is refused with a code of this room', async (file) => {
    expect(await refusalOf(async () => decodeStored(parseDicom(bytesOf(file))))).toMatch(/^dicom\.[a-z-]+$/);
  });

  test('each kind of refusal has its own code', async () => {
    const codeOf = (file: string): Promise<string> => refusalOf(async () => decodeStored(parseDicom(bytesOf(file))));
    expect(await codeOf('files/neg_no_pixel_data.dcm')).toBe('dicom.no-pixel-data');
    expect(await codeOf('files/mr_truncated_pixels.dcm')).toBe('dicom.truncated');
    expect(await codeOf('files/cxr_dx_j2k_broken_codestream.dcm')).toBe('dicom.broken-stream');
    expect(await codeOf('files/us_jpegxl_111.dcm')).toBe('dicom.jpeg-xl');
  });

  test.each(expecting('either'))('%s is either its reference or refused', async (file, row) => {
    const outcome = await refusalOf(async () => decodeStored(parseDicom(bytesOf(file))));
    const sha1 = outcome === 'decoded' ? (await figuresOf(file)).sha1 : outcome;
    expect([referenceOf(row).sha1, 'dicom.unsupported-transfer-syntax', 'dicom.jpeg-xl']).toContain(sha1);
  });

  test.each(expecting('equal', 'near'))('%s cut at half or at nine tenths is refused', async (file) => {
    const bytes = bytesOf(file);
    for (const share of [0.5, 0.9]) {
      const part = bytes.subarray(0, Math.floor(bytes.length * share));
      expect(await refusalOf(async () => decodeStored(parseDicom(part)))).not.toBe('decoded');
    }
  });

  test('a chest film is decoded for the model at the smallest resolution that is large enough, with the same brightness', async () => {
    const file = parseDicom(bytesOf('files/cxr_dx_mono1_12bit_j2k_lossless.dcm'));
    const small = await grayFrame(file, { atLeast: { columns: 448, rows: 448 } });
    // 2000 × 2128 halved twice; once more would be 250 × 266.
    expect([small.columns, small.rows, small.sourceColumns, small.sourceRows]).toEqual([500, 532, 2000, 2128]);
    const whole = await grayFrame(file);
    const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(small.values) - mean(whole.values))).toBeLessThan(0.002);
  });

  test('the same pixels under MONOCHROME1 are the negative', async () => {
    const plain = await grayFrame(parseDicom(bytesOf('files/cxr_cr_jpeg_baseline_pa.dcm')));
    const inverted = await grayFrame(parseDicom(bytesOf('files/cxr_cr_fake_monochrome1.dcm')));
    const largest = plain.values.reduce(
      (most, value, index) => Math.max(most, Math.abs(1 - value - inverted.values[index]!)),
      0,
    );
    expect(largest).toBeLessThan(1e-6);
  });
});
