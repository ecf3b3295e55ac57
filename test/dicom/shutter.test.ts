// Pixels that each shape of display shutter hides, on a picture of 10 × 10 equal pixels: hidden ones are black and set no scale.
import { describe, expect, test } from 'vitest';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { type Elements, nativeFile, SYNTAX } from './support/build.ts';

const SIDE = 10;

async function frameWith(more: Elements, syntax: string = SYNTAX.explicit) {
  const bytes = nativeFile({ rows: SIDE, columns: SIDE }, Buffer.alloc(SIDE * SIDE, 255), { more, syntax });
  const frame = await grayFrame(parseDicom(bytes));
  const lines = Array.from({ length: SIDE }, (_, row) =>
    [...frame.values.subarray(row * SIDE, (row + 1) * SIDE)].map((value) => (value === 0 ? '.' : '#')).join(''),
  );
  return { frame, lines };
}

const shape = (name: string): Elements => ({ 0x00181600: ['CS', name] });
const edges = (left: number, right: number, upper: number, lower: number): Elements => ({
  0x00181602: ['IS', String(left)],
  0x00181604: ['IS', String(right)],
  0x00181606: ['IS', String(upper)],
  0x00181608: ['IS', String(lower)],
});
const hidden = '.'.repeat(SIDE);
const full = '#'.repeat(SIDE);

describe('rectangle', () => {
  test('the edges are the outermost hidden lines', async () => {
    const { frame, lines } = await frameWith({ ...shape('RECTANGULAR'), ...edges(2, 9, 3, 10) });
    // Columns 3 to 8 and rows 4 to 9, counted from 1.
    expect(lines).toEqual([hidden, hidden, hidden, ...Array(6).fill('..######..'), hidden]);
    expect(frame.shown).toEqual({ left: 2, top: 3, columns: 6, rows: 6 });
  });

  test.each([
    ['on the very edges', edges(0, SIDE + 1, 0, SIDE + 1)],
    ['beyond them', edges(-5, 99, -5, 99)],
    ['all zero', edges(0, 0, 0, 0)],
  ])('%s: nothing is hidden', async (_name, tags) => {
    const { lines } = await frameWith({ ...shape('RECTANGULAR'), ...tags });
    expect(lines).toEqual(Array(SIDE).fill(full));
  });

  test('exchanged, they hide what they would the right way round', async () => {
    const right = await frameWith({ ...shape('RECTANGULAR'), ...edges(2, 9, 1, 8) });
    expect((await frameWith({ ...shape('RECTANGULAR'), ...edges(9, 2, 8, 1) })).lines).toEqual(right.lines);
  });

  test('a decimal comma, lower case and a missing shape do no harm', async () => {
    const tags: Elements = { ...edges(2, 9, 0, 11), 0x00181602: ['IS', '2,0'] };
    for (const named of [shape('rectangular'), {}]) {
      expect((await frameWith({ ...named, ...tags })).lines).toEqual(Array(SIDE).fill('..######..'));
    }
  });
});

test('a circle hides the corners', async () => {
  const tags: Elements = { ...shape('CIRCULAR'), 0x00181610: ['IS', '5\\5'], 0x00181612: ['IS', '3'] };
  const { frame, lines } = await frameWith(tags);
  // Centre of pixel 5, 5 and three pixels to each side.
  expect(lines[4]).toBe('.#######..');
  expect(lines[0]).toBe(hidden);
  expect(lines[1]).toBe('....#.....');
  expect(frame.shown).toEqual({ left: 1, top: 1, columns: 7, rows: 7 });
});

test('a polygon shows its inside and its corners', async () => {
  const triangle: Elements = { ...shape('POLYGONAL'), 0x00181620: ['IS', '1\\1\\10\\1\\10\\10'] };
  const { lines } = await frameWith(triangle);
  expect(lines[9]).toBe(full);
  expect(lines[0]!.slice(2)).toBe('........');
  expect(lines[4]!.slice(6)).toBe('....');
  expect(lines[4]!.slice(0, 5)).toBe('#####');
  const corners: Elements = { ...shape('POLYGONAL'), 0x00181620: ['IS', '1\\1\\1\\10\\10\\10\\10\\1'] };
  expect((await frameWith(corners)).lines).toEqual(Array(SIDE).fill(full));
});

test.each([false, true])('the ones of an overlay hide, big endian: %s', async (bigEndian) => {
  // Twenty bits, the least significant of each byte first: the first two rows.
  const bits = Buffer.alloc(13);
  for (let at = 0; at < 20; at++) bits[at >> 3]! |= 1 << (at & 7);
  const tags: Elements = {
    ...shape('BITMAP'),
    0x00181623: ['US', 0x6002],
    0x60020010: ['US', SIDE],
    0x60020011: ['US', SIDE],
    0x60020050: ['SS', [1, 1]],
    0x60023000: [
      'OW',
      bigEndian ? Buffer.concat([bits, Buffer.alloc(1)]).swap16() : Buffer.concat([bits, Buffer.alloc(1)]),
    ],
  };
  const { frame, lines } = await frameWith(tags, bigEndian ? SYNTAX.bigEndian : SYNTAX.explicit);
  expect(lines).toEqual([hidden, hidden, ...Array(8).fill(full)]);
  expect(frame.shown).toEqual({ left: 0, top: 2, columns: 10, rows: 8 });
});

test('of several shapes all must show a pixel', async () => {
  const tags: Elements = {
    0x00181600: ['CS', 'RECTANGULAR\\POLYGONAL'],
    ...edges(0, 6, 0, 11),
    0x00181620: ['IS', '1\\1\\1\\10\\5\\10\\5\\1'],
  };
  const { lines } = await frameWith(tags);
  expect(lines.slice(0, 5)).toEqual(Array(5).fill('#####.....'));
  expect(lines.slice(6)).toEqual(Array(4).fill(hidden));
});

test('a shutter that hides everything is a fault of its tags and is passed over', async () => {
  const tags: Elements = { ...shape('CIRCULAR'), 0x00181610: ['IS', '900\\900'], 0x00181612: ['IS', '3'] };
  expect((await frameWith(tags)).lines).toEqual(Array(SIDE).fill(full));
});

test('what is hidden sets no scale', async () => {
  const values = Buffer.alloc(SIDE * SIDE * 2);
  // A bright border beside values from 100 to 179.
  for (let at = 0; at < SIDE * SIDE; at++) values.writeUInt16LE(at % SIDE < 2 ? 4000 : 100 + at - (at % SIDE), at * 2);
  const picture = { rows: SIDE, columns: SIDE, bitsAllocated: 16, bitsStored: 12 };
  const more = { ...shape('RECTANGULAR'), ...edges(2, 11, 0, 11) };
  const { values: gray } = await grayFrame(parseDicom(nativeFile(picture, values, { more })));
  expect([gray[5], gray[95]]).toEqual([0, 1]);
});
