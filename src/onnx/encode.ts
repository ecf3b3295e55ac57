// Encodes an ONNX graph as the bytes of a model.onnx. The same graph always gives the same bytes.
// Field numbers are those of onnx.proto (IR version 8, operator set 17: onnx.ai).
import { createWireWriter, type WireWriter } from './wire-writer.ts';

const ELEMENT_TYPES = { float: 1, int64: 7, bool: 9, double: 11 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A size, or a name for a size that is only known at run time. */
export type Dimension = number | string;

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dimension[];
}

export interface OnnxConstant {
  readonly name: string;
  readonly dims: readonly number[];
  /** Its kind gives the element type: Float32Array float, Float64Array double, BigInt64Array int64. */
  readonly data: Float32Array | Float64Array | BigInt64Array;
}

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly text: string };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: readonly OnnxConstant[];
  /** In the order of computation. */
  readonly nodes: readonly OnnxNode[];
  readonly documentation?: string;
  /** Shown by model viewers and readable through ONNX Runtime. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;
const OPERATOR_SET = 17;

const elementTypeOf = (data: OnnxConstant['data']): ElementType =>
  data instanceof Float32Array ? 'float' : data instanceof Float64Array ? 'double' : 'int64';

export function writeValue(out: WireWriter, value: OnnxValue): void {
  out.text(1, value.name);
  out.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.varint(1, ELEMENT_TYPES[value.type]);
      tensor.message(2, (shape) => {
        for (const size of value.dims) {
          shape.message(1, (dim) => (typeof size === 'number' ? dim.varint(1, size) : dim.text(2, size)));
        }
      });
    }),
  );
}

export function writeConstant(out: WireWriter, constant: OnnxConstant): void {
  const size = constant.dims.reduce((product, dim) => product * dim, 1);
  if (size !== constant.data.length) {
    throw new RangeError(`constant ${constant.name} holds ${constant.data.length} values for a shape of ${size}`);
  }
  out.packed(1, constant.dims);
  out.varint(2, ELEMENT_TYPES[elementTypeOf(constant.data)]);
  out.text(8, constant.name);
  // raw_data is little-endian by definition, and so is every machine that Node runs on.
  out.bytes(9, new Uint8Array(constant.data.buffer, constant.data.byteOffset, constant.data.byteLength));
}

function writeAttribute(out: WireWriter, name: string, attribute: OnnxAttribute): void {
  out.text(1, name);
  if ('int' in attribute) {
    out.varint(3, attribute.int);
    out.varint(20, 2);
  } else if ('float' in attribute) {
    out.float(2, attribute.float);
    out.varint(20, 1);
  } else if ('text' in attribute) {
    out.text(4, attribute.text);
    out.varint(20, 3);
  } else {
    for (const value of attribute.ints) out.varint(8, value);
    out.varint(20, 7);
  }
}

export function writeNode(out: WireWriter, node: OnnxNode): void {
  for (const name of node.inputs) out.text(1, name);
  for (const name of node.outputs) out.text(2, name);
  out.text(3, node.outputs[0] ?? node.op);
  out.text(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    out.message(5, (inner) => writeAttribute(inner, name, attribute));
  }
}

/** The bytes of a ModelProto. Throws RangeError when a constant's values do not fill its shape. */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  const out = createWireWriter();
  out.varint(1, IR_VERSION);
  out.text(2, 'haidang');
  out.message(7, (body) => {
    for (const node of graph.nodes) body.message(1, (inner) => writeNode(inner, node));
    body.text(2, graph.name);
    for (const constant of graph.constants) body.message(5, (inner) => writeConstant(inner, constant));
    if (graph.documentation !== undefined) body.text(10, graph.documentation);
    for (const value of graph.inputs) body.message(11, (inner) => writeValue(inner, value));
    for (const value of graph.outputs) body.message(12, (inner) => writeValue(inner, value));
  });
  out.message(8, (operators) => operators.varint(2, OPERATOR_SET));
  for (const [name, value] of Object.entries(graph.metadata ?? {})) {
    out.message(14, (entry) => {
      entry.text(1, name);
      entry.text(2, value);
    });
  }
  return out.finish();
}
