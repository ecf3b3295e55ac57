// Surgery on a model.onnx: nodes, constants and outputs are added behind the graph's own fields, which stay as they are, byte by byte.
import { type OnnxConstant, type OnnxNode, type OnnxValue, writeConstant, writeNode, writeValue } from './encode.ts';
import type { ReadOnnx, ReadTensor } from './read.ts';
import { wireFields } from './wire-reader.ts';
import { createWireWriter } from './wire-writer.ts';

export interface Additions {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly outputs: readonly OnnxValue[];
}

/** A field of the graph that is written anew, by where it begins; undefined leaves it out. */
type Replacements = ReadonlyMap<number, { readonly number: number; readonly content: Uint8Array } | undefined>;

function rebuild(
  { bytes, graph }: ReadOnnx,
  replaced: Replacements,
  { nodes, constants, outputs }: Additions,
): Uint8Array {
  const out = createWireWriter();
  for (const field of wireFields(bytes)) {
    if (field.from !== graph.from) {
      out.raw(bytes.subarray(field.from, field.end));
      continue;
    }
    out.message(7, (body) => {
      for (const part of wireFields(bytes, graph.start, graph.end)) {
        if (!replaced.has(part.from)) body.raw(bytes.subarray(part.from, part.end));
        const other = replaced.get(part.from);
        if (other !== undefined) body.bytes(other.number, other.content);
      }
      for (const node of nodes) body.message(1, (inner) => writeNode(inner, node));
      for (const constant of constants) body.message(5, (inner) => writeConstant(inner, constant));
      for (const value of outputs) body.message(12, (inner) => writeValue(inner, value));
    });
  }
  return out.finish();
}

export const addToGraph = (model: ReadOnnx, additions: Additions): Uint8Array => rebuild(model, new Map(), additions);

const NOTHING: Additions = { nodes: [], constants: [], outputs: [] };

/** Weights that lie in another file (as PyTorch writes them beside model.onnx) are taken into this one. */
export function withWeightsInside(model: ReadOnnx, read: (tensor: ReadTensor) => Uint8Array): Uint8Array {
  const replaced = new Map<number, { number: number; content: Uint8Array }>();
  for (const tensor of model.tensors.values()) {
    if (tensor.external === undefined) continue;
    const inner = createWireWriter();
    for (const field of wireFields(model.bytes, tensor.start, tensor.end))
      if (field.number !== 13 && field.number !== 14) inner.raw(model.bytes.subarray(field.from, field.end));
    inner.bytes(9, read(tensor));
    replaced.set(tensor.from, { number: 5, content: inner.finish() });
  }
  return replaced.size === 0 ? model.bytes : rebuild(model, replaced, NOTHING);
}

const INT64 = 7;

/** The values of a small int64 tensor. */
function int64Values(bytes: Uint8Array, { start, end }: ReadTensor): number[] | undefined {
  for (const field of wireFields(bytes, start, end)) {
    if (field.number !== 9) continue;
    const raw = Buffer.from(bytes.subarray(field.start, field.end));
    return Array.from({ length: raw.length / 8 }, (_, at) => Number(raw.readBigInt64LE(8 * at)));
  }
  return undefined;
}

/**
 * A batch that was fixed to 1 at export becomes free: in the inputs and outputs, and where a Reshape names it. Shapes inferred for the
 * tensors between is dropped, since it holds the 1 as well.
 */
export function withFreeBatch(model: ReadOnnx): Uint8Array {
  const { bytes, graph, nodes, tensors } = model;
  const replaced = new Map<number, { number: number; content: Uint8Array } | undefined>();
  const freed = (value: ReadOnnx['inputs'][number]): Uint8Array => {
    const inner = createWireWriter();
    const dims = (value.dims ?? []).map((size, axis) =>
      axis === 0 ? 'batch' : size === '' ? `${value.name}-${axis}` : size,
    );
    writeValue(inner, { name: value.name, type: 'float', dims });
    return inner.finish();
  };
  for (const value of model.inputs) replaced.set(value.from, { number: 11, content: freed(value) });
  for (const value of model.outputs) replaced.set(value.from, { number: 12, content: freed(value) });
  for (const field of wireFields(bytes, graph.start, graph.end))
    if (field.number === 13) replaced.set(field.from, undefined);
  const shapes = new Set(nodes.filter(({ op }) => op === 'Reshape').map(({ inputs }) => inputs[1] ?? ''));
  for (const name of shapes) {
    const tensor = tensors.get(name);
    const sizes = tensor?.type === INT64 ? int64Values(bytes, tensor) : undefined;
    // 0 takes the size from the reshaped tensor.
    if (tensor === undefined || sizes?.[0] !== 1 || sizes.length < 2) continue;
    const inner = createWireWriter();
    writeConstant(inner, { name, dims: [sizes.length], data: BigInt64Array.from([0, ...sizes.slice(1)], BigInt) });
    replaced.set(tensor.from, { number: 5, content: inner.finish() });
  }
  return rebuild(model, replaced, NOTHING);
}
