// ONNX bytes and names of outputs come in; the same graph without these outputs, and without the nodes that only they need, goes out.

interface Field {
  readonly number: number;
  /** The whole field as it stands in the file, tag included. */
  readonly whole: Buffer;
  readonly payload: Buffer;
}

/** Fields of ModelProto, GraphProto, NodeProto and ValueInfoProto (onnx.proto). */
const GRAPH = 7;
const NODE = 1;
const OUTPUT = 12;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const VALUE_NAME = 1;

const LENGTH_DELIMITED = 2;
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let scale = 1;
  let at = from;
  for (;;) {
    const byte = bytes.readUInt8(at);
    at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at };
    scale *= 128;
  }
}

function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    const kind = tag.value & 7;
    const size = readVarint(bytes, tag.next);
    const start = kind === LENGTH_DELIMITED ? size.next : tag.next;
    const end =
      kind === LENGTH_DELIMITED ? start + size.value : kind === 0 ? size.next : start + (FIXED_BYTES[kind] ?? 0);
    yield { number: tag.value >> 3, whole: bytes.subarray(at, end), payload: bytes.subarray(start, end) };
    at = end;
  }
}

function writeVarint(value: number): Buffer {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...out, rest]);
    out.push((rest % 128) + 128);
  }
}

const delimited = (number: number, payload: Buffer): Buffer =>
  Buffer.concat([writeVarint(number * 8 + LENGTH_DELIMITED), writeVarint(payload.length), payload]);

const textsOf = (message: Buffer, number: number): string[] =>
  [...fieldsOf(message)].filter((field) => field.number === number).map(({ payload }) => payload.toString('utf8'));

export interface Pruned {
  readonly bytes: Buffer;
  readonly nodes: number;
  readonly removedNodes: number;
}

/** For graphs without subgraphs: a name that only a body of a loop uses would not be seen. */
export function withoutOutputs(onnx: Uint8Array, names: readonly string[]): Pruned {
  const model = [...fieldsOf(Buffer.from(onnx.buffer, onnx.byteOffset, onnx.byteLength))];
  const graph = model.flatMap((field) => (field.number === GRAPH ? [...fieldsOf(field.payload)] : []));
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
  const bytes = Buffer.concat(model.map((field) => (field.number === GRAPH ? delimited(GRAPH, body) : field.whole)));
  return { bytes, nodes: nodes.length, removedNodes: nodes.length - kept.size };
}
