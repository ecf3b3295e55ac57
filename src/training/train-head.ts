// A logistic head on embeddings, trained with TensorFlow.js: full batches, Adam, weight decay, stopped when the loss on other persons rises.
// The loss is convex and starts at zero, so that nothing is drawn and the same cases give the same head.
import type { AnyLibrary, TfTensor } from '#inference/executors/tfjs-library.ts';
import { trainingErrors } from './errors.ts';
import type { Part } from './parts.ts';

export interface TrainingCase {
  readonly part: Part;
  readonly embedding: Float32Array;
  /** Per head, in their order; undefined where unlabelled. */
  readonly labels: readonly (boolean | undefined)[];
}

export interface TrainingPlan {
  readonly heads: readonly string[];
  readonly rate?: number;
  readonly decay?: number;
  readonly mostEpochs?: number;
  /** Epochs without a lower validation loss. */
  readonly patience?: number;
  readonly onEpoch?: (epoch: number, validationLoss: number) => void;
}

export interface TrainedHead {
  /** Heads × features; logit = weights · embedding + bias. */
  readonly weights: readonly Float32Array[];
  readonly bias: Float32Array;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly stopped: 'early' | 'at the limit';
  /** Mean over labelled answers, in nats. */
  readonly validationLoss: number;
  readonly provider: AnyLibrary['provider'];
}

const FEWEST = 5;

function judgeCases(cases: readonly TrainingCase[], heads: readonly string[]): void {
  heads.forEach((head, at) => {
    for (const part of ['training', 'validation'] as const) {
      const labels = cases.filter((each) => each.part === part).map(({ labels: all }) => all[at]);
      const [present, absent] = [true, false].map((wanted) => labels.filter((label) => label === wanted).length);
      if ((present ?? 0) < FEWEST || (absent ?? 0) < FEWEST)
        throw trainingErrors.error('too-few', {
          field: head,
          reason: `${head}: ${present} with it and ${absent} without in the ${part} part; ${FEWEST} of each are needed`,
        });
    }
  });
}

interface Scale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Of the films to learn from; a feature that never moves is left as it is. */
function scaleOf(cases: readonly TrainingCase[], width: number): Scale {
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const { embedding } of cases) for (let i = 0; i < width; i += 1) mean[i]! += embedding[i]! / cases.length;
  for (const { embedding } of cases)
    for (let i = 0; i < width; i += 1) deviation[i]! += (embedding[i]! - mean[i]!) ** 2 / cases.length;
  for (let i = 0; i < width; i += 1) deviation[i] = Math.sqrt(deviation[i]!) || 1;
  return { mean, deviation };
}

interface Batch {
  readonly inputs: TfTensor;
  readonly targets: TfTensor;
  /** 1 over the number of labelled answers where somebody said, 0 elsewhere. */
  readonly shares: TfTensor;
  readonly labels: Float32Array;
  readonly known: Float32Array;
}

function batchOf({ tf }: AnyLibrary, cases: readonly TrainingCase[], { mean, deviation }: Scale): Batch {
  const [n, width, heads] = [cases.length, mean.length, cases[0]?.labels.length ?? 0];
  const inputs = new Float32Array(n * width);
  const labels = new Float32Array(n * heads);
  const known = new Float32Array(n * heads);
  cases.forEach(({ embedding, labels: said }, row) => {
    for (let i = 0; i < width; i += 1) inputs[row * width + i] = (embedding[i]! - mean[i]!) / deviation[i]!;
    said.forEach((label, head) => {
      if (label === undefined) return;
      known[row * heads + head] = 1;
      labels[row * heads + head] = label ? 1 : 0;
    });
  });
  const count = known.reduce((sum, value) => sum + value, 0);
  return {
    inputs: tf.tensor2d(inputs, [n, width]),
    targets: tf.tensor2d(labels, [n, heads]),
    shares: tf.tensor2d(
      known.map((value) => value / count),
      [n, heads],
    ),
    labels,
    known,
  };
}

/** log(1 + e^x) - y × x, written so that it does not overflow. */
function lossOf(logits: Float32Array, { labels, known }: Batch): number {
  let [sum, count] = [0, 0];
  logits.forEach((logit, at) => {
    if (known[at] === 0) return;
    sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - labels[at]! * logit;
    count += 1;
  });
  return sum / count;
}

/** Adam needs these; the numbers are its authors' (Kingma, Ba 2015). */
const [FIRST, SECOND, LEAST] = [0.9, 0.999, 1e-8] as const;

/** One parameter with Adam's two moments. */
function adam({ tf }: AnyLibrary, shape: readonly number[], rate: number) {
  let [value, first, second] = [tf.zeros([...shape]), tf.zeros([...shape]), tf.zeros([...shape])];
  return {
    get value() {
      return value;
    },
    step(gradient: TfTensor, epoch: number): void {
      const next = tf.tidy(() => {
        const m = tf.add(tf.mul(first, FIRST), tf.mul(gradient, 1 - FIRST));
        const v = tf.add(tf.mul(second, SECOND), tf.mul(tf.square(gradient), 1 - SECOND));
        const corrected = tf.div(m, 1 - FIRST ** epoch);
        const spread = tf.add(tf.sqrt(tf.div(v, 1 - SECOND ** epoch)), LEAST);
        return [tf.sub(value, tf.mul(tf.div(corrected, spread), rate)), m, v] as const;
      });
      tf.dispose([value, first, second, gradient]);
      [value, first, second] = next;
    },
  };
}

/** Throws CareError `training.too-few`. */
export async function trainHead(
  cases: readonly TrainingCase[],
  { heads, rate = 0.01, decay = 1e-3, mostEpochs = 500, patience = 20, onEpoch }: TrainingPlan,
  library: AnyLibrary,
): Promise<TrainedHead> {
  judgeCases(cases, heads);
  const { tf, provider } = library;
  const width = cases[0]?.embedding.length ?? 0;
  const learning = cases.filter(({ part }) => part === 'training');
  const scale = scaleOf(learning, width);
  const batch = batchOf(library, learning, scale);
  const held = batchOf(
    library,
    cases.filter(({ part }) => part === 'validation'),
    scale,
  );
  const kernel = adam(library, [width, heads.length], rate);
  const bias = adam(library, [1, heads.length], rate);
  const logitsOf = (inputs: TfTensor): TfTensor => tf.add(tf.matMul(inputs, kernel.value), bias.value);
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, kernel: new Float32Array(), bias: new Float32Array() };
  let epoch = 0;
  while (epoch < mostEpochs && epoch - best.epoch < patience) {
    epoch += 1;
    const [forKernel, forBias] = tf.tidy(() => {
      const error = tf.mul(tf.sub(tf.sigmoid(logitsOf(batch.inputs)), batch.targets), batch.shares);
      const gradient = tf.add(tf.matMul(batch.inputs, error, true, false), tf.mul(kernel.value, decay));
      return [gradient, tf.sum(error, 0, true)] as const;
    });
    kernel.step(forKernel, epoch);
    bias.step(forBias, epoch);
    const answers = tf.tidy(() => logitsOf(held.inputs));
    const loss = lossOf(Float32Array.from(await answers.data()), held);
    answers.dispose();
    onEpoch?.(epoch, loss);
    if (!(loss < best.loss - 1e-6)) continue;
    const [weights, biases] = await Promise.all([kernel.value.data(), bias.value.data()]);
    best = { loss, epoch, kernel: Float32Array.from(weights), bias: Float32Array.from(biases) };
  }
  tf.dispose([
    batch.inputs,
    batch.targets,
    batch.shares,
    held.inputs,
    held.targets,
    held.shares,
    kernel.value,
    bias.value,
  ]);
  return {
    ...unscaled(best, scale, heads.length),
    epochs: epoch,
    bestEpoch: best.epoch,
    stopped: epoch - best.epoch >= patience ? 'early' : 'at the limit',
    validationLoss: best.loss,
    provider,
  };
}

/** The scale goes into the weights, so that the head takes embeddings as they are. */
function unscaled(
  { kernel, bias }: { readonly kernel: Float32Array; readonly bias: Float32Array },
  { mean, deviation }: Scale,
  heads: number,
): Pick<TrainedHead, 'weights' | 'bias'> {
  const weights = Array.from({ length: heads }, (_, head) =>
    Float32Array.from(mean, (_mean, i) => kernel[i * heads + head]! / deviation[i]!),
  );
  return {
    weights,
    bias: Float32Array.from(weights, (row, head) => row.reduce((sum, w, i) => sum - w * mean[i]!, bias[head]!)),
  };
}

export const logitsOf = ({ weights, bias }: Pick<TrainedHead, 'weights' | 'bias'>, embedding: Float32Array): number[] =>
  weights.map((row, head) => row.reduce((sum, w, i) => sum + w * embedding[i]!, bias[head]!));
