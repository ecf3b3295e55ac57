// Measures one forward pass of a model: per precision, and with its class maps beside without them.
import { openOnnx } from '#inference/executors/onnx.ts';
import type { Executor } from '#inference/executors/executor.ts';
import type { Tensor } from '#kernel/frame.ts';
import { type Model, readModelFile } from '#models/model.ts';
import type { Precision } from '#models/schema.ts';
import { withoutOutputs } from './prune.ts';

/** Noise: the network does the same work on anything. */
function noise({ manifest }: Model): Tensor {
  const { channels, rows, columns } = manifest.input;
  return {
    shape: [1, channels, rows, columns],
    data: Float32Array.from({ length: channels * rows * columns }, (_, i) => Math.sin(i * 0.7)),
  };
}

const open = (model: Model, parts: readonly Uint8Array[]): Promise<Executor> =>
  openOnnx(parts, { provider: 'cpu', threads: 1, manifest: model.manifest });

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

/** Of this process, all its threads, milliseconds. On a quiet machine it is the time that passes; beside other work it still holds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** In turn, so that whatever else the machine does falls on all alike. Median milliseconds of processor of each. */
async function inTurn(executors: readonly Executor[], input: Tensor, seconds: number): Promise<number[]> {
  for (const executor of executors) await executor.run(input);
  const times = executors.map((): number[] => []);
  const started = performance.now();
  while (performance.now() - started < seconds * 1000 || (times[0]?.length ?? 0) < 5) {
    for (const [index, executor] of executors.entries()) {
      const before = processorMs();
      await executor.run(input);
      times[index]?.push(processorMs() - before);
    }
  }
  return times.map(median);
}

export interface PrecisionSpeed {
  readonly precision: Precision;
  readonly megabytes: number;
  readonly forwardMs: number;
  readonly filmsPerSecond: number;
}

/** Bare ONNX Runtime on one thread, one film at a time, for each precision that the model ships. */
export async function precisionSpeeds(model: Model, seconds: number): Promise<PrecisionSpeed[]> {
  const files = model.manifest.files
    .map(({ precision }) => model.file(precision))
    .filter((file) => file.format === 'onnx');
  const executors: Executor[] = [];
  for (const file of files) executors.push(await open(model, await readModelFile(file)));
  const times = await inTurn(executors, noise(model), seconds);
  for (const executor of executors) await executor.close();
  return files.map(({ precision, bytes }, index) => {
    const forwardMs = times[index] ?? Number.NaN;
    return { precision, megabytes: bytes / 1e6, forwardMs, filmsPerSecond: 1000 / forwardMs };
  });
}

export interface MapCost {
  readonly wholeMs: number;
  readonly withoutMapsMs: number;
  /** Neither maps nor the logits that are made of them: what a network without class maps would share with this one. */
  readonly withoutHeadMs: number;
  readonly removedNodes: number;
  /** Of the whole forward pass, at most: a network without maps needs some head too. */
  readonly largestShare: number;
}

/** Of the model's first file; undefined where that is no ONNX. */
export async function mapCost(model: Model, seconds: number): Promise<MapCost | undefined> {
  const file = model.file();
  if (file.format !== 'onnx') return undefined;
  const [whole] = await readModelFile(file);
  if (whole === undefined) return undefined;
  const { maps, logits } = model.manifest.outputs;
  const headless = withoutOutputs(whole, [maps, logits]);
  const graphs = [whole, withoutOutputs(whole, [maps]).bytes, headless.bytes];
  const executors: Executor[] = [];
  for (const graph of graphs) executors.push(await open(model, [graph]));
  const [wholeMs = Number.NaN, withoutMapsMs = Number.NaN, withoutHeadMs = Number.NaN] = await inTurn(
    executors,
    noise(model),
    seconds,
  );
  for (const executor of executors) await executor.close();
  return {
    wholeMs,
    withoutMapsMs,
    withoutHeadMs,
    removedNodes: headless.removedNodes,
    largestShare: (wholeMs - withoutHeadMs) / wholeMs,
  };
}
