// The models that ship: they serve, their maps are what their logits are made of, and shuffled weights destroy them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rankAgreement } from '../fixtures/rank-agreement.ts';
import { faithfulness } from '#explanation/faithfulness.ts';
import { classMap } from '#explanation/class-map.ts';
import { openOnnx } from '#inference/executors/onnx.ts';
import type { Executor } from '#inference/executors/executor.ts';
import { startEngine } from '#inference/engine/start-engine.ts';
import type { Tensor } from '#kernel/frame.ts';
import { loadModel } from '#models/load.ts';
import { type Model, readModelFile } from '#models/model.ts';
import { type TracedTensor, toTensor } from '#tensor/to-tensor.ts';
import { type ChestFilm, drawChest } from '../../datasets/phantom-cxr/chest.ts';
import { shuffleOnnx } from '../fixtures/shuffle-onnx.ts';

const tensorFor = ({ gray, plane }: ChestFilm, model: Model): TracedTensor =>
  toTensor(
    { columns: plane.width, rows: plane.height, values: gray, sourceColumns: plane.width, sourceRows: plane.height },
    model.manifest.preprocessing,
  );

/** Eight phantoms, lesions as the seed draws them. */
const films = (model: Model): TracedTensor[] =>
  Array.from({ length: 8 }, (_, seed) => tensorFor(drawChest(7100 + seed, { size: 256 }), model));

describe.each(['cxr-findings', 'cxr-findings-tiny'])('%s', (id) => {
  let model: Model;
  let executor: Executor;
  let pictures: TracedTensor[];
  let outputs: Readonly<Record<string, Tensor>>[];

  beforeAll(async () => {
    model = await loadModel(`models/${id}`);
    executor = await openOnnx(await readModelFile(model.file()), {
      provider: 'cpu',
      threads: 1,
      manifest: model.manifest,
    });
    pictures = films(model);
    outputs = [];
    for (const { tensor } of pictures) outputs.push(await executor.run(tensor));
  });
  afterAll(() => executor.close());

  const tensorOf = (from: Readonly<Record<string, Tensor>> | undefined, name: string): Tensor => {
    const tensor = from?.[name];
    if (tensor === undefined) throw new Error(`no output ${name}`);
    return tensor;
  };
  const mapOf = (from: Readonly<Record<string, Tensor>> | undefined, head: number, film: number): Float32Array => {
    const trace = pictures[film]?.trace;
    if (trace === undefined) throw new Error(`no film ${film}`);
    return classMap(tensorOf(from, model.manifest.outputs.maps), head, trace).values;
  };
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

  test('is ready in every precision that it ships', async () => {
    for (const { precision } of model.manifest.files) {
      await using engine = await startEngine({ models: [model], precision });
      expect(engine.states().get(id)).toMatchObject({ state: 'ready', precision });
    }
  });

  test('each logit is the mean of its map plus a bias that is the same for every film', () => {
    const { logits } = model.manifest.outputs;
    for (const head of model.manifest.heads.keys()) {
      const biases = outputs.map(
        (each, film) => (tensorOf(each, logits).data[head] ?? Number.NaN) - mean(mapOf(each, head, film)),
      );
      for (const bias of biases) expect(bias).toBeCloseTo(biases[0] ?? Number.NaN, 3);
    }
  });

  /** What a map says of this film and not of any film: borders and mediastinum are much alike on all of them. */
  function ownMaps(from: readonly Readonly<Record<string, Tensor>>[], head: number): Float32Array[] {
    const maps = from.map((each, film) => mapOf(each, head, film));
    const usual = maps[0]?.map((_, cell) => mean(maps.map((map) => map[cell] ?? Number.NaN))) ?? new Float32Array();
    return maps.map((map) => map.map((value, cell) => value - (usual[cell] ?? Number.NaN)));
  }

  test('shuffled weights destroy the maps', async () => {
    let state = 20261125;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const [weights = new Uint8Array()] = await readModelFile(model.file());
    const agreements: number[] = [];
    const { bytes, tensors } = shuffleOnnx(weights, random);
    expect(tensors).toBeGreaterThan(20);
    const other = await openOnnx([bytes], { provider: 'cpu', threads: 1, manifest: model.manifest });
    const answers: Readonly<Record<string, Tensor>>[] = [];
    for (const { tensor } of pictures) answers.push(await other.run(tensor));
    await other.close();
    for (const head of model.manifest.heads.keys()) {
      const [real, shuffled] = [ownMaps(outputs, head), ownMaps(answers, head)];
      agreements.push(...real.map((map, film) => rankAgreement(map, shuffled[film] ?? [])));
    }
    // 17 heads × 8 films; a map of 100 cells agrees with noise to ± 0.1 once, on average to ± 0.01.
    expect(Math.abs(mean(agreements))).toBeLessThan(0.1);
  });

  test('the score of faithfulness tells the map of what is there from a random one', async () => {
    const { maps, logits } = model.manifest.outputs;
    const run = async (batch: Tensor): Promise<Tensor> => tensorOf(await executor.run(batch), logits);
    const [real, noise]: [number[], number[]] = [[], []];
    for (const [index, finding] of (['Consolidation', 'Effusion', 'Mass', 'Pneumothorax'] as const).entries()) {
      const head = model.manifest.heads.findIndex(({ code }) => code === finding);
      for (const seed of [1, 2, 3]) {
        const { tensor } = tensorFor(drawChest(7200 + 10 * index + seed, { size: 256, findings: [finding] }), model);
        const answer = await executor.run(tensor);
        const own = tensorOf(answer, maps);
        const explained = { tensor, maps: own, logits: tensorOf(answer, logits) };
        real.push(...(await faithfulness(explained, [head], run)));
        const data = own.data.map((_, i) => (Math.sin(i * 127.1 + seed + 7) * 43758.5) % 1);
        noise.push(...(await faithfulness({ ...explained, maps: { shape: own.shape, data } }, [head], run)));
      }
    }
    const median = (values: readonly number[]): number =>
      values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
    expect(Math.abs(median(noise))).toBeLessThan(0.25);
    expect(median(real)).toBeGreaterThan(median(noise) + 0.4);
  });
});
