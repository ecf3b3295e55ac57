// On a model whose answer is known to come from one place, the map finds it; against the direct arithmetic of a linear model.
import { expect, test } from 'vitest';
import type { Tensor } from '#kernel/frame.ts';
import { occlusionMaps } from '#explanation/occlusion.ts';
import { riseMaps } from '#explanation/rise.ts';

const SIZE = 56;
const tensor: Tensor = {
  shape: [1, 1, SIZE, SIZE],
  data: Float32Array.from({ length: SIZE * SIZE }, (_, at) => ((at % 4) + (Math.floor(at / SIZE) % 4) < 3 ? 1 : -1)),
};
/** Head 0: detail (squares) in the square at the top left of 14 pixels a side; head 1: nothing of the picture. */
let runs: number[] = [];
const run = async (batch: Tensor): Promise<Tensor> => {
  const [n = 0] = batch.shape;
  runs.push(n);
  const data = new Float32Array(2 * n);
  for (let item = 0; item < n; item += 1) {
    let sum = 0;
    for (let y = 7; y < 21; y += 1)
      for (let x = 7; x < 21; x += 1) sum += batch.data[item * SIZE * SIZE + y * SIZE + x]! ** 2;
    data[2 * item] = sum / 196;
    data[2 * item + 1] = 3;
  }
  return { shape: [n, 2], data };
};

const GRID = { rows: 8, columns: 8 };
const own = (cell: number): boolean => {
  const [row, column] = [Math.floor(cell / 8), cell % 8];
  return row >= 1 && row < 3 && column >= 1 && column < 3;
};

test('the place that the answer comes from stands out, and a head that sees nothing has an empty map', async () => {
  const maps = await riseMaps(tensor, run, { ...GRID, masks: 400 });
  expect(maps.shape).toEqual([1, 2, 8, 8]);
  const head = [...maps.data.subarray(0, 64)];
  const top = head.indexOf(Math.max(...head));
  expect(own(top)).toBe(true);
  const inside = head.filter((_, cell) => own(cell));
  const far = head.filter((_, cell) => Math.floor(cell / 8) > 4 || cell % 8 > 4);
  expect(Math.min(...inside)).toBeGreaterThan(Math.max(...far));
  expect(maps.data.subarray(64).every((value) => Math.abs(value) < 1e-6)).toBe(true);
});

test('it points where occlusion points', async () => {
  const rise = await riseMaps(tensor, run, { ...GRID, masks: 400, seed: 7 });
  const hidden = await occlusionMaps({ tensor, logits: await run(tensor) }, run, GRID);
  const peak = (maps: Tensor): number => maps.data.indexOf(Math.max(...maps.data.subarray(0, 64)));
  expect(own(peak(hidden))).toBe(true);
  expect(own(peak(rise))).toBe(true);
});

test('runs come in batches, as many as asked for, and the same seed gives the same map', async () => {
  runs = [];
  const options = { ...GRID, masks: 40, batch: 16 };
  const first = await riseMaps(tensor, run, options);
  expect(runs).toEqual([16, 16, 8]);
  expect(await riseMaps(tensor, run, options)).toEqual(first);
  expect((await riseMaps(tensor, run, { ...options, seed: 2 })).data).not.toEqual(first.data);
});
