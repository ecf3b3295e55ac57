// Runs a TensorFlow.js model (layers or graph, model.json and its weights): on the native TensorFlow
// library where its optional package loads, else on the WebAssembly backend.
import type * as Tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { inferenceErrors } from '#inference/errors.ts';
import { type Library, openLibrary } from './tfjs-library.ts';
import type { Executor, ExecutorOptions, ValueInfo } from './executor.ts';
import type { Tensor } from '#kernel/frame.ts';

/** TensorFlow.js writes these; the details inside are its own business. */
const modelJson = z.object({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number()),
          dtype: z.enum(['float32', 'int32', 'bool']),
        }),
      ),
    }),
  ),
  signature: z.record(z.string(), z.unknown()).optional(),
});

interface LoadedNetwork {
  readonly inputs: readonly { readonly shape?: readonly (number | null)[] }[];
  readonly outputNames: readonly string[];
  predict(input: Tf.Tensor): Tf.Tensor | Tf.Tensor[] | Tf.NamedTensorMap;
  dispose(): void;
}

async function loadNetwork(tf: Library, parts: readonly Uint8Array[]): Promise<LoadedNetwork> {
  const [json, ...weights] = parts;
  if (json === undefined) throw inferenceErrors.error('contract', { reason: 'no model.json' });
  const { format, modelTopology, weightsManifest, signature } = modelJson.parse(
    JSON.parse(Buffer.from(json).toString()),
  );
  const joined = Buffer.concat(weights);
  const handler = tf.io.fromMemory({
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.byteLength),
    ...(format === undefined ? {} : { format }),
    ...(signature === undefined ? {} : { signature }),
  });
  if (format === 'graph-model') {
    const graph = await tf.loadGraphModel(handler);
    // Names of the signature where there is one: without it only nodes that nothing follows are outputs.
    return Object.assign(graph, { outputNames: graph.outputNodes });
  }
  const layers = await tf.loadLayersModel(handler);
  return {
    inputs: layers.inputs,
    outputNames: layers.outputNames,
    predict: (input) => layers.predict(input),
    dispose: () => layers.dispose(),
  };
}

const isTensor = (result: Tf.Tensor | Tf.NamedTensorMap): result is Tf.Tensor => typeof result.dataSync === 'function';

function named(network: LoadedNetwork, result: Tf.Tensor | Tf.Tensor[] | Tf.NamedTensorMap): [string, Tf.Tensor][] {
  if (Array.isArray(result)) return result.map((tensor, index) => [network.outputNames[index] ?? '', tensor]);
  return isTensor(result) ? [[network.outputNames[0] ?? '', result]] : Object.entries(result);
}

export async function openTfjs(parts: readonly Uint8Array[], options: ExecutorOptions): Promise<Executor> {
  const tf = await openLibrary(options);
  const network = await loadNetwork(tf, parts);
  const { channels, rows, columns, name } = options.manifest.input;
  const given = network.inputs[0]?.shape ?? [];
  // TensorFlow keeps channels last; our tensors keep them first.
  const channelsLast = given.slice(1).join('×') === `${rows}×${columns}×${channels}`;
  const axes = channelsLast ? [0, 3, 1, 2] : [0, 1, 2, 3];
  const free = (size: number | null | undefined): number | string =>
    size === null || size === undefined || size < 0 ? 'free' : size;
  const input: ValueInfo = { name, type: 'unknown', shape: axes.map((axis) => free(given[axis])) };

  async function run(tensor: Tensor): Promise<Readonly<Record<string, Tensor>>> {
    const results = tf.tidy(() => {
      const [batch = 1] = tensor.shape;
      const first = tf.tensor4d(tensor.data, [batch, channels, rows, columns]);
      const result = network.predict(channelsLast ? tf.transpose(first, [0, 2, 3, 1]) : first);
      return Object.fromEntries(
        named(network, result).map(([output, value]) => [
          output,
          channelsLast && value.rank === 4 ? tf.transpose(value, [0, 3, 1, 2]) : value,
        ]),
      );
    });
    const outputs: Record<string, Tensor> = {};
    for (const [output, value] of Object.entries(results)) {
      outputs[output] = { shape: value.shape, data: Float32Array.from(await value.data()) };
      value.dispose();
    }
    return outputs;
  }

  return {
    provider: options.provider,
    inputs: [input],
    outputs: network.outputNames.map((output) => ({ name: output, type: 'unknown', shape: undefined })),
    run,
    close: async () => network.dispose(),
  };
}
