// The contact sheet: as many tiles as films, frames in the colour asked for, heatmaps over their films.
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contactSheet } from '#image/contact-sheet.ts';
import { encodeGrayPng, encodeRgbaPng } from '#image/picture.ts';

const gray = (level: number, columns = 40, rows = 20) =>
  encodeGrayPng({ columns, rows, values: new Float32Array(columns * rows).fill(level) });

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

test('tiles stand in rows, each framed in its own colour, the film fitted into the middle', async () => {
  const film = await gray(1);
  const tiles = ['#ff0000', '#00ff00', '#0000ff'].map((frame) => ({ film, frame, lines: [] }));
  const sheet = await pixelsOf(await contactSheet(tiles, { columns: 2, side: 58 }));
  // Two columns and two rows of 58 pixels, with a gap of 6 before, between and after.
  expect([sheet.width, sheet.height]).toEqual([6 + 2 * 64, 6 + 2 * 64]);
  expect(sheet.at(7, 7)).toEqual([255, 0, 0]);
  expect(sheet.at(7 + 64, 7)).toEqual([0, 255, 0]);
  expect(sheet.at(7, 7 + 64)).toEqual([0, 0, 255]);
  // The middle of the first tile is film, the part above it is black: the film is half as high as it is wide.
  expect(sheet.at(6 + 29, 6 + 29)).toEqual([255, 255, 255]);
  expect(sheet.at(6 + 29, 6 + 8)).toEqual([0, 0, 0]);
});

test('a heatmap covers exactly its film, whatever its own size', async () => {
  const rgba = new Uint8Array(4 * 4 * 4);
  for (let pixel = 0; pixel < 16; pixel++) rgba.set([255, 0, 0, 255], pixel * 4);
  const heatmap = await encodeRgbaPng({ columns: 4, rows: 4, rgba });
  const [tile] = [{ film: await gray(0.5), heatmap, frame: '#ffffff', lines: [] }];
  const sheet = await pixelsOf(await contactSheet([tile], { columns: 1, side: 58 }));
  expect(sheet.at(6 + 29, 6 + 29)).toEqual([255, 0, 0]);
  expect(sheet.at(6 + 29, 6 + 8)).toEqual([0, 0, 0]);
});

test('a study without a picture has an empty tile, and text that looks like markup does no harm', async () => {
  const tiles = [{ frame: '#123456', lines: ['<b>&"', 'x'.repeat(200)] }];
  const sheet = await pixelsOf(await contactSheet(tiles, { columns: 6, side: 58 }));
  expect(sheet.at(7, 7)).toEqual([0x12, 0x34, 0x56]);
  expect(sheet.at(6 + 29, 6 + 29)).toEqual([0, 0, 0]);
});
