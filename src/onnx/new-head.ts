// A new linear head behind an embedding that the graph gives already, with exact class maps where the embedding is a mean over the picture.
import { addToGraph } from './edit.ts';
import { pooledFeatures } from './head.ts';
import type { ReadOnnx } from './read.ts';

export interface NewHead {
  /** Heads × features. */
  readonly weights: readonly Float32Array[];
  readonly bias: Float32Array;
}

export interface WithNewHead {
  readonly graph: Uint8Array;
  /** Names of the outputs that were added. */
  readonly logits: string;
  /** Undefined: the graph has no global average pool before the embedding. */
  readonly maps: string | undefined;
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, at) => all.set(row, at * width));
  return all;
}

/** Names in the graph: `prefix` makes the added ones its own, so that a graph with such a head can get another. */
export function withNewHead(
  model: ReadOnnx,
  { embedding, prefix }: { readonly embedding: string; readonly prefix: string },
  { weights, bias }: NewHead,
): WithNewHead {
  const heads = weights.length;
  const width = weights[0]?.length ?? 0;
  const features = pooledFeatures(model, embedding);
  const name = (what: string): string => `${prefix}_${what}`;
  const graph = addToGraph(model, {
    constants: [
      { name: name('weight'), dims: [heads, width], data: joined(weights) },
      { name: name('bias'), dims: [heads], data: bias },
      ...(features === undefined ? [] : [{ name: name('kernel'), dims: [heads, width, 1, 1], data: joined(weights) }]),
    ],
    nodes: [
      {
        op: 'Gemm',
        inputs: [embedding, name('weight'), name('bias')],
        outputs: [name('logits')],
        attributes: { transB: { int: 1 } },
      },
      ...(features === undefined ? [] : [{ op: 'Conv', inputs: [features, name('kernel')], outputs: [name('maps')] }]),
    ],
    outputs: [
      { name: name('logits'), type: 'float', dims: ['batch', heads] },
      ...(features === undefined
        ? []
        : [
            {
              name: name('maps'),
              type: 'float',
              dims: ['batch', heads, name('rows'), name('columns')],
            } as const,
          ]),
    ],
  });
  return { graph, logits: name('logits'), maps: features === undefined ? undefined : name('maps') };
}
