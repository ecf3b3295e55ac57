// Finds the classifier of a network, and the global average pool before it: from these, class maps follow exactly (Zhou 2016), since the
// mean over the picture and the linear classifier can change places.
import type { OnnxConstant, OnnxNode } from './encode.ts';
import type { ReadNode, ReadOnnx } from './read.ts';

export interface FoundHead {
  /** The tensor of logits: before a sigmoid, if there is one. */
  readonly logits: string;
  /** Batch × features, what the classifier sees. */
  readonly embedding: string | undefined;
  /** How class maps are made; a sentence says why there are none. */
  readonly maps:
    | { readonly kind: 'none'; readonly reason: string }
    /** features: batch × channels × rows × columns. */
    | {
        readonly kind: 'classifier';
        readonly features: string;
        readonly weight: string;
        /** A kernel of 1 × 1 (Conv), heads × channels (PyTorch's Linear), or channels × heads. */
        readonly form: 'kernel' | 'rows' | 'columns';
      }
    /** The pooled tensor has one channel per head already. */
    | { readonly kind: 'pooled'; readonly features: string };
  /** `softmax`: one of the heads is right; then each head's log odds are its logit. */
  readonly activation: 'none' | 'sigmoid' | 'softmax';
  /** Operators between the classifier and the graph's output that are left out. */
  readonly leftOut: readonly string[];
}

/** They change neither order nor value of the elements. */
const SAME = ['Identity', 'Dropout', 'Cast', 'Flatten', 'Reshape', 'Squeeze'];
const POOLS = ['GlobalAveragePool', 'ReduceMean', 'AveragePool'];

/** Can the graph's input be reached backwards from `tensor` when `cut` is taken away? */
function reachesInput({ inputs, producers }: ReadOnnx, tensor: string, cut: string): boolean {
  const starts = new Set(inputs.map(({ name }) => name));
  const seen = new Set<string>();
  const open = [tensor];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === cut || seen.has(name)) continue;
    seen.add(name);
    if (starts.has(name)) return true;
    open.push(...(producers.get(name)?.inputs ?? []));
  }
  return false;
}

/** Weights, stored or computed from stored ones. */
const isConstant = (model: ReadOnnx, name: string): boolean => name !== '' && !reachesInput(model, name, '');

const isGlobalPool = ({ op, ints }: ReadNode): boolean =>
  POOLS.includes(op) && (op !== 'ReduceMean' || (ints.get('axes') ?? [2, 3]).length === 2);

/** Back through operators that leave the values as they are. */
function unwrapped(model: ReadOnnx, tensor: string): { readonly tensor: string; readonly node: ReadNode | undefined } {
  let name = tensor;
  for (
    let node = model.producers.get(name);
    node !== undefined && SAME.includes(node.op);
    node = model.producers.get(name)
  )
    name = node.inputs[0] ?? '';
  return { tensor: name, node: model.producers.get(name) };
}

/** What a tensor is the mean over the picture of: batch × channels × rows × columns. Undefined where it is no such mean. */
export function pooledFeatures(model: ReadOnnx, tensor: string): string | undefined {
  const { node } = unwrapped(model, tensor);
  return node !== undefined && isGlobalPool(node) ? node.inputs[0] : undefined;
}

const seesPool = (model: ReadOnnx, tensor: string): boolean => pooledFeatures(model, tensor) !== undefined;

/** The last linear layer that everything after it depends on. */
function classifierOf(
  model: ReadOnnx,
  output: string,
): { readonly node: ReadNode; readonly result: string } | undefined {
  const last = model.nodes.findLast(
    ({ op, inputs, outputs }) =>
      (op === 'Gemm' || op === 'MatMul' || (op === 'Conv' && seesPool(model, inputs[0] ?? ''))) &&
      isConstant(model, inputs[1] ?? '') &&
      !reachesInput(model, output, outputs[0] ?? ''),
  );
  if (last === undefined) return undefined;
  const [made = ''] = last.outputs;
  // A bias of its own, after MatMul.
  const bias = model.nodes.find(
    ({ op, inputs }) =>
      op === 'Add' && inputs.includes(made) && inputs.some((name) => name !== made && isConstant(model, name)),
  );
  return { node: last, result: last.op === 'MatMul' && bias !== undefined ? (bias.outputs[0] ?? made) : made };
}

function activationOf(ops: readonly string[]): FoundHead['activation'] {
  return ops.includes('Softmax') ? 'softmax' : ops.includes('Sigmoid') ? 'sigmoid' : 'none';
}

/** Operators on the way from `from` back to `to`. */
function between({ producers }: ReadOnnx, from: string, to: string): string[] {
  const ops = new Set<string>();
  const open = [from];
  const seen = new Set<string>([to]);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = producers.get(name);
    if (node === undefined) continue;
    ops.add(node.op);
    open.push(...node.inputs);
  }
  return [...ops];
}

function withClassifier(
  model: ReadOnnx,
  node: ReadNode,
  result: string,
): Pick<FoundHead, 'logits' | 'embedding' | 'maps'> {
  const [input = '', weight = ''] = node.inputs;
  const { tensor, node: pool } = unwrapped(model, input);
  const none = (reason: string) => ({ logits: result, embedding: input, maps: { kind: 'none', reason } as const });
  const scaled =
    node.op === 'Gemm' && ((node.floats.get('alpha') ?? 1) !== 1 || (node.ints.get('transA')?.[0] ?? 0) !== 0);
  if (scaled) return none('the classifier scales or turns its input');
  if (pool === undefined || !isGlobalPool(pool))
    return none(`before the classifier there is ${pool?.op ?? 'no operator'} (${tensor}), not a global average pool`);
  const form =
    node.op === 'Conv' ? 'kernel' : node.op === 'Gemm' && node.ints.get('transB')?.[0] === 1 ? 'rows' : 'columns';
  return {
    logits: result,
    embedding: input,
    maps: { kind: 'classifier', features: pool.inputs[0] ?? '', weight, form },
  };
}

/** Without a linear layer: a pool whose channels are the heads, perhaps with a bias after it. */
function withoutClassifier(model: ReadOnnx, output: string): Pick<FoundHead, 'logits' | 'embedding' | 'maps'> {
  const pool = model.nodes.findLast(
    (node) => isGlobalPool(node) && !reachesInput(model, output, node.outputs[0] ?? ''),
  );
  let logits = output;
  for (
    let node = model.producers.get(logits);
    node?.op === 'Sigmoid' || node?.op === 'Softmax' || node?.op === 'Identity';
    node = model.producers.get(logits)
  )
    logits = node.inputs[0] ?? '';
  if (pool === undefined)
    return {
      logits,
      embedding: undefined,
      maps: { kind: 'none', reason: 'there is no linear classifier and no global average pool' },
    };
  return { logits, embedding: undefined, maps: { kind: 'pooled', features: pool.inputs[0] ?? '' } };
}

export function findHead(model: ReadOnnx, output: string): FoundHead {
  const classifier = classifierOf(model, output);
  const found =
    classifier === undefined
      ? withoutClassifier(model, output)
      : withClassifier(model, classifier.node, classifier.result);
  const ops = between(model, output, found.logits);
  return { ...found, activation: activationOf(ops), leftOut: ops.filter((op) => !SAME.includes(op)) };
}

export const LOGITS = 'haidang_logits';
export const EMBEDDING = 'haidang_embedding';
export const MAPS = 'haidang_maps';
/** Before the softmax: what the class maps add up to. */
export const SCORES = 'haidang_scores';

interface Added {
  readonly nodes: OnnxNode[];
  readonly constants: OnnxConstant[];
}

/** Log odds of one class against all others together: log p - log(sum of the other p), without subtracting near 1. */
function softmaxOdds(logits: string, heads: number): Added {
  const others = Float32Array.from({ length: heads * heads }, (_, at) =>
    Math.floor(at / heads) === at % heads ? 0 : 1,
  );
  return {
    constants: [
      { name: 'haidang_others', dims: [heads, heads], data: others },
      { name: 'haidang_least', dims: [], data: Float32Array.of(1e-30) },
    ],
    nodes: [
      { op: 'LogSoftmax', inputs: [logits], outputs: ['haidang_log_p'], attributes: { axis: { int: 1 } } },
      { op: 'Exp', inputs: ['haidang_log_p'], outputs: ['haidang_p'] },
      { op: 'MatMul', inputs: ['haidang_p', 'haidang_others'], outputs: ['haidang_other_p'] },
      { op: 'Max', inputs: ['haidang_other_p', 'haidang_least'], outputs: ['haidang_other_least'] },
      { op: 'Log', inputs: ['haidang_other_least'], outputs: ['haidang_log_other'] },
      { op: 'Sub', inputs: ['haidang_log_p', 'haidang_log_other'], outputs: [LOGITS] },
    ],
  };
}

function mapNodes(maps: FoundHead['maps']): Added {
  if (maps.kind === 'none') return { nodes: [], constants: [] };
  if (maps.kind === 'pooled')
    return { nodes: [{ op: 'Identity', inputs: [maps.features], outputs: [MAPS] }], constants: [] };
  if (maps.form === 'kernel')
    return { nodes: [{ op: 'Conv', inputs: [maps.features, maps.weight], outputs: [MAPS] }], constants: [] };
  const turn = {
    op: 'Transpose',
    inputs: [maps.weight],
    outputs: ['haidang_weight'],
    attributes: { perm: { ints: [1, 0] } },
  };
  const [turned, weight] = maps.form === 'columns' ? [[turn], 'haidang_weight'] : [[], maps.weight];
  return {
    // 0 takes the size from the weight itself.
    constants: [{ name: 'haidang_kernel_shape', dims: [4], data: BigInt64Array.of(0n, 0n, 1n, 1n) }],
    nodes: [
      ...turned,
      { op: 'Reshape', inputs: [weight, 'haidang_kernel_shape'], outputs: ['haidang_kernel'] },
      { op: 'Conv', inputs: [maps.features, 'haidang_kernel'], outputs: [MAPS] },
    ],
  };
}

/** What surgery adds to the graph: logits, embedding and, where they exist, class maps, beside all that it gives already. */
export function headAdditions({ logits, embedding, maps, activation }: FoundHead, heads: number) {
  const flat = (from: string, to: string): OnnxNode => ({
    op: 'Flatten',
    inputs: [from],
    outputs: [to],
    attributes: { axis: { int: 1 } },
  });
  const odds = activation === 'softmax' ? softmaxOdds(SCORES, heads) : { nodes: [], constants: [] };
  const made = mapNodes(maps);
  return {
    nodes: [
      flat(logits, activation === 'softmax' ? SCORES : LOGITS),
      ...odds.nodes,
      ...(embedding === undefined
        ? [{ op: 'Identity', inputs: [LOGITS], outputs: [EMBEDDING] }]
        : [flat(embedding, EMBEDDING)]),
      ...made.nodes,
    ],
    constants: [...odds.constants, ...made.constants],
    outputs: [
      { name: LOGITS, type: 'float', dims: ['batch', heads] },
      { name: EMBEDDING, type: 'float', dims: ['batch', 'haidang_features'] },
      ...(activation === 'softmax' ? [{ name: SCORES, type: 'float', dims: ['batch', heads] } as const] : []),
      ...(maps.kind === 'none'
        ? []
        : [{ name: MAPS, type: 'float', dims: ['batch', heads, 'haidang_rows', 'haidang_columns'] } as const]),
    ],
  } as const;
}
