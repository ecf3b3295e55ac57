// As for faithfulness, but with the whole curve, for evaluation: how the logit moves as the picture goes, or comes, by order of the map.
import type { Tensor } from '#kernel/frame.ts';
import { stack } from '#tensor/stack.ts';
import type { ForwardPass, RunLogits } from './faithfulness.ts';
import { blurredTensor, byEvidence, mapOnTensor, withPixelsFrom } from './hiding.ts';

export interface CurveScores {
  /** Mean probability while the strongest parts of the map are blurred away step by step: the lower, the better the map. */
  readonly deletion: number;
  /** Mean probability while they appear step by step in the blurred picture: the higher, the better. */
  readonly insertion: number;
}

export interface CurveOptions {
  readonly steps?: number;
  /** From logit to probability, for example the head's calibration. */
  readonly toProbability: (logit: number) => number;
}

/** Petsiuk, Das, Saenko, "RISE" (2018): area under both curves by the trapezoid rule. Costs two runs of `steps + 1` pictures. */
export async function deletionInsertion(
  { tensor, maps }: Pick<ForwardPass, 'tensor' | 'maps'>,
  head: number,
  run: RunLogits,
  { steps = 10, toProbability }: CurveOptions,
): Promise<CurveScores> {
  const order = byEvidence(mapOnTensor(maps, head, tensor));
  const blank: Tensor = { shape: tensor.shape, data: blurredTensor(tensor) };
  const upTo = (step: number): Uint32Array => order.subarray(0, Math.round((order.length * step) / steps));
  const range = Array.from({ length: steps + 1 }, (_, step) => step);
  async function area(pictures: readonly Tensor[]): Promise<number> {
    const logits = await run(stack(pictures));
    const [, heads = 0] = logits.shape;
    const curve = pictures.map((_, item) => toProbability(logits.data[item * heads + head]!));
    return curve.slice(1).reduce((sum, value, i) => sum + (value + curve[i]!) / 2, 0) / steps;
  }
  return {
    deletion: await area(range.map((step) => withPixelsFrom(tensor, blank.data, upTo(step)))),
    insertion: await area(range.map((step) => withPixelsFrom(blank, tensor.data, upTo(step)))),
  };
}
