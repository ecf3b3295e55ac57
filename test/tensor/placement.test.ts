// A film that is cut and turned before the tensor: the tensor is that of the film alone, and every point leads back to the file's own pixels.
import { describe, expect, test } from 'vitest';
import { classMap, peak, rasterise } from '#explanation/class-map.ts';
import { UPRIGHT, wholeFrame } from '#tensor/placement.ts';
import { toTensor } from '#tensor/to-tensor.ts';

const frameOf = (columns: number, rows: number, gray: (x: number, y: number) => number) => ({
  columns,
  rows,
  sourceColumns: columns * 10,
  sourceRows: rows * 10,
  values: Float32Array.from({ length: columns * rows }, (_, at) => gray(at % columns, Math.floor(at / columns))),
});
const steps = [{ step: 'standardise', floor: 0.02 }] as const;
/** No two pixels alike, and no symmetry. */
const film = (x: number, y: number): number => ((x * 7 + y * 13 + x * y) % 31) / 31;
const upright = frameOf(6, 4, film);
const wanted = toTensor(upright, steps).tensor;

test('a border that is cut off leaves the tensor of the film', () => {
  const bordered = frameOf(11, 9, (x, y) => (x >= 2 && x < 8 && y >= 3 && y < 7 ? film(x - 2, y - 3) : 1));
  const { tensor, trace } = toTensor(bordered, steps, {
    box: { left: 2, top: 3, columns: 6, rows: 4 },
    turn: UPRIGHT,
  });
  expect(tensor).toEqual(wanted);
  expect(trace).toMatchObject({ scaleX: 10, scaleY: 10, offsetX: 20, offsetY: 30, sourceColumns: 110 });
});

describe.each([
  ['mirrored', { transposed: false, mirroredX: true, mirroredY: false }],
  ['upside down and mirrored', { transposed: false, mirroredX: false, mirroredY: true }],
  ['turned by half', { transposed: false, mirroredX: true, mirroredY: true }],
  ['turned by a quarter', { transposed: true, mirroredX: true, mirroredY: false }],
  ['turned by a quarter the other way', { transposed: true, mirroredX: false, mirroredY: true }],
  ['with rows and columns exchanged', { transposed: true, mirroredX: false, mirroredY: false }],
  ['exchanged and turned by half', { transposed: true, mirroredX: true, mirroredY: true }],
])('a film %s', (_name, turn) => {
  const [columns, rows] = turn.transposed ? [4, 6] : [6, 4];
  /** The file's pixel that shows the upright film's pixel x, y. */
  const inFile = (x: number, y: number): [number, number] => {
    const [across, down] = [turn.mirroredX ? 5 - x : x, turn.mirroredY ? 3 - y : y];
    return turn.transposed ? [down, across] : [across, down];
  };
  const stored = new Map<string, number>();
  for (let y = 0; y < 4; y++) for (let x = 0; x < 6; x++) stored.set(inFile(x, y).join(), film(x, y));
  const lying = frameOf(columns, rows, (x, y) => stored.get(`${x},${y}`) ?? Number.NaN);
  const { tensor, trace } = toTensor(lying, steps, { box: wholeFrame(lying), turn });

  test('gives the tensor of the upright one', () => {
    expect(tensor).toEqual(wanted);
  });

  test('keeps its heatmap in its own pixels', () => {
    // One cell a pixel; the evidence lies on one of them.
    for (const [x, y] of [
      [0, 0],
      [5, 0],
      [2, 3],
      [4, 1],
    ] as const) {
      const data = new Float32Array(24);
      data[y * 6 + x] = 1;
      const map = classMap({ shape: [1, 1, 4, 6], data }, 0, trace);
      const [fileX, fileY] = inFile(x, y);
      expect(peak(map)).toEqual({ x: fileX * 10 + 5, y: fileY * 10 + 5 });
      const picture = rasterise(map, columns, rows);
      expect(picture.indexOf(1)).toBe(fileY * columns + fileX);
    }
  });
});

test('a heatmap shows nothing where nothing was read', () => {
  const frame = frameOf(10, 10, film);
  const { trace } = toTensor(frame, steps, { box: { left: 2, top: 4, columns: 6, rows: 4 }, turn: UPRIGHT });
  const map = classMap({ shape: [1, 1, 2, 2], data: Float32Array.of(3, 4, 5, 6) }, 0, trace);
  const picture = rasterise(map, 10, 10);
  const at = (x: number, y: number): number | undefined => picture[y * 10 + x];
  expect([at(0, 0), at(1, 5), at(8, 5), at(5, 3), at(5, 8)]).toEqual([3, 3, 3, 3, 3]);
  expect(at(2, 4)).toBe(3);
  expect(at(7, 7)).toBe(6);
});
