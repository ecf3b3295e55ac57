// Maps for a model that gives none: parts of the picture are blurred one after the other, and the map says how far each logit falls
// (Zeiler and Fergus 2014). Costs one run per part, so a batch holds several.
import type { Tensor } from '#kernel/frame.ts';
import { stack } from '#tensor/stack.ts';
import type { RunLogits } from './faithfulness.ts';
import { blurredTensor, withPixelsFrom } from './hiding.ts';

export interface OcclusionOptions {
  /** Of the map. Each part covers two cells a side, so that neighbours overlap and an edge between parts leaves no mark. */
  readonly rows: number;
  readonly columns: number;
  /** Pictures in one run. */
  readonly batch?: number;
}

/** Pixels of the part that is hidden for one cell. */
function partOf(
  cell: { row: number; column: number },
  { rows, columns }: OcclusionOptions,
  tensor: Tensor,
): Uint32Array {
  const [, , height = 0, width = 0] = tensor.shape;
  const span = (at: number, cells: number, pixels: number): readonly [number, number] => [
    Math.max(0, Math.floor(((at - 0.5) * pixels) / cells)),
    Math.min(pixels, Math.ceil(((at + 1.5) * pixels) / cells)),
  ];
  const [top, bottom] = span(cell.row, rows, height);
  const [left, right] = span(cell.column, columns, width);
  const pixels: number[] = [];
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) pixels.push(y * width + x);
  return Uint32Array.from(pixels);
}

/** 1 × heads × rows × columns, as a class map: above 0 where hiding lowers the logit. */
export async function occlusionMaps(
  { tensor, logits }: { readonly tensor: Tensor; readonly logits: Tensor },
  run: RunLogits,
  options: OcclusionOptions,
): Promise<Tensor> {
  const { rows, columns, batch = 16 } = options;
  const [, heads = 0] = logits.shape;
  const fill = blurredTensor(tensor);
  const data = new Float32Array(heads * rows * columns);
  const cells = Array.from({ length: rows * columns }, (_, at) => at);
  for (let start = 0; start < cells.length; start += batch) {
    const group = cells.slice(start, start + batch);
    const hidden = group.map((at) =>
      withPixelsFrom(tensor, fill, partOf({ row: Math.floor(at / columns), column: at % columns }, options, tensor)),
    );
    const again = await run(stack(hidden));
    for (const [item, at] of group.entries())
      for (let head = 0; head < heads; head += 1)
        data[head * rows * columns + at] = logits.data[head]! - again.data[item * heads + head]!;
  }
  return { shape: [1, heads, rows, columns], data };
}
