// Removes outputs from an ONNX file, with the nodes that only they need.
import { createWireWriter } from '#onnx/wire-writer.ts';
import { wireFields } from '#onnx/wire-reader.ts';

interface Field {
  readonly number: number;
  /** The whole field as it stands in the file, key included. */
  readonly whole: Uint8Array;
  readonly payload: Uint8Array;
}

/** Fields of ModelProto, GraphProto, NodeProto and ValueInfoProto (onnx.proto). */
const GRAPH = 7;
const NODE = 1;
const OUTPUT = 12;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const VALUE_NAME = 1;

const fieldsOf = (bytes: Uint8Array): Field[] =>
  [...wireFields(bytes)].map(({ number, from, start, end }) => ({
    number,
    whole: bytes.subarray(from, end),
    payload: bytes.subarray(start, end),
  }));

const textsOf = (message: Uint8Array, number: number): string[] =>
  fieldsOf(message)
    .filter((field) => field.number === number)
    .map(({ payload }) => Buffer.from(payload).toString('utf8'));

function graphField(body: Uint8Array): Uint8Array {
  const writer = createWireWriter();
  writer.bytes(GRAPH, body);
  return writer.finish();
}

export interface Pruned {
  readonly bytes: Buffer;
  readonly nodes: number;
  readonly removedNodes: number;
}

/** For graphs without subgraphs: a name that only a body of a loop uses would not be seen. */
export function withoutOutputs(onnx: Uint8Array, names: readonly string[]): Pruned {
  const model = fieldsOf(onnx);
  const graph = model.flatMap((field) => (field.number === GRAPH ? fieldsOf(field.payload) : []));
  const isCut = (field: Field): boolean =>
    field.number === OUTPUT && names.includes(textsOf(field.payload, VALUE_NAME)[0] ?? '');
  const left = graph.filter((field) => !isCut(field));
  const needed = new Set(
    left.filter(({ number }) => number === OUTPUT).flatMap(({ payload }) => textsOf(payload, VALUE_NAME)),
  );
  // Nodes stand in order of computation, so one walk from the end finds all that is needed.
  const nodes = left.filter(({ number }) => number === NODE);
  const kept = new Set<Field>();
  for (const node of nodes.toReversed()) {
    if (!textsOf(node.payload, NODE_OUTPUT).some((name) => needed.has(name))) continue;
    kept.add(node);
    for (const name of textsOf(node.payload, NODE_INPUT)) needed.add(name);
  }
  const body = Buffer.concat(
    left.filter((field) => field.number !== NODE || kept.has(field)).map(({ whole }) => whole),
  );
  const bytes = Buffer.concat(model.map((field) => (field.number === GRAPH ? graphField(body) : field.whole)));
  return { bytes, nodes: nodes.length, removedNodes: nodes.length - kept.size };
}
