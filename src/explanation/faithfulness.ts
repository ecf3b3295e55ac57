// Scores how faithful each heatmap is to its model: the answer is computed again with parts of the film hidden.
import type { Tensor } from '#kernel/frame.ts';
import { classMap } from './class-map.ts';
import { explanationErrors } from './errors.ts';
import { blurredTensor, byEvidence, ownTrace, withCellsFrom } from './hiding.ts';

/** One forward pass over a batch; gives back the logits, batch × heads. */
export type RunLogits = (batch: Tensor) => Promise<Tensor>;

export interface ForwardPass {
  /** As the model saw it: 1 × channels × rows × columns. */
  readonly tensor: Tensor;
  /** 1 × heads × rows × columns, of the same forward pass. */
  readonly maps: Tensor;
  /** 1 × heads, of the same forward pass. */
  readonly logits: Tensor;
}

export interface FaithfulnessOptions {
  /** Share of the picture that is hidden each time. */
  readonly share?: number;
}

/** Differences of a logit smaller than this are noise of the blurring; they pull the score to 0. */
const NOISE_LOGIT = 0.1;

const logitOf = (logits: Tensor, item: number, head: number): number => {
  const [, heads = 0] = logits.shape;
  const value = logits.data[item * heads + head];
  if (value === undefined) throw explanationErrors.error('bad-maps', { reason: `no logit for head ${head}` });
  return value;
};

/** Others are served between two batches, and a larger one leaves the processor's cache. */
const BATCH = 2;

/** The cells that tell least of all heads together: those with the largest sum of places. Of equals the first in the picture. */
function weakestOfAll(orders: readonly Uint32Array[], count: number): Uint32Array {
  const places = new Float32Array(orders[0]?.length ?? 0);
  for (const order of orders) for (const [place, cell] of order.entries()) places[cell]! += place;
  return byEvidence(places).slice(0, count);
}

/**
 * For each head asked: the fifth of the map's cells with the strongest evidence is blurred; in one copy more, which all heads share,
 * the fifth that is weakest for all of them. score = (drop - other drop) / (|drop| + |other drop| + noise), from -1 to 1: near 1 the
 * logit falls when the highlighted part goes and does not care for the rest, near 0 the map tells nothing, below 0 it misleads.
 *
 * After Samek et al., "Evaluating the visualization of what a deep neural network has learned" (2017), cut down to two points of the
 * curve. How the shared copy compares with one for each head: docs/decisions.md.
 */
export async function faithfulness(
  { tensor, maps, logits }: ForwardPass,
  heads: readonly number[],
  run: RunLogits,
  { share = 0.2 }: FaithfulnessOptions = {},
): Promise<number[]> {
  if (heads.length === 0) return [];
  const trace = ownTrace(tensor);
  const found = heads.map((head) => classMap(maps, head, trace));
  const [grid] = found;
  if (grid === undefined) return [];
  const orders = found.map(({ values }) => byEvidence(values));
  const count = Math.max(1, Math.round(grid.values.length * share));
  const hidden = [weakestOfAll(orders, count), ...orders.map((order) => order.subarray(0, count))];

  const fill = blurredTensor(tensor);
  const after: Tensor[] = [];
  for (let first = 0; first < hidden.length; first += BATCH)
    after.push(await run(withCellsFrom(tensor, fill, { grid, sets: hidden.slice(first, first + BATCH) })));
  const dropOf = (item: number, head: number): number => {
    const batch = after[Math.floor(item / BATCH)];
    if (batch === undefined) throw explanationErrors.error('bad-maps', { reason: `no answer to copy ${item}` });
    return logitOf(logits, 0, head) - logitOf(batch, item % BATCH, head);
  };
  return heads.map((head, place) => {
    const [drop, otherDrop] = [dropOf(place + 1, head), dropOf(0, head)];
    return (drop - otherDrop) / (Math.abs(drop) + Math.abs(otherDrop) + NOISE_LOGIT);
  });
}
