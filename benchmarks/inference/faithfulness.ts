// The check of maps against dearer and cheaper ones, on films with boxes that radiologists drew: how often the verdict is the same, and
// how often a map that is shown points into a box. Prints a table:
// `npm run --silent benchmark:faithfulness -- --data FOLDER [--films N]`, the folder with boxes.csv (file, finding, x, y, w, h in shares of
// the film, source, split) that docs/training describes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classMap, peak } from '#explanation/class-map.ts';
import { faithfulness } from '#explanation/faithfulness.ts';
import { blurredTensor, byEvidence, mapOnTensor, withCellsFrom, withPixelsFrom } from '#explanation/hiding.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import type { Tensor } from '#kernel/frame.ts';
import { loadModel } from '#models/load.ts';
import { readModelFile } from '#models/model.ts';
import { worthShowing } from '#preread/explain/heatmaps.ts';
import { judgeHeads } from '#preread/read/findings.ts';
import { prepareImage, specFor } from '#preread/read/prepare.ts';
import { stack } from '#tensor/stack.ts';
import { readOptions } from '../options.ts';
import { root, round } from '../report.ts';

const options = readOptions(import.meta.url, { data: { type: 'string' }, films: { type: 'string', default: '110' } });
if (options.data === undefined) throw new Error('--data is missing: a folder with boxes.csv');
const folder = options.data;
const model = await loadModel(join(root, 'models', 'cxr-findings'));
const { manifest } = model;
const { logits: LOGITS, maps: MAPS } = manifest.outputs;
const executor = await openOnnx(await readModelFile(model.file()), { provider: 'cpu', threads: 1, manifest });
const spec = specFor(manifest);
const SHARE = 0.2;
const NOISE = 0.1;
/** Heads of which an opacity that a radiologist boxed is an instance. */
const OF_BOXES = ['Pneumonia', 'Consolidation', 'Infiltration'];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const boxes = new Map<string, Box[]>();
for (const line of readFileSync(join(folder, 'boxes.csv'), 'utf8').trim().split('\n').slice(1)) {
  const [file = '', , x, y, w, h, source, split] = line.trim().split(',');
  if (source !== 'rsna' || split === 'train') continue;
  boxes.set(file, [...(boxes.get(file) ?? []), { x: Number(x), y: Number(y), w: Number(w), h: Number(h) }]);
}

const run = async (batch: Tensor): Promise<Tensor> => {
  const { [LOGITS]: logits } = await executor.run(batch);
  if (logits === undefined) throw new Error('the graph does not give the declared logits');
  return logits;
};
const scoreOf = (drop: number, other: number): number => (drop - other) / (Math.abs(drop) + Math.abs(other) + NOISE);

interface Scored {
  readonly head: string;
  readonly hit: boolean;
  readonly scores: Readonly<Record<string, number>>;
}

async function scoredOf(file: string): Promise<readonly Scored[]> {
  const { tensor, trace, sourceColumns, sourceRows } = await prepareImage(readFileSync(join(folder, file)), spec);
  const { [LOGITS]: logits, [MAPS]: maps } = await executor.run(tensor);
  if (logits === undefined || maps === undefined) throw new Error('the graph does not give the declared outputs');
  const worth = worthShowing(judgeHeads(logits.data, model, undefined).results);
  const heads = worth.map(({ index }) => index);
  const now = await faithfulness({ tensor, maps, logits }, heads, run);
  const fill = blurredTensor(tensor);
  const found: Scored[] = [];
  for (const [place, { head, index }] of worth.entries()) {
    const before = logits.data[index] ?? Number.NaN;
    const dropsOf = async (hidden: Tensor): Promise<number[]> => {
      const { data } = await run(hidden);
      return [0, 1].map((item) => before - (data[item * manifest.heads.length + index] ?? Number.NaN));
    };
    const map = classMap(maps, index, trace);
    const pixels = byEvidence(mapOnTensor(maps, index, tensor));
    const cells = byEvidence(map.values);
    const ends = (order: Uint32Array) => {
      const count = Math.round(order.length * SHARE);
      return [order.subarray(0, count), order.subarray(-count)];
    };
    const [byPixels = Number.NaN, byOtherPixels = Number.NaN] = await dropsOf(
      stack(ends(pixels).map((each) => withPixelsFrom(tensor, fill, each))),
    );
    const [byCells = Number.NaN, byOtherCells = Number.NaN] = await dropsOf(
      withCellsFrom(tensor, fill, { grid: map, sets: ends(cells) }),
    );
    const [top = 0, bottom = 0] = ends(cells).map(
      (each) => each.reduce((sum, cell) => sum + (map.values[cell] ?? 0), 0) / map.values.length,
    );
    const point = peak(map);
    const [x, y] = [point.x / sourceColumns, point.y / sourceRows];
    found.push({
      head: head.code,
      hit: (boxes.get(file) ?? []).some((box) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h),
      scores: {
        'two copies of pixels for each map': scoreOf(byPixels, byOtherPixels),
        'two copies of cells for each map': scoreOf(byCells, byOtherCells),
        'one copy of cells for each map, one for the film (in use)': now[place] ?? Number.NaN,
        'one copy of cells for each map': scoreOf(byCells, 0),
        'on the grid of features, without a run': scoreOf(top, bottom),
      },
    });
  }
  return found;
}

const all: Scored[] = [];
for (const file of [...boxes.keys()].slice(0, Number(options.films))) all.push(...(await scoredOf(file)));
await executor.close();

const [first] = all;
const names = Object.keys(first?.scores ?? {});
const isShown = ({ scores }: Scored, name: string): boolean =>
  (scores[name] ?? Number.NaN) >= manifest.minimumFaithfulness;
const shareOf = (of: readonly Scored[], holds: (one: Scored) => boolean): string =>
  `${round((100 * of.filter(holds).length) / of.length)} %`;
process.stdout.write(
  `${all.length} maps of ${Math.min(boxes.size, Number(options.films))} films\n\n` +
    '| check | shown | same verdict as the first | of the shown maps of an opacity, point into a box |\n|---|---|---|---|\n',
);
for (const name of names) {
  const boxed = all.filter((one) => OF_BOXES.includes(one.head) && isShown(one, name));
  const same = (one: Scored): boolean => isShown(one, name) === isShown(one, names[0] ?? '');
  process.stdout.write(
    `| ${name} | ${shareOf(all, (one) => isShown(one, name))} | ${shareOf(all, same)} | ${shareOf(boxed, ({ hit }) => hit)} |\n`,
  );
}
