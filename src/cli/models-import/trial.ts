// The graph before and after surgery, run on the same pictures: nothing may have changed, and what was added must hold.
import type { Executor } from '#inference/executors/executor.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import type { Tensor } from '#kernel/frame.ts';
import type { ModelManifest } from '#models/schema.ts';
import { EMBEDDING, type FoundHead, LOGITS, MAPS, SCORES } from '#onnx/head.ts';
import { stack } from '#tensor/stack.ts';
import { refused } from './graph-file.ts';

export interface Trial {
  /** Of any output of the graph before and after. */
  readonly largestChange: number;
  /** Of the mean of a class map plus one bias per head from the logit, relative to the largest; undefined without maps. */
  readonly mapGap: number | undefined;
  readonly embeddingSize: number;
  readonly mapRows: number;
  readonly mapColumns: number;
  /** Per picture. */
  readonly logits: readonly (readonly number[])[];
  readonly embeddings: readonly (readonly number[])[];
}

type Outputs = Readonly<Record<string, Tensor>>;

const gapOf = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const gap = Math.abs(a[i]! - b[i]!);
    largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(largest, gap);
  }
  return largest;
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

async function open(bytes: Uint8Array, input: ModelManifest['input']): Promise<Executor> {
  try {
    return await openOnnx([bytes], { provider: 'cpu', threads: 1, manifest: { input } });
  } catch (cause) {
    throw refused(
      'graph',
      `ONNX Runtime does not take the graph: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

async function run(executor: Executor, tensor: Tensor): Promise<Outputs> {
  try {
    return await executor.run(tensor);
  } catch (cause) {
    throw refused(
      'graph',
      `the graph does not run on a batch of ${tensor.shape[0]}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

/** Relative to the largest score: a sum in float32 cannot be closer. */
function mapGapOf(outputs: readonly Outputs[], heads: number): number | undefined {
  const biases: number[][] = [];
  let scale = 1;
  for (const { [MAPS]: maps, [LOGITS]: logits, [SCORES]: scores = logits } of outputs) {
    if (maps === undefined || scores === undefined) return undefined;
    const cells = maps.data.length / heads;
    for (const value of scores.data) scale = Math.max(scale, Math.abs(value));
    biases.push(
      Array.from({ length: heads }, (_, head) => {
        const map = maps.data.subarray(head * cells, (head + 1) * cells);
        return scores.data[head]! - map.reduce((sum, value) => sum + value, 0) / cells;
      }),
    );
  }
  const [first = []] = biases;
  return Math.max(...biases.map((each) => gapOf(each, first))) / scale;
}

/** What the graph answered, from its logits: equal where nothing was left out. */
function answerGap(outputs: readonly Outputs[], output: string, { activation, leftOut }: FoundHead): number {
  const known = leftOut.every((op) => ['Sigmoid', 'Softmax', 'Identity'].includes(op));
  if (!known) return 0;
  return Math.max(
    ...outputs.map(({ [LOGITS]: logits, [output]: answer }) => {
      const values = [...(logits?.data ?? [])];
      return gapOf(activation === 'none' ? values : values.map(sigmoid), answer?.data ?? []);
    }),
  );
}

export interface TrialInput {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly input: ModelManifest['input'];
  readonly output: string;
  readonly head: FoundHead;
  readonly heads: number;
  readonly pictures: readonly Tensor[];
}

/** Throws CareError `models.not-importable`. */
export async function tryGraph({ before, after, input, output, head, heads, pictures }: TrialInput): Promise<Trial> {
  const [old, now] = [await open(before, input), await open(after, input)];
  try {
    const outputs: Outputs[] = [];
    let largestChange = 0;
    for (const picture of pictures) {
      const [was, is] = [await run(old, picture), await run(now, picture)];
      for (const [name, tensor] of Object.entries(was))
        largestChange = Math.max(largestChange, gapOf(tensor.data, is[name]?.data ?? []));
      outputs.push(is);
    }
    const [first] = outputs;
    const logits = first?.[LOGITS];
    if (logits === undefined || logits.shape.length !== 2 || logits.data.length !== heads)
      throw refused('--labels', `${heads} labels for ${logits?.data.length ?? 0} logits`);
    const batch = await run(now, stack(pictures));
    const single = outputs.flatMap((each) => [...(each[LOGITS]?.data ?? [])]);
    const mixed = gapOf(batch[LOGITS]?.data ?? [], single);
    const scale = Math.max(1, ...single.map(Math.abs));
    if (!(mixed <= 1e-3 * scale))
      throw refused('batch', `a film gets another answer in a batch than alone (off by ${mixed})`);
    const wrong = answerGap(outputs, output, head);
    if (!(wrong <= 1e-4)) throw refused('logits', `the logits do not give the graph's own answer (off by ${wrong})`);
    const maps = first?.[MAPS];
    const [, , mapRows = 0, mapColumns = 0] = maps?.shape ?? [];
    return {
      largestChange,
      mapGap: mapGapOf(outputs, heads),
      embeddingSize: first?.[EMBEDDING]?.data.length ?? 0,
      mapRows,
      mapColumns,
      logits: outputs.map((each) => [...(each[LOGITS]?.data ?? [])]),
      embeddings: outputs.map((each) => [...(each[EMBEDDING]?.data ?? [])]),
    };
  } finally {
    await old.close();
    await now.close();
  }
}
