// Maps for a model that gives none, by random masks (RISE: Petsiuk, Das, Saenko, BMVC 2018): the map is how a logit goes with what is left to see
// at each place. Smoother than hiding one part after the other, since each run tells of the whole picture.
import type { Tensor } from '#kernel/frame.ts';
import { seededRandom } from '#kernel/seeded-random.ts';
import { resizePlane } from '#tensor/resize.ts';
import type { RunLogits } from './faithfulness.ts';
import { blurredTensor, type Grid } from './hiding.ts';

export interface RiseOptions extends Grid {
  /** Runs of the model. */
  readonly masks?: number;
  /** Pictures in one run. */
  readonly batch?: number;
  readonly seed?: number;
}

/** Cells a side of the coarse masks, as in the paper. */
const COARSE = 7;
/** Of the cells that stay. */
const KEPT = 0.5;

/** A coarse mask of chance, drawn out and shifted by less than a cell, so that no edge stands at the same place twice: 1 shows, 0 hides. */
function maskOf(random: () => number, height: number, width: number): Float32Array {
  const cells = Float32Array.from({ length: (COARSE + 1) ** 2 }, () => (random() < KEPT ? 1 : 0));
  const cell = { height: Math.ceil(height / COARSE), width: Math.ceil(width / COARSE) };
  const wide = { columns: cell.width * (COARSE + 1), rows: cell.height * (COARSE + 1) };
  const drawn = resizePlane({ columns: COARSE + 1, rows: COARSE + 1, values: cells }, wide.columns, wide.rows).values;
  const [top, left] = [Math.floor(random() * cell.height), Math.floor(random() * cell.width)];
  const mask = new Float32Array(height * width);
  for (let y = 0; y < height; y += 1)
    mask.set(drawn.subarray((y + top) * wide.columns + left, (y + top) * wide.columns + left + width), y * width);
  return mask;
}

function masked(tensor: Tensor, fill: Float32Array, masks: readonly Float32Array[]): Tensor {
  const [, channels = 1, rows = 1, columns = 1] = tensor.shape;
  const size = tensor.data.length;
  const data = new Float32Array(masks.length * size);
  masks.forEach((mask, item) => {
    for (let at = 0; at < size; at += 1) {
      const shown = mask[at % (rows * columns)]!;
      data[item * size + at] = shown * tensor.data[at]! + (1 - shown) * fill[at]!;
    }
  });
  return { shape: [masks.length, channels, rows, columns], data };
}

/** What is left to see in each cell of the map: the mean of the mask over it. */
function seenIn(mask: Float32Array, { rows, columns }: Grid, height: number, width: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const [top, bottom] = [row, row + 1].map((each) => Math.round((each * height) / rows));
    const [left, right] = [column, column + 1].map((each) => Math.round((each * width) / columns));
    let sum = 0;
    for (let y = top!; y < bottom!; y += 1) for (let x = left!; x < right!; x += 1) sum += mask[y * width + x]!;
    return sum / Math.max(1, (bottom! - top!) * (right! - left!));
  });
}

/**
 * 1 × heads × rows × columns, as a class map: above 0 where showing the place raises the logit. Each value is the slope of the logit on what is
 * seen there (covariance over variance), so that a head's average answer leaves no trace. Hidden pixels are blurred, not blackened.
 */
export async function riseMaps(tensor: Tensor, run: RunLogits, options: RiseOptions): Promise<Tensor> {
  const { rows, columns, masks: count = 256, batch = 16, seed = 1 } = options;
  const [, , height = 1, width = 1] = tensor.shape;
  const random = seededRandom(seed);
  const fill = blurredTensor(tensor);
  const seen: Float32Array[] = [];
  const logits: Float32Array[] = [];
  let heads = 0;
  while (seen.length < count) {
    const masks = Array.from({ length: Math.min(batch, count - seen.length) }, () => maskOf(random, height, width));
    const answers = await run(masked(tensor, fill, masks));
    heads = answers.shape[1] ?? 0;
    masks.forEach((mask, item) => {
      seen.push(seenIn(mask, options, height, width));
      logits.push(answers.data.slice(item * heads, (item + 1) * heads));
    });
  }
  const cells = rows * columns;
  const meanOf = (of: readonly Float32Array[], at: number): number =>
    of.reduce((sum, each) => sum + each[at]!, 0) / count;
  const meanLogits = Array.from({ length: heads }, (_, head) => meanOf(logits, head));
  const data = new Float32Array(heads * cells);
  for (let cell = 0; cell < cells; cell += 1) {
    const mean = meanOf(seen, cell);
    let spread = 0;
    const together = new Float64Array(heads);
    seen.forEach((each, at) => {
      const off = each[cell]! - mean;
      spread += off * off;
      for (let head = 0; head < heads; head += 1) together[head]! += off * (logits[at]![head]! - meanLogits[head]!);
    });
    for (let head = 0; head < heads; head += 1) data[head * cells + cell] = spread > 0 ? together[head]! / spread : 0;
  }
  return { shape: [1, heads, rows, columns], data };
}
