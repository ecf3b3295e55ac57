// The viewer's values are the file's, and its first picture is the one that the service draws.
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeStored } from '#dicom/pixels/decode.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { renderFilm } from '#preread/read/film-images.ts';
import { startPicturePool } from '#preread/read/decode-pool.ts';
import { filmPixels } from '#preread/read/film-pixels.ts';
import { firstWindow, grayTable, readFilm, valueOf } from '#web/pages/viewer/film-values.ts';
import { filmDicom } from '../fixtures/film.ts';

const asBuffer = (body: Uint8Array): ArrayBuffer => Uint8Array.from(body).buffer;

test('the stored values come unchanged, and the first picture is the drawn one', async () => {
  const bytes = await filmDicom({ phase: 1 });
  const film = readFilm(asBuffer(await filmPixels(bytes, 0)));
  const stored = await decodeStored(parseDicom(bytes));
  expect([film.columns, film.rows]).toEqual([stored.columns, stored.rows]);
  expect([...film.codes].map((code) => code - 1 + film.first)).toEqual([...stored.values]);
  const drawn = await sharp(Buffer.from((await renderFilm(bytes, 64)).png))
    .grayscale()
    .raw()
    .toBuffer();
  const table = grayTable(film, { window: undefined, flipped: false });
  for (const [at, gray] of drawn.entries())
    expect(Math.abs((table[film.codes[at]!] ?? -1) - gray)).toBeLessThanOrEqual(1);
  expect(film.spacing).toEqual({ row: 0.2, column: 0.2, at: 'detector' });
});

test('the window that the viewer starts from is the one that the film opens with', async () => {
  const film = readFilm(asBuffer(await filmPixels(await filmDicom({ phase: 2 }), 0)));
  const opened = grayTable(film, { window: undefined, flipped: false });
  const windowed = grayTable(film, { window: firstWindow(film), flipped: false });
  for (const [code, gray] of opened.entries()) expect(Math.abs((windowed[code] ?? -1) - gray)).toBeLessThanOrEqual(2);
  const negative = grayTable(film, { window: undefined, flipped: true });
  expect(negative[0]).toBe(0);
  for (let code = 1; code < opened.length; code++) expect(negative[code]).toBe(255 - opened[code]!);
});

test('a brighter value is never darker under any window', async () => {
  const film = readFilm(asBuffer(await filmPixels(await filmDicom(), 0)));
  fc.assert(
    fc.property(
      fc.double({ min: -5000, max: 5000, noNaN: true }),
      fc.double({ min: 1, max: 9000, noNaN: true }),
      (center, width) => {
        const table = grayTable(film, { window: { center, width }, flipped: false });
        for (let code = 2; code < table.length; code++) {
          const rises = valueOf(film, code) >= valueOf(film, code - 1) !== film.inverted;
          expect(rises ? table[code]! - table[code - 1]! : table[code - 1]! - table[code]!).toBeGreaterThanOrEqual(0);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a body that is not whole is no film', async () => {
  const body = await filmPixels(await filmDicom(), 0);
  expect(() => readFilm(asBuffer(body.subarray(0, body.length - 2)))).toThrow('not whole');
});

test('the picture pool answers every kind of question, also while many thumbnails wait', async () => {
  const pool = startPicturePool({ threads: 1, deadlineMs: 30_000 });
  try {
    const bytes = await filmDicom({ phase: 3 });
    const answered: string[] = [];
    const asked = [...Array.from({ length: 6 }, () => 'thumbnail' as const), 'pixels' as const, 'film' as const].map(
      async (kind) => {
        if (kind === 'pixels') await pool.pixels(bytes, 0);
        else await pool.film(bytes, kind === 'film' ? 1024 : 96);
        answered.push(kind);
      },
    );
    await Promise.all(asked);
    // The first thumbnail was being drawn when the others came.
    expect(answered.slice(0, 3)).toEqual(['thumbnail', 'film', 'pixels']);
    expect(answered.length).toBe(8);
  } finally {
    await pool.close();
  }
});
