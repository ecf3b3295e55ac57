// Scores how faithful each heatmap is to its model: the answer is computed again with parts of the film hidden.
import type { Tensor } from '#kernel/frame.ts';
import { stack } from '#tensor/stack.ts';
import { explanationErrors } from './errors.ts';
import { blurredTensor, mapOnTensor, strongest, withPixelsFrom } from './hiding.ts';

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

/**
 * For each head asked: the fifth of the picture where its map is strongest is blurred, and in a second copy the fifth where it is
 * weakest. score = (drop - other drop) / (|drop| + |other drop| + noise), from -1 to 1: near 1 the logit falls when the
 * highlighted part goes and does not care for the rest, near 0 the map tells nothing, below 0 it misleads.
 *
 * Costs one batch of two pictures per head: one batch of all heads is slower on a processor, whose cache it leaves,
 * and between two batches others are served. After Samek et al., "Evaluating the visualization of what a deep neural network has
 * learned" (2017), cut down to two points of the curve.
 */
export async function faithfulness(
  { tensor, maps, logits }: ForwardPass,
  heads: readonly number[],
  run: RunLogits,
  { share = 0.2 }: FaithfulnessOptions = {},
): Promise<number[]> {
  if (heads.length === 0) return [];
  const fill = blurredTensor(tensor);
  const scores: number[] = [];
  for (const head of heads) {
    const evidence = mapOnTensor(maps, head, tensor);
    const count = Math.max(1, Math.round(evidence.length * share));
    const against = evidence.map((value) => -value);
    const hidden = [evidence, against].map((values) => withPixelsFrom(tensor, fill, strongest(values, count)));
    const again = await run(stack(hidden));
    const before = logitOf(logits, 0, head);
    const drop = before - logitOf(again, 0, head);
    const otherDrop = before - logitOf(again, 1, head);
    scores.push((drop - otherDrop) / (Math.abs(drop) + Math.abs(otherDrop) + NOISE_LOGIT));
  }
  return scores;
}
