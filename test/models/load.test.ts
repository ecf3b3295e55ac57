import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goldenPicture, verifyGolden } from '#models/golden.ts';
import { CareError } from '#kernel/errors.ts';
import { loadModel, loadModels, modelNamed } from '#models/load.ts';
import { type TinyOptions, tinyAnswer, writeTinyModel } from '../fixtures/tiny-model.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'haidang-load-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const refusalOf = async (options: TinyOptions): Promise<unknown> => {
  writeTinyModel(root, options);
  const { models, refused } = await loadModels(root);
  expect(models).toEqual([]);
  return refused[0];
};

describe('the folder of models', () => {
  test('gives each model with its three files and the paths of its weights', async () => {
    writeTinyModel(root);
    const { models, refused } = await loadModels(root);
    expect(refused).toEqual([]);
    const file = models[0]?.file('fp32');
    expect(file).toMatchObject({ format: 'onnx', path: join(root, 'tiny', '1', 'model.onnx') });
    expect(() => models[0]?.file('int8')).toThrow('models.no-such-precision');
  });

  test('that does not exist holds no models, and folders of other kinds are left alone', async () => {
    expect(await loadModels(join(root, 'nowhere'))).toEqual({ models: [], refused: [] });
    mkdirSync(join(root, 'risk-who'));
    writeFileSync(join(root, 'risk-who', 'equation.json'), '{}');
    mkdirSync(join(root, 'segmenter'));
    writeFileSync(join(root, 'segmenter', 'model.json'), '{"kind":"cxr-segmenter"}');
    expect(await loadModels(root)).toEqual({ models: [], refused: [] });
  });

  test('refuses a bad model by name and serves the good one', async () => {
    writeTinyModel(root);
    writeTinyModel(root, { id: 'broken', alter: () => ({ manifest: { kind: 'cxr-classifier' } }) });
    mkdirSync(join(root, 'no-json'));
    writeFileSync(join(root, 'no-json', 'model.json'), '{');
    const { models, refused } = await loadModels(root);
    expect(models.map((model) => model.manifest.id)).toEqual(['tiny']);
    expect(refused.map(({ folder, code }) => `${folder}: ${code}`)).toEqual([
      'broken: models.bad-manifest',
      'no-json: models.bad-manifest',
    ]);
  });
});

describe('a model is refused', () => {
  test('when its weights changed by a byte', async () => {
    writeTinyModel(root);
    appendFileSync(join(root, 'tiny', '1', 'model.onnx'), '\0');
    await expect(loadModel(join(root, 'tiny'))).rejects.toMatchObject({ code: 'models.file-changed' });
  });

  test('when its weights are missing', async () => {
    writeTinyModel(root);
    rmSync(join(root, 'tiny', '1'), { recursive: true });
    await expect(loadModel(join(root, 'tiny'))).rejects.toMatchObject({ code: 'models.unreadable' });
  });

  test('when a field is unknown, by its name', async () => {
    const refused = await refusalOf({ alter: ({ manifest }) => ({ manifest: { ...manifest, treshold: 1 } }) });
    expect(refused).toMatchObject({ code: 'models.bad-manifest', reason: expect.stringContaining('treshold') });
  });

  test('when its calibration is of another version', async () => {
    const refused = await refusalOf({
      alter: ({ calibration }) => ({ calibration: { ...calibration, modelVersion: '2' } }),
    });
    expect(refused).toMatchObject({
      code: 'models.not-consistent',
      reason: expect.stringContaining('calibration is of tiny 2'),
    });
  });

  test('when a head has no calibration', async () => {
    const refused = await refusalOf({
      alter: ({ calibration }) => ({ calibration: { ...calibration, heads: calibration.heads.slice(1) } }),
    });
    expect(refused).toMatchObject({ reason: 'head Effusion has no calibration' });
  });

  test('when a probability would be negative and positive at once', async () => {
    const refused = await refusalOf({
      alter: ({ calibration }) => ({
        calibration: { ...calibration, heads: calibration.heads.map((head) => ({ ...head, negativeTo: 0.7 })) },
      }),
    });
    expect(refused).toMatchObject({
      reason: expect.stringContaining('Effusion would be negative and positive at once'),
    });
  });

  test('when its weights lie outside its version folder', async () => {
    const refused = await refusalOf({
      alter: ({ manifest }) => ({
        manifest: { ...manifest, files: manifest.files.map((file) => ({ ...file, file: '../other/model.onnx' })) },
      }),
    });
    expect(refused).toMatchObject({ reason: 'file ../other/model.onnx does not lie in 1/' });
  });

  test('when its preprocessing does not give the size of its input', async () => {
    const refused = await refusalOf({
      alter: ({ manifest }) => ({ manifest: { ...manifest, input: { ...manifest.input, rows: 8 } } }),
    });
    expect(refused).toMatchObject({ reason: expect.stringContaining('preprocessing gives 1 × 1 × 16 × 16') });
  });

  test('when this program preprocesses otherwise than its training did', async () => {
    const refused = await refusalOf({
      alter: ({ golden }) => ({
        golden: { ...golden, cases: golden.cases.map((each) => ({ ...each, tensorMean: each.tensorMean + 0.001 })) },
      }),
    });
    expect(refused).toMatchObject({
      code: 'models.golden-differs',
      reason: expect.stringContaining('mean of the tensor'),
    });
  });
});

describe('the model that reads', () => {
  test('is the one named; a name that is not there, or is refused, says what was found', async () => {
    writeTinyModel(root);
    const tiny = await loadModel(join(root, 'tiny'));
    const found = { models: [tiny], refused: [{ folder: 'bad', code: 'models.unreadable', reason: 'no card' }] };
    expect(modelNamed(found, 'tiny')).toBe(tiny);
    const saidOf = (id: string): string => {
      try {
        return modelNamed(found, id).manifest.id;
      } catch (thrown) {
        return thrown instanceof CareError ? thrown.reason : 'another error';
      }
    };
    expect(saidOf('other')).toBe('no imaging model of this name; there is tiny');
    expect(saidOf('bad')).toBe('the model is refused: models.unreadable: no card');
  });
});

describe('golden outputs', () => {
  test('the golden picture is 0.5 + 0.5 × sin(a × row + b × column)', () => {
    const { values } = goldenPicture({ rows: 2, columns: 2, a: 1, b: 10 });
    expect([...values]).toEqual([0, 10, 1, 11].map((angle) => Math.fround(0.5 + 0.5 * Math.sin(angle))));
  });

  test('pass for the network that made them, with the largest difference told', async () => {
    const { weights } = writeTinyModel(root);
    const model = await loadModel(join(root, 'tiny'));
    const report = await verifyGolden(model, 'fp32', async ({ shape, data }) => {
      const [items = 0] = shape;
      const answers = Array.from({ length: items }, (_, i) =>
        tinyAnswer(data.subarray(i * 256, (i + 1) * 256), weights),
      );
      return {
        logits: { shape: [items, 3], data: Float32Array.from(answers.flatMap((answer) => answer.logits)) },
        embedding: { shape: [items, 2], data: Float32Array.from(answers.flatMap((answer) => answer.embedding)) },
      };
    });
    expect(report).toMatchObject({ cases: 2, tolerance: 1e-4 });
    expect(report.largestDifference).toBeLessThan(1e-6);
  });

  test('catch a graph that answers a batch with the first item only, one that is silent, and one that gives NaN', async () => {
    const { weights } = writeTinyModel(root);
    const model = await loadModel(join(root, 'tiny'));
    const answer = (data: Float32Array, items: number) => {
      const { logits, embedding } = tinyAnswer(data.subarray(0, 256), weights);
      return {
        logits: { shape: [items, 3], data: Float32Array.from({ length: items * 3 }, (_, i) => logits[i % 3] ?? 0) },
        embedding: {
          shape: [items, 2],
          data: Float32Array.from({ length: items * 2 }, (_, i) => embedding[i % 2] ?? 0),
        },
      };
    };
    await expect(verifyGolden(model, 'fp32', async ({ shape, data }) => answer(data, shape[0] ?? 0))).rejects.toThrow(
      'in a batch',
    );
    await expect(verifyGolden(model, 'fp32', async () => ({}))).rejects.toThrow('models.golden-differs');
    const nan = { shape: [1, 3], data: new Float32Array(3).fill(Number.NaN) };
    await expect(verifyGolden(model, 'fp32', async () => ({ logits: nan, embedding: nan }))).rejects.toThrow(
      'Infinity',
    );
  });
});
