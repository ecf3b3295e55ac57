// The parts of a model.onnx that surgery needs: nodes, names and shapes. Weights stay where they lie in the file and are not decoded.
import { wireFields } from './wire-reader.ts';

export interface ReadNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers and lists of them; other attributes are not needed here. */
  readonly ints: ReadonlyMap<string, readonly number[]>;
  readonly floats: ReadonlyMap<string, number>;
}

export interface ReadTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** TensorProto.DataType: 1 is float32, 7 int64, 10 float16. */
  readonly type: number;
  /** Place of its message in the file. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  /** Where the values lie in another file. */
  readonly external: Readonly<Record<string, string>> | undefined;
}

export interface ReadValue {
  readonly name: string;
  readonly type: number;
  /** A number, a name for a free size, or an empty name. Undefined where the file does not say. */
  readonly dims: readonly (number | string)[] | undefined;
  readonly from: number;
  readonly end: number;
}

export interface ReadOnnx {
  readonly bytes: Uint8Array;
  readonly opset: number;
  /** Place of the graph's message. */
  readonly graph: { readonly from: number; readonly start: number; readonly end: number };
  readonly nodes: readonly ReadNode[];
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  /** Without the weights, which older files list among the inputs. */
  readonly inputs: readonly ReadValue[];
  readonly outputs: readonly ReadValue[];
  /** The node that makes a tensor. */
  readonly producers: ReadonlyMap<string, ReadNode>;
}

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString('utf8');

/** Repeated numbers are packed into one field or stand one by one. */
function* packed(bytes: Uint8Array, start: number, end: number): Generator<number> {
  let at = start;
  while (at < end) {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('a list of numbers ends early');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    yield Number(BigInt.asIntN(64, value));
  }
}

function readNode(bytes: Uint8Array, from: number, to: number): ReadNode {
  const node = { name: '', op: '', inputs: [] as string[], outputs: [] as string[] };
  const ints = new Map<string, number[]>();
  const floats = new Map<string, number>();
  for (const { number, start, end } of wireFields(bytes, from, to)) {
    if (number === 1) node.inputs.push(text(bytes, start, end));
    else if (number === 2) node.outputs.push(text(bytes, start, end));
    else if (number === 3) node.name = text(bytes, start, end);
    else if (number === 4) node.op = text(bytes, start, end);
    else if (number === 5) {
      let name = '';
      const list: number[] = [];
      for (const field of wireFields(bytes, start, end)) {
        if (field.number === 1) name = text(bytes, field.start, field.end);
        else if (field.number === 2)
          floats.set(name, Buffer.from(bytes.subarray(field.start, field.end)).readFloatLE());
        else if (field.number === 3) list.push(field.value);
        else if (field.number === 8)
          list.push(...(field.end > field.start ? packed(bytes, field.start, field.end) : [field.value]));
      }
      if (list.length > 0) ints.set(name, list);
    }
  }
  return { ...node, ints, floats };
}

function readTensor(bytes: Uint8Array, from: number, start: number, end: number): ReadTensor {
  let [name, type, elsewhere] = ['', 0, false];
  const dims: number[] = [];
  const external: Record<string, string> = {};
  for (const field of wireFields(bytes, start, end)) {
    if (field.number === 1)
      dims.push(...(field.end > field.start ? packed(bytes, field.start, field.end) : [field.value]));
    else if (field.number === 2) type = field.value;
    else if (field.number === 8) name = text(bytes, field.start, field.end);
    else if (field.number === 14) elsewhere = field.value === 1;
    else if (field.number === 13) {
      let [key, value] = ['', ''];
      for (const entry of wireFields(bytes, field.start, field.end)) {
        if (entry.number === 1) key = text(bytes, entry.start, entry.end);
        else if (entry.number === 2) value = text(bytes, entry.start, entry.end);
      }
      external[key] = value;
    }
  }
  return { name, dims, type, from, start, end, external: elsewhere ? external : undefined };
}

/** ValueInfoProto → TypeProto → Tensor → shape: the third level down. */
function readValue(bytes: Uint8Array, from: number, start: number, end: number): ReadValue {
  let [name, type] = ['', 0];
  let dims: (number | string)[] | undefined;
  const inside = function* (outer: { start: number; end: number }, wanted: number) {
    for (const field of wireFields(bytes, outer.start, outer.end)) if (field.number === wanted) yield field;
  };
  for (const field of wireFields(bytes, start, end)) {
    if (field.number === 1) name = text(bytes, field.start, field.end);
    if (field.number !== 2) continue;
    for (const tensor of inside(field, 1)) {
      for (const part of wireFields(bytes, tensor.start, tensor.end)) {
        if (part.number === 1) type = part.value;
        if (part.number !== 2) continue;
        dims = [];
        for (const dimension of inside(part, 1)) {
          let size: number | string = '';
          for (const one of wireFields(bytes, dimension.start, dimension.end))
            size = one.number === 1 ? one.value : text(bytes, one.start, one.end);
          dims.push(size);
        }
      }
    }
  }
  return { name, type, dims, from, end };
}

/** Throws RangeError for what is no ONNX model. */
export function readOnnx(bytes: Uint8Array): ReadOnnx {
  let graph: ReadOnnx['graph'] | undefined;
  let opset = 0;
  for (const field of wireFields(bytes)) {
    if (field.number === 7) graph = field;
    if (field.number !== 8) continue;
    let [domain, version] = ['', 0];
    for (const part of wireFields(bytes, field.start, field.end)) {
      if (part.number === 1) domain = text(bytes, part.start, part.end);
      else if (part.number === 2) version = part.value;
    }
    if (domain === '' || domain === 'ai.onnx') opset = version;
  }
  if (graph === undefined || opset === 0) throw new RangeError('no graph of the standard operators');
  const nodes: ReadNode[] = [];
  const tensors = new Map<string, ReadTensor>();
  const inputs: ReadValue[] = [];
  const outputs: ReadValue[] = [];
  for (const { number, from, start, end } of wireFields(bytes, graph.start, graph.end)) {
    if (number === 1) nodes.push(readNode(bytes, start, end));
    else if (number === 5) {
      const tensor = readTensor(bytes, from, start, end);
      tensors.set(tensor.name, tensor);
    } else if (number === 11) inputs.push(readValue(bytes, from, start, end));
    else if (number === 12) outputs.push(readValue(bytes, from, start, end));
  }
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  return {
    bytes,
    opset,
    graph,
    nodes,
    tensors,
    inputs: inputs.filter(({ name }) => !tensors.has(name)),
    outputs,
    producers,
  };
}
