// The head that TensorFlow.js finds is the one that Newton's method finds on the same cases.
import { expect, test, vi } from 'vitest';
import { openAnyLibrary } from '#inference/executors/tfjs-library.ts';
import { fitLogistic } from '#research/statistics/logistic.ts';
import { seededRandom } from '#kernel/seeded-random.ts';
import { partOf } from '#training/parts.ts';
import { logitsOf, type TrainingCase, trainHead } from '#training/train-head.ts';

vi.setConfig({ testTimeout: 300_000 });

const library = await openAnyLibrary(1);

/** Features of different size and place; the truth of head 0 follows 2 a - b, that of head 1 the opposite. */
function drawn(n: number, part: TrainingCase['part'], seed: number): TrainingCase[] {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: n }, () => {
    const [a, b] = [normal(), normal()];
    const present = random() < 1 / (1 + Math.exp(-(2 * a - b)));
    return { part, embedding: Float32Array.of(100 + 5 * a, 0.01 * b), labels: [present, !present] };
  });
}

test('without decay it converges to the maximum likelihood', async () => {
  const cases = drawn(400, 'training', 1);
  // Stopped on the same cases, it stops where their likelihood is highest.
  const both = [...cases, ...cases.map((each) => ({ ...each, part: 'validation' as const }))];
  const head = await trainHead(both, { heads: ['x', 'y'], decay: 0, rate: 0.05, mostEpochs: 1500 }, library);
  const { coefficients } = fitLogistic(
    cases.map(({ embedding }) => [1, ...embedding]),
    cases.map(({ labels }) => labels[0] === true),
  );
  for (const { embedding } of cases.slice(0, 40)) {
    const expected = coefficients[0]! + coefficients[1]! * embedding[0]! + coefficients[2]! * embedding[1]!;
    const [x = 0, y = 0] = logitsOf(head, embedding);
    expect(Math.abs(x - expected)).toBeLessThan(0.05);
    expect(Math.abs(x + y)).toBeLessThan(0.01);
  }
});

test('it stops on other persons, keeps the best weights, and is the same every time', async () => {
  const few = [...drawn(24, 'training', 5), ...drawn(200, 'validation', 9)];
  const plan = { heads: ['x', 'y'], decay: 0, rate: 0.1, mostEpochs: 500, patience: 10 };
  const seen: number[] = [];
  const head = await trainHead(few, { ...plan, onEpoch: (_epoch, loss) => void seen.push(loss) }, library);
  expect(head.stopped).toBe('early');
  expect(head.epochs).toBe(head.bestEpoch + 10);
  expect(Math.min(...seen)).toBeCloseTo(head.validationLoss, 5);
  expect(await trainHead(few, plan, library)).toEqual(head);
});

test('an answer that nobody gave counts for nothing', async () => {
  const cases = [...drawn(100, 'training', 2), ...drawn(100, 'validation', 3)];
  const blank = { embedding: Float32Array.of(90, 0.02), labels: [undefined, undefined] };
  const plan = { heads: ['x', 'y'], mostEpochs: 30 };
  const loss = async (more: readonly TrainingCase[]) =>
    (await trainHead([...cases, ...more], plan, library)).validationLoss;
  expect(await loss([{ ...blank, part: 'validation' }])).toBeCloseTo(await loss([]), 6);
  const half = cases.map((each) => ({ ...each, labels: [each.labels[0], undefined] }));
  await expect(trainHead(half, plan, library)).rejects.toThrow(/y: 0 with it and 0 without in the training part/);
});

test('films of one person lie in one part, and all parts are filled', () => {
  const parts = Array.from({ length: 500 }, (_, at) => partOf(`p${at}`, 1));
  expect(parts).toEqual(Array.from({ length: 500 }, (_, at) => partOf(`p${at}`, 1)));
  const count = (wanted: string): number => parts.filter((part) => part === wanted).length;
  expect(count('training')).toBeGreaterThan(250);
  expect(count('validation')).toBeGreaterThan(60);
  expect(count('test')).toBeGreaterThan(60);
  expect(Array.from({ length: 500 }, (_, at) => partOf(`p${at}`, 2))).not.toEqual(parts);
});
