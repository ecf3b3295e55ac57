// Joins tensors of one shape into one batch.
import type { Tensor } from '#kernel/frame.ts';
import { tensorErrors } from './errors.ts';

/** Joins along the batch. Throws CareError `tensor.bad-frame` when there is none, or when shapes differ beyond the batch. */
export function stack(tensors: readonly Tensor[]): Tensor {
  const [head] = tensors;
  if (head === undefined) throw tensorErrors.error('bad-frame', { reason: 'a batch of nothing' });
  const inner = head.shape.slice(1);
  let batch = 0;
  let length = 0;
  for (const { shape, data } of tensors) {
    if (shape.slice(1).join('×') !== inner.join('×'))
      throw tensorErrors.error('bad-frame', { reason: `${shape.join('×')} beside ${head.shape.join('×')}` });
    batch += shape[0] ?? 0;
    length += data.length;
  }
  const data = new Float32Array(length);
  let offset = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, offset);
    offset += tensor.data.length;
  }
  return { shape: [batch, ...inner], data };
}
