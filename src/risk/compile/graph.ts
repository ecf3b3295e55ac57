// Collects the nodes and constants of an ONNX graph; the same operation on the same operands is made once.
import type { OnnxAttribute, OnnxConstant, OnnxNode } from '#onnx/encode.ts';

/** `number` is a float64 tensor of [batch]; `truth` bool [batch]; `series` float64 [length, batch] or [length, 1]; `index` int64 [batch]. */
export type ValueKind = 'number' | 'truth' | 'series' | 'index';

export interface GraphValue {
  readonly name: string;
  readonly kind: ValueKind;
}

export interface GraphBuilder {
  node(op: string, inputs: readonly GraphValue[], options: NodeOptions): GraphValue;
  /** A single number, broadcast over the batch. */
  scalar(value: number): GraphValue;
  /** [dims…] in float64; shape it so that it broadcasts. */
  constant(values: Float64Array, dims: readonly number[]): GraphValue;
  integers(values: readonly number[], dims?: readonly number[]): GraphValue;
  /** The constant that `apply` makes of a constant, or undefined where the value is computed. */
  folded(value: GraphValue, apply: (x: number) => number): GraphValue | undefined;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

export interface NodeOptions {
  readonly kind: ValueKind;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Names the result; without it a number does. */
  readonly as?: string;
}

export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const constants: OnnxConstant[] = [];
  const made = new Map<string, GraphValue>();
  let counter = 0;

  function remember(key: string, make: () => GraphValue): GraphValue {
    const before = made.get(key);
    if (before !== undefined) return before;
    const value = make();
    made.set(key, value);
    return value;
  }

  function addConstant(data: Float64Array | BigInt64Array, dims: readonly number[], kind: ValueKind): GraphValue {
    return remember(`constant ${kind} [${dims.join()}] ${data.join()}`, () => {
      const name = `_c${constants.length}`;
      constants.push({ name, dims, data });
      return { name, kind };
    });
  }

  const constant = (values: Float64Array, dims: readonly number[]): GraphValue =>
    addConstant(values, dims, dims.length > 1 ? 'series' : 'number');

  return {
    nodes,
    constants,
    node(op, inputs, { kind, attributes, as }) {
      const key = `${op} ${inputs.map(({ name }) => name).join()} ${JSON.stringify(attributes ?? {})} ${as ?? ''}`;
      return remember(key, () => {
        counter += 1;
        const name = as ?? `_n${counter}`;
        nodes.push({
          op,
          inputs: inputs.map((input) => input.name),
          outputs: [name],
          ...(attributes === undefined ? {} : { attributes }),
        });
        return { name, kind };
      });
    },
    scalar: (value) => addConstant(Float64Array.of(value), [], 'number'),
    constant,
    folded(value, apply) {
      const found = constants.find(({ name }) => name === value.name);
      return found?.data instanceof Float64Array ? constant(found.data.map(apply), found.dims) : undefined;
    },
    integers: (values, dims = [values.length]) => addConstant(BigInt64Array.from(values.map(BigInt)), dims, 'index'),
  };
}
