import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, test } from 'vitest';
import { startEngine } from '#inference/engine/start-engine.ts';
import { loadModels } from '#models/load.ts';
import { tinyAnswer, tinyInput, tinyWeights, writeTinyModel } from '../fixtures/tiny-model.ts';

/** Where the native library has been put in place on purpose, falling back to WebAssembly would hide that it does not work. */
const wantedProvider = process.env['HAIDANG_TEST_TFJS'] === 'native' ? /^tfjs-native$/ : /^tfjs-(native|wasm)$/;

const root = mkdtempSync(join(tmpdir(), 'haidang-tfjs-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The tiny network again, as a TensorFlow.js layers model: channels last, kernels height × width × in × out. */
function layersModel(): tf.LayersModel {
  const { stem, heads, bias } = tinyWeights();
  const film = tf.input({ shape: [16, 16, 1], name: 'film' });
  const features = tf.layers
    .conv2d({ filters: 2, kernelSize: 2, strides: 2, activation: 'relu', useBias: false, name: 'features' })
    .apply(film) as tf.SymbolicTensor;
  const maps = tf.layers
    .conv2d({ filters: 3, kernelSize: 1, useBias: false, name: 'maps' })
    .apply(features) as tf.SymbolicTensor;
  const embedding = tf.layers.globalAveragePooling2d({ name: 'embedding' }).apply(features) as tf.SymbolicTensor;
  const logits = tf.layers.dense({ units: 3, name: 'logits' }).apply(embedding) as tf.SymbolicTensor;
  const model = tf.model({ inputs: film, outputs: [logits, embedding, maps] });
  model.getLayer('features').setWeights([tf.transpose(tf.tensor4d(stem, [2, 1, 2, 2]), [2, 3, 1, 0])]);
  model.getLayer('maps').setWeights([tf.transpose(tf.tensor4d(heads, [3, 2, 1, 1]), [2, 3, 1, 0])]);
  // The mean of a linear map is the map of the mean, so the logits are a dense layer on the pooled features.
  model.getLayer('logits').setWeights([tf.transpose(tf.tensor2d(heads, [3, 2])), tf.tensor1d(bias)]);
  return model;
}

interface Artifacts {
  readonly format: 'layers-model' | 'graph-model';
  readonly modelTopology: object;
  readonly signature?: object;
  readonly weightSpecs: readonly object[];
  readonly weights: Buffer;
}

async function layersArtifacts(): Promise<Artifacts> {
  const { promise, resolve } = Promise.withResolvers<Artifacts>();
  await layersModel().save(
    tf.io.withSaveHandler(async ({ modelTopology = {}, weightSpecs = [], weightData = new ArrayBuffer(0) }) => {
      const weights = Buffer.concat([weightData].flat().map((part) => Buffer.from(part)));
      resolve({ format: 'layers-model', modelTopology, weightSpecs, weights });
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } };
    }),
  );
  return promise;
}

/** The same network as the graph of a frozen TensorFlow model, written by hand: text attributes are base64, numbers are strings. */
async function graphArtifacts(): Promise<Artifacts> {
  const { stem, heads, bias } = tinyWeights();
  const constants = {
    stem: tf.transpose(tf.tensor4d(stem, [2, 1, 2, 2]), [2, 3, 1, 0]),
    mixing: tf.transpose(tf.tensor4d(heads, [3, 2, 1, 1]), [2, 3, 1, 0]),
    dense: tf.transpose(tf.tensor2d(heads, [3, 2])),
    bias: tf.tensor1d(bias),
  };
  const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
  const dims = (sizes: readonly number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });
  const float = { type: 'DT_FLOAT' };
  const convolution = (stride: number) => ({
    T: float,
    strides: { list: { i: [1, stride, stride, 1].map(String) } },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
    padding: text('VALID'),
    data_format: text('NHWC'),
  });
  const node = [
    { name: 'film', op: 'Placeholder', attr: { dtype: float, shape: { shape: dims([-1, 16, 16, 1]) } } },
    ...Object.entries(constants).map(([name, { shape }]) => ({
      name,
      op: 'Const',
      attr: { dtype: float, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dims(shape) } } },
    })),
    {
      name: 'axes',
      op: 'Const',
      attr: { dtype: { type: 'DT_INT32' }, value: { tensor: { dtype: 'DT_INT32', tensorShape: dims([2]) } } },
    },
    { name: 'convolved', op: 'Conv2D', input: ['film', 'stem'], attr: convolution(2) },
    { name: 'features', op: 'Relu', input: ['convolved'], attr: { T: float } },
    { name: 'maps', op: 'Conv2D', input: ['features', 'mixing'], attr: convolution(1) },
    {
      name: 'embedding',
      op: 'Mean',
      input: ['features', 'axes'],
      attr: { T: float, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } },
    },
    {
      name: 'mixed',
      op: 'MatMul',
      input: ['embedding', 'dense'],
      attr: { T: float, transpose_a: { b: false }, transpose_b: { b: false } },
    },
    { name: 'logits', op: 'AddV2', input: ['mixed', 'bias'], attr: { T: float } },
  ];
  const buffers = await Promise.all(Object.values(constants).map((constant) => constant.data()));
  return {
    format: 'graph-model',
    signature: {
      inputs: { film: { name: 'film:0', dtype: 'DT_FLOAT', tensorShape: dims([-1, 16, 16, 1]) } },
      outputs: Object.fromEntries(
        ['logits', 'embedding', 'maps'].map((name) => [
          name,
          { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: {} },
        ]),
      ),
    },
    modelTopology: { node, library: {}, versions: { producer: 27 } },
    weightSpecs: [
      ...Object.entries(constants).map(([name, { shape }]) => ({ name, shape, dtype: 'float32' })),
      { name: 'axes', shape: [2], dtype: 'int32' },
    ],
    weights: Buffer.concat([
      ...buffers.map((data) => Buffer.from(Float32Array.from(data).buffer)),
      Buffer.from(Int32Array.of(1, 2).buffer),
    ]),
  };
}

function writeTfjsModel({ weightSpecs, weights, ...network }: Artifacts): void {
  const version = join(root, 'tiny', '1');
  mkdirSync(version, { recursive: true });
  const json = JSON.stringify({
    ...network,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  });
  writeFileSync(join(version, 'model.json'), json);
  writeFileSync(join(version, 'weights.bin'), weights);
  writeTinyModel(root, {
    alter: ({ manifest }) => ({
      manifest: {
        ...manifest,
        files: [
          {
            precision: 'fp32',
            file: '1/model.json',
            sha256: createHash('sha256').update(json).update(weights).digest('hex'),
            bytes: Buffer.byteLength(json) + weights.length,
          },
        ],
      },
    }),
  });
}

describe('a TensorFlow.js model', () => {
  test.each([
    { kind: 'layers', artifacts: layersArtifacts },
    { kind: 'graph', artifacts: graphArtifacts },
  ])(
    'of $kind is proved against the same golden outputs as the ONNX graph, and answers alike',
    async ({ artifacts }) => {
      writeTfjsModel(await artifacts());
      const { models, refused } = await loadModels(root);
      expect(refused).toEqual([]);
      const engine = await startEngine({ models });
      try {
        const state = engine.states().get('tiny');
        // Native where the optional package loads, else WebAssembly; which of them is told.
        expect(state).toMatchObject({ state: 'ready', provider: expect.stringMatching(wantedProvider) });
        const input = tinyInput((i) => Math.sin(i));
        const { outputs, provider } = await engine.run('tiny', input, { deadlineMs: 30_000 });
        expect(provider).toBe(state?.state === 'ready' ? state.provider : '');
        const expected = tinyAnswer(input.data, tinyWeights());
        expected.logits.forEach((value, head) => expect(outputs['logits']?.data[head]).toBeCloseTo(value, 4));
        expect(outputs['maps']?.shape).toEqual([1, 3, 8, 8]);
        expected.maps.forEach((value, i) => expect(outputs['maps']?.data[i]).toBeCloseTo(value, 4));
      } finally {
        await engine.close();
      }
    },
  );

  test('is refused on a provider that TensorFlow.js does not have', async () => {
    const { models } = await loadModels(root);
    const engine = await startEngine({ models, providers: ['cuda'] });
    expect(engine.states().get('tiny')).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('no-provider'),
    });
    await engine.close();
  });
});
