// Runs a model by ONNX Runtime. The only file that talks to onnxruntime-node; never import it in a
// process that must keep answering: `session.run()` blocks the event loop for its whole length.
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensor } from '#kernel/frame.ts';
import { inferenceErrors } from '#inference/errors.ts';
import type { Executor, ExecutorOptions, ValueInfo } from './executor.ts';

const valueInfoOf = (metadata: InferenceSession.ValueMetadata): ValueInfo =>
  metadata.isTensor
    ? { name: metadata.name, type: metadata.type, shape: metadata.shape }
    : { name: metadata.name, type: 'not a tensor', shape: undefined };

export async function openOnnx(parts: readonly Uint8Array[], options: ExecutorOptions): Promise<Executor> {
  const [bytes] = parts;
  if (bytes === undefined) throw inferenceErrors.error('contract', { reason: 'an empty model file' });
  const session = await InferenceSession.create(bytes, {
    // One name only: ['cuda', 'cpu'] throws without CUDA, and no call tells which of two was taken.
    executionProviders: [options.provider],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Two processes of ours that spin between runs would take the processors from each other and from the API.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 4,
  });
  return {
    provider: options.provider,
    inputs: session.inputMetadata.map(valueInfoOf),
    outputs: session.outputMetadata.map(valueInfoOf),
    async run(input: Tensor) {
      const feeds = { [options.manifest.input.name]: new OrtTensor('float32', input.data, [...input.shape]) };
      const results = await session.run(feeds);
      const outputs: Record<string, Tensor> = {};
      for (const [name, { data, dims }] of Object.entries(results)) {
        if (data instanceof Float32Array) outputs[name] = { shape: dims, data };
      }
      return outputs;
    },
    close: () => session.release(),
  };
}
