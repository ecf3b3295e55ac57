// Classifiers in the forms of the usual architectures: nothing in them changes, class maps are exact, and what has none is told so.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, describe, test, vi } from 'vitest';
import { openGraphFile } from '#cli/models-import/graph-file.ts';
import { withBestMaps } from '#cli/models-import/operate.ts';
import {
  type Asked,
  calibrationOf,
  goldenOf,
  manifestOf,
  stepsOf,
  tensorsOf,
  writeModelFolder,
} from '#cli/models-import/write-folder.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import { occlusionMaps } from '#explanation/occlusion.ts';
import { loadModel } from '#models/load.ts';
import { EMBEDDING, LOGITS, MAPS } from '#onnx/head.ts';
import { CHANNELS, HEADS, LABELS, NETWORKS, headWeights, network } from '../fixtures/networks.ts';

vi.setConfig({ testTimeout: 60_000 });

const root = mkdtempSync(join(tmpdir(), 'haidang-import-'));
const fileOf = (name: string, bytes: Uint8Array): string => {
  const path = join(root, `${name}.onnx`);
  writeFileSync(path, bytes);
  return path;
};

const asked = (changes: Partial<Asked> = {}): Asked => ({
  id: 'net',
  labels: LABELS,
  title: 'net',
  licence: 'MIT',
  size: 16,
  channels: 1,
  range: [-1024, 1024],
  crop: 'center',
  ...changes,
});

async function operate(name: keyof typeof NETWORKS, changes: Partial<Asked> = {}) {
  const file = openGraphFile(fileOf(name, NETWORKS[name]));
  return { file, ...(await withBestMaps(file, asked({ channels: file.channels, ...changes }), 'best')) };
}

const input = { name: 'image', channels: 1, rows: 16, columns: 16 };
const run = async (bytes: Uint8Array, tensor = tensorsOf(stepsOf(asked()))[0]!) => {
  const executor = await openOnnx([bytes], { provider: 'cpu', threads: 1, manifest: { input } });
  const outputs = await executor.run(tensor);
  await executor.close();
  return outputs;
};

describe('class maps', () => {
  test.each(['densenet', 'resnet', 'efficientnet', 'xrv', 'convolutional', 'softmax', 'fixed', 'colour'] as const)(
    'of the form of %s add up to the logits, and nothing else changes',
    async (name) => {
      const { head, trial } = await operate(name);
      expect(head.maps.kind).not.toBe('none');
      expect(trial.largestChange).toBeLessThanOrEqual(1e-5);
      expect(trial.mapGap).toBeLessThanOrEqual(1e-5);
    },
  );

  test('are the weighted sum of the features, place by place', async () => {
    const { graph } = await operate('densenet');
    const outputs = await run(graph);
    // The same network, but its answer is the features, so that the sum can be made by hand.
    const [map] = [outputs[MAPS]!];
    const cells = map.shape[2]! * map.shape[3]!;
    const plain = network({
      nodes: [{ op: 'Flatten', inputs: ['features'], outputs: ['answer'] }],
      constants: [],
    });
    const features = (await run(plain))['answer']!.data;
    const { head, bias } = headWeights();
    let worst = 0;
    for (let h = 0; h < HEADS; h += 1) {
      let mean = 0;
      for (let cell = 0; cell < cells; cell += 1) {
        let sum = 0;
        for (let c = 0; c < CHANNELS; c += 1) sum += head[h * CHANNELS + c]! * features[c * cells + cell]!;
        worst = Math.max(worst, Math.abs(sum - map.data[h * cells + cell]!) / Math.max(1, Math.abs(sum)));
        mean += sum / cells;
      }
      worst = Math.max(worst, Math.abs(mean + bias[h]! - outputs[LOGITS]!.data[h]!) / Math.max(1, Math.abs(mean)));
    }
    expect(worst).toBeLessThan(1e-4);
    expect(outputs[EMBEDDING]!.shape).toEqual([1, CHANNELS]);
  });

  test.each([
    ['convnext', 'before the classifier there is LayerNormalization'],
    ['vit', 'before the classifier there is Gather'],
    ['maximum', 'before the classifier there is GlobalMaxPool'],
  ] as const)('of %s do not exist, which is said; its embedding does', async (name, reason) => {
    const { head, trial } = await operate(name);
    expect(head.maps).toMatchObject({ kind: 'none', reason: expect.stringContaining(reason) });
    expect(trial.largestChange).toBeLessThanOrEqual(1e-5);
    expect(trial.embeddingSize).toBe(CHANNELS);
  });
});

test('logits lie before the sigmoid, and operators of one maker after it are left out and named', async () => {
  const { head, graph } = await operate('xrv');
  expect(head).toMatchObject({ logits: 'logits', activation: 'sigmoid' });
  expect(head.leftOut).toEqual(expect.arrayContaining(['Where', 'Less', 'Div']));
  const plain = await operate('densenet');
  expect((await run(graph))[LOGITS]!.data).toEqual((await run(plain.graph))[LOGITS]!.data);
});

test('a softmax becomes log odds of each class against the others', async () => {
  const { graph } = await operate('softmax', { range: [0, 1] });
  const tensor = tensorsOf(stepsOf(asked({ range: [0, 1] })))[0]!;
  const outputs = await run(graph, tensor);
  const answer = outputs['answer']!.data;
  const odds = [...outputs[LOGITS]!.data].map((logit) => 1 / (1 + Math.exp(-logit)));
  odds.forEach((probability, at) => expect(probability).toBeCloseTo(answer[at]!, 5));
});

test('weights in a file beside the model are taken in', async () => {
  const { encodeExternal } = await import('../fixtures/external-weights.ts');
  const { bytes, weights } = encodeExternal(NETWORKS.densenet, 'weights.bin');
  writeFileSync(join(root, 'weights.bin'), weights);
  const file = openGraphFile(fileOf('external', bytes));
  const { graph } = await withBestMaps(file, asked(), 'best');
  expect((await run(graph))[LOGITS]!.data).toEqual((await run((await operate('densenet')).graph))[LOGITS]!.data);
  expect(() => openGraphFile(fileOf('escaping', encodeExternal(NETWORKS.densenet, '../weights.bin').bytes))).toThrow(
    'outside the model’s folder'.replace('’', "'"),
  );
  expect(() => openGraphFile(fileOf('missing', encodeExternal(NETWORKS.densenet, 'absent.bin').bytes))).toThrow(
    'does not lie beside',
  );
});

describe('refused, with what to change:', () => {
  const bad = (name: string, bytes: Uint8Array) => () => openGraphFile(fileOf(name, bytes));

  test('what is no ONNX model', () => {
    expect(bad('text', Buffer.from('hello, this is no model'))).toThrow('is no ONNX model');
    expect(bad('cut', NETWORKS.densenet.subarray(0, 500))).toThrow('is no ONNX model');
    expect(() => openGraphFile(join(root, 'absent.onnx'))).toThrow('is not there');
  });

  test('a batch fixed to another size', () => {
    expect(bad('batch', network({ batch: 8, nodes: [], constants: [] }))).toThrow('the batch is fixed to 8');
  });

  test('channels last', () => {
    const bytes = network({ channels: 16, size: 3, nodes: [], constants: [] });
    expect(bad('last', bytes)).toThrow('1 or 3 channels × rows × columns is expected');
  });

  test('more or fewer labels than outputs', async () => {
    const file = openGraphFile(fileOf('labels', NETWORKS.densenet));
    await expect(withBestMaps(file, asked({ labels: ['Effusion'] }), 'best')).rejects.toThrow('1 labels for 3 logits');
  });

  test('an output that is not there', () => {
    expect(() => openGraphFile(fileOf('output', NETWORKS.densenet), 'logits')).toThrow('it has answer');
  });
});

test('the command writes a verified folder beside the other models and says what it did', async () => {
  const file = fileOf('command', NETWORKS.xrv);
  const flags = [
    '--id',
    'xrv',
    '--labels',
    LABELS.join(','),
    '--size',
    '16',
    '--range=-1024..1024',
    '--crop',
    'center',
  ];
  const models = join(root, 'models');
  const child = spawn(process.execPath, ['src/cli/main.ts', 'models', 'import', file, ...flags, '--json'], {
    env: { ...process.env, HAIDANG_MODELS_DIR: models, INIT_CWD: root },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect(stderr).toBe('');
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ model: 'xrv', maps: 'class-map', heads: LABELS, embeddingSize: CHANNELS });
  expect(told.outputsChangedBy).toBeLessThanOrEqual(1e-5);
  expect((await loadModel(join(models, 'xrv'))).manifest.input).toMatchObject({ channels: 1, rows: 16 });
});

test('the folder that is written loads, runs and reproduces its golden outputs, with maps and without', async () => {
  for (const [id, name, mapsBy] of [
    ['with-maps', 'xrv', 'class-map'],
    ['without-maps', 'vit', 'occlusion'],
  ] as const) {
    const wanted = asked({ id });
    const file = openGraphFile(fileOf(name, NETWORKS[name]));
    const { graph, trial } = await withBestMaps(file, wanted, 'best');
    writeModelFolder(join(root, id), {
      manifest: manifestOf({ asked: wanted, trial, graph, inputName: 'image', mapsBy }),
      calibration: calibrationOf(wanted),
      golden: goldenOf(stepsOf(wanted), trial),
      graph,
    });
    const model = await loadModel(join(root, id));
    await using engine = await startEngine({ models: [model] });
    expect(engine.states().get(id)).toMatchObject({ state: 'ready' });
    const tensor = tensorsOf(stepsOf(wanted))[0]!;
    const runOnce = async (picture: typeof tensor) =>
      (await engine.run(id, picture, { deadlineMs: 10_000 })).outputs[LOGITS]!;
    const maps = await occlusionMaps({ tensor, logits: await runOnce(tensor) }, runOnce, {
      rows: 4,
      columns: 4,
      batch: 5,
    });
    expect(maps.shape).toEqual([1, HEADS, 4, 4]);
    expect(maps.data.some((value) => value !== 0)).toBe(true);
  }
  expect(JSON.parse(readFileSync(join(root, 'with-maps/model.json'), 'utf8')).preprocessing).toEqual([
    { step: 'crop', shape: 'centre-square' },
    { step: 'resize', columns: 16, rows: 16, fit: 'squeeze' },
    { step: 'normalise', mean: 0.5, deviation: 1 / 2048 },
  ]);
});
