// Proves that this program reproduces a model's recorded outputs.
import type { GrayFrame, Tensor } from '#kernel/frame.ts';
import { tensorSha256 } from '#tensor/digest.ts';
import { stack } from '#tensor/stack.ts';
import { toTensor } from '#tensor/to-tensor.ts';
import { modelErrors } from './errors.ts';
import type { Golden, ModelManifest, Precision } from './schema.ts';

/** One forward pass: outputs by the graph's names, batch first. */
export type RunTensor = (input: Tensor) => Promise<Readonly<Record<string, Tensor>>>;

export interface GoldenReport {
  readonly cases: number;
  /** Of any logit or embedding value, over all cases. */
  readonly largestDifference: number;
  readonly tolerance: number;
}

type GoldenCase = Golden['cases'][number];

/** Golden tensors are written by another language's float32 sums: this much of their difference is rounding. */
const TENSOR_TOLERANCE = 1e-4;

/** The picture that a golden case describes by arithmetic. */
export function goldenPicture({ rows, columns, a, b }: GoldenCase['picture']): GrayFrame {
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      values[row * columns + column] = 0.5 + 0.5 * Math.sin(a * row + b * column);
  }
  return { columns, rows, values, sourceColumns: columns, sourceRows: rows };
}

/** Infinity when one is missing or not a number, so that it never passes a tolerance. */
function largestGap(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = got.length < expected.length ? Number.POSITIVE_INFINITY : 0;
  for (let i = 0; i < expected.length; i += 1) {
    const gap = Math.abs((got[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(largest, gap);
  }
  return largest;
}

const differs = (reason: string) => modelErrors.error('golden-differs', { reason });

/** The case's tensor, checked against what is recorded of it. Throws CareError `models.golden-differs`. */
export function goldenTensor(manifest: ModelManifest, golden: GoldenCase): Tensor {
  const { tensor } = toTensor(goldenPicture(golden.picture), manifest.preprocessing);
  let sum = 0;
  for (const value of tensor.data) sum += value;
  if (largestGap([sum / tensor.data.length], [golden.tensorMean]) > TENSOR_TOLERANCE)
    throw differs(`mean of the tensor ${sum / tensor.data.length}, recorded ${golden.tensorMean}`);
  const gap = largestGap(tensor.data, golden.tensorFirst);
  if (gap > TENSOR_TOLERANCE) throw differs(`the first values of the tensor are off by ${gap}`);
  if (golden.tensorSha256 !== undefined && tensorSha256(tensor) !== golden.tensorSha256)
    throw differs('the hash of the tensor differs');
  return tensor;
}

/**
 * Runs every golden case alone and all of them as one batch (a graph that mixes the items of a batch is caught here).
 * Throws CareError `models.golden-differs`.
 */
export async function verifyGolden(
  model: { readonly manifest: ModelManifest; readonly golden: Golden },
  precision: Precision,
  run: RunTensor,
): Promise<GoldenReport> {
  const { manifest, golden } = model;
  const { logits, embedding, embeddingSize } = manifest.outputs;
  const tolerance = golden.tolerance[precision];
  let largest = 0;
  const compare = (
    outputs: Readonly<Record<string, Tensor>>,
    item: number,
    expected: GoldenCase,
    how: string,
  ): void => {
    const heads = manifest.heads.length;
    const gotLogits = outputs[logits]?.data.subarray(item * heads, (item + 1) * heads) ?? [];
    const gotEmbedding = outputs[embedding]?.data.subarray(item * embeddingSize, (item + 1) * embeddingSize) ?? [];
    const gap = Math.max(largestGap(gotLogits, expected.logits), largestGap(gotEmbedding, expected.embeddingFirst));
    if (!(gap <= tolerance))
      throw differs(`case ${golden.cases.indexOf(expected)} ${how}: off by ${gap}, tolerance ${tolerance}`);
    largest = Math.max(largest, gap);
  };
  const tensors = golden.cases.map((each) => goldenTensor(manifest, each));
  for (const [index, each] of golden.cases.entries()) {
    const tensor = tensors[index];
    if (tensor !== undefined) compare(await run(tensor), 0, each, 'alone');
  }
  // At least two items, so that a batch is really tried.
  const doubled = [...golden.cases, ...golden.cases];
  const batch = await run(stack([...tensors, ...tensors]));
  for (const [item, each] of doubled.entries()) compare(batch, item, each, 'in a batch');
  return { cases: golden.cases.length, largestDifference: largest, tolerance };
}
