// The phantoms' DICOM files: every syntax and every LUT gives back what was drawn, and every file says that nobody is meant.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { readTags } from '#dicom/read/tags.ts';
import { drawChest } from '#phantom-cxr/chest.ts';
import { dicomFile, type FilmFile } from '#phantom-cxr/dicom/file.ts';
import { inventPerson } from '#phantom-cxr/dicom/people.ts';
import { storePixels, VOI_STYLES, type PixelStyle } from '#phantom-cxr/dicom/stored.ts';
import { SYNTAXES, lossyMethod, type SyntaxName } from '#phantom-cxr/dicom/syntax.ts';
import { phantomUid } from '#phantom-cxr/dicom/uid.ts';

const drawn = drawChest(7, { size: 150, ageBand: 'adult', view: 'PA', findings: ['Effusion'] });
const size = { columns: drawn.plane.width, rows: drawn.plane.height };

function film(change: Partial<FilmFile> = {}): FilmFile {
  return {
    person: inventPerson(7, { sex: 'F', ageYears: 45, studyDate: '20260112' }),
    study: { key: 'test', accession: 'XQ1', date: '20260112', time: '071500', station: 'XQ-1', department: 'Khoa Nhi' },
    gray: drawn.gray,
    ...size,
    modality: 'DX',
    bodyPart: 'CHEST',
    view: 'PA',
    pixels: { bitsStored: 12, photometric: 'MONOCHROME2', voi: 'linear' },
    syntax: 'explicit-little',
    spacing: 0.4,
    ...change,
  };
}

const parsed = async (change: Partial<FilmFile> = {}) => parseDicom(Buffer.from(await dicomFile(film(change))));

const syntaxes = Object.keys(SYNTAXES).filter((name): name is SyntaxName => name in SYNTAXES);
const lossless = syntaxes.filter((name) => lossyMethod(name) === undefined);
const lossy = syntaxes.filter((name) => lossyMethod(name) !== undefined);

/** The values that `storePixels` means to store. */
function storedValues(style: PixelStyle): Uint8Array | Uint16Array {
  const { bytes } = storePixels(drawn.gray, size, style);
  return style.bitsStored === 8 ? bytes : new Uint16Array(bytes.buffer);
}

describe('pixels', () => {
  const depths = [8, 10, 12, 14, 16] as const;
  test.each(lossless.flatMap((syntax) => depths.map((bits) => [syntax, bits] as const)))(
    '%s with %d bits gives back the stored values exactly',
    async (syntax, bitsStored) => {
      const pixels = { bitsStored, photometric: 'MONOCHROME2', voi: 'linear' } as const;
      const { values } = await decodeStored(await parsed({ syntax, pixels }));
      expect(
        Buffer.compare(
          Buffer.from(values.buffer, values.byteOffset, values.byteLength),
          Buffer.from(storedValues(pixels).buffer),
        ),
      ).toBe(0);
    },
  );

  test.each(lossy)('%s stays near the stored values and says that it lost something', async (syntax) => {
    const pixels = {
      bitsStored: syntax === 'jpeg-baseline' ? 8 : 12,
      photometric: 'MONOCHROME2',
      voi: 'linear',
    } as const;
    const file = await parsed({ syntax, pixels });
    const { values } = await decodeStored(file);
    const wanted = storedValues(pixels);
    let sum = 0;
    for (const [i, value] of wanted.entries()) sum += Math.abs(value - (values[i] ?? Number.NaN));
    // A mean of 1 % of the range: compression at this rate is far below it, another picture far above.
    expect(sum / wanted.length).toBeLessThan(0.01 * 2 ** pixels.bitsStored);
    expect(readTags(file).lossyCompression).toBe('01');
  });

  // Without a VOI (`none`) the reader chooses the range itself.
  const leading = VOI_STYLES.filter((voi) => voi !== 'none');
  test.each(leading.flatMap((voi) => [[voi, 'MONOCHROME1'] as const, [voi, 'MONOCHROME2'] as const]))(
    'VOI %s under %s leads back to the gray values that were drawn',
    async (voi, photometric) => {
      const modality = voi === 'rescale' || voi === 'modality-lut' ? 'CR' : 'DX';
      const frame = await grayFrame(await parsed({ modality, pixels: { bitsStored: 12, photometric, voi } }));
      // Half a step of 12 bits, doubled where the toe of the curve is half as steep; a sigmoid never reaches black and white,
      // so the drawing clips at 0.005.
      const tolerance = voi === 'sigmoid' ? 0.0055 : 2 / 4095;
      let worst = 0;
      for (const [i, value] of drawn.gray.entries()) {
        worst = Math.max(worst, Math.abs(value - (frame.values[i] ?? Number.NaN)));
      }
      expect(worst).toBeLessThan(tolerance);
    },
  );
});

describe('tags', () => {
  test('say that the film is synthetic, and keep the diacritics', async () => {
    const tags = readTags(await parsed({ syntax: 'implicit-little' }));
    expect(tags.patientName).toMatch(/^PHANTOM\^[\p{Lu} ]+$/u);
    expect(tags.studyDescription).toBe('PHANTOM – not a patient');
    expect(tags.institutionName).toBe('BỆNH VIỆN MÔ PHỎNG (PHANTOM)');
    expect([tags.patientAgeYears, tags.patientSex, tags.viewPosition, tags.bodyPart]).toEqual([45, 'F', 'PA', 'CHEST']);
  });

  test('a birth date fits the age, for every number and day of study', () => {
    for (let seed = 0; seed < 300; seed++) {
      const studyDate = `2026${String(1 + (seed % 12)).padStart(2, '0')}15`;
      const { birthDate } = inventPerson(seed, { sex: seed % 2 === 0 ? 'F' : 'M', ageYears: 40, studyDate });
      const hadBirthday = studyDate.slice(4) >= birthDate.slice(4);
      expect(2026 - Number(birthDate.slice(0, 4)) - (hadBirthday ? 0 : 1)).toBe(40);
    }
  });

  test('UIDs lie under 2.25, fit 64 characters, and are the same for the same parts', () => {
    expect(phantomUid('study', 1)).toMatch(/^2\.25\.[1-9]\d*$/);
    expect(phantomUid('study', 1).length).toBeLessThanOrEqual(64);
    expect(phantomUid('study', 1)).toBe(phantomUid('study', 1));
    expect(phantomUid('study', 1)).not.toBe(phantomUid('study', 2));
  });

  test('the same film gives the same bytes, in every syntax', async () => {
    for (const syntax of syntaxes) {
      const pixels = { bitsStored: 8, photometric: 'MONOCHROME2', voi: 'linear' } as const;
      const [one, two] = [await dicomFile(film({ syntax, pixels })), await dicomFile(film({ syntax, pixels }))];
      expect([syntax, Buffer.compare(one, two)]).toEqual([syntax, 0]);
    }
  });

  test('a tag that was to be left out is not there', async () => {
    // The view is also read from the series description, so that goes too.
    const { viewPosition } = readTags(await parsed({ without: [0x00185101, 0x00540220, 0x0008103e] }));
    expect(viewPosition).toBeUndefined();
  });
});

const VALIDATOR = 'dciodvfy';
const hasValidator = spawnSync(VALIDATOR, ['-version']).error === undefined;

describe.skipIf(!hasValidator)('the validator dciodvfy (Debian package dicom3tools, skipped where absent)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'phantom-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // It knows neither HTJ2K nor, as Debian builds it, the deflated syntax.
  const known = syntaxes.filter((name) => name !== 'htj2k' && name !== 'deflated');
  const cases = [
    ...known.map((syntax) => ({ syntax, voi: 'linear', photometric: 'MONOCHROME2' }) as const),
    ...VOI_STYLES.map((voi) => ({ syntax: 'explicit-little', voi, photometric: 'MONOCHROME1' }) as const),
  ];
  test.each(cases)('finds nothing wrong with $syntax, $voi, $photometric', async ({ syntax, voi, photometric }) => {
    const modality = voi === 'rescale' || voi === 'modality-lut' || voi === 'none' ? 'CR' : 'DX';
    const path = join(folder, `${syntax}-${voi}.dcm`);
    writeFileSync(path, await dicomFile(film({ modality, syntax, pixels: { bitsStored: 8, photometric, voi } })));
    const said = execFileSync('sh', ['-c', '"$0" "$1" 2>&1', VALIDATOR, path], { encoding: 'utf8' });
    expect(said.trim()).toBe(modality === 'CR' ? 'CRImage' : 'DXImageForPresentation');
  });
});
