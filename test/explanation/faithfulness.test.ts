import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankAgreement } from '../fixtures/rank-agreement.ts';
import { deletionInsertion } from '#explanation/deletion.ts';
import { type ForwardPass, faithfulness } from '#explanation/faithfulness.ts';
import { byEvidence, withCellsFrom } from '#explanation/hiding.ts';
import type { Tensor } from '#kernel/frame.ts';
import { HEADS, tinyAnswer, tinyInput, tinyWeights } from '../fixtures/tiny-model.ts';

const weights = tinyWeights();
/** The tiny network in plain loops, as a batch. */
const run = async (batch: Tensor): Promise<Tensor> => {
  const [items = 0] = batch.shape;
  const size = batch.data.length / items;
  const logits = Array.from(
    { length: items },
    (_, i) => tinyAnswer(batch.data.subarray(i * size, (i + 1) * size), weights).logits,
  );
  return { shape: [items, HEADS.length], data: Float32Array.from(logits.flat()) };
};

/** Fine stripes in one corner: blurring takes them away. The first feature of the tiny network answers to them. */
const tensor = tinyInput((i) => (i % 16 < 6 && i < 6 * 16 && Math.floor(i / 16) % 2 === 0 ? 9 : 0));
const { maps, logits } = tinyAnswer(tensor.data, weights);
const explained: ForwardPass = {
  tensor,
  maps: { shape: [1, HEADS.length, 8, 8], data: maps },
  logits: { shape: [1, HEADS.length], data: Float32Array.from(logits) },
};
const rising = HEADS.map((_, head) => head).filter((head) =>
  maps.subarray(head * 64, head * 64 + 64).some((value) => value > 0.1),
);

describe('faithfulness', () => {
  test('is high for the map that the logit is made of', async () => {
    // The logits fall by 0.1 to 0.5 here, so the noise term of 0.1 keeps the scores from 1.
    expect(rising.length).toBeGreaterThan(0);
    for (const score of await faithfulness(explained, rising, run)) expect(score).toBeGreaterThan(0.5);
  });

  test('is as far below 0 for the same map upside down', async () => {
    const misleading = { ...explained, maps: { ...explained.maps, data: maps.map((value) => -value) } };
    for (const score of await faithfulness(misleading, rising, run)) expect(score).toBeLessThan(-0.5);
  });

  test('is 0 when hiding anything changes nothing', async () => {
    const deaf = async (batch: Tensor): Promise<Tensor> => ({
      shape: [batch.shape[0] ?? 0, HEADS.length],
      data: Float32Array.from(
        { length: (batch.shape[0] ?? 0) * HEADS.length },
        (_, i) => logits[i % HEADS.length] ?? 0,
      ),
    });
    for (const score of await faithfulness(explained, rising, deaf)) expect(score).toBeCloseTo(0, 6);
  });

  test('costs one picture for each head and one for all, in batches of two, and nothing without heads', async () => {
    const sizes: (number | undefined)[] = [];
    const counted = (batch: Tensor): Promise<Tensor> => {
      sizes.push(batch.shape[0]);
      return run(batch);
    };
    await faithfulness(explained, [0, 1], counted);
    await faithfulness(explained, [], counted);
    await faithfulness(explained, [1], counted);
    expect(sizes).toEqual([2, 1, 2]);
  });

  test('hides the same places in every channel', async () => {
    const seen: Tensor[] = [];
    const three: ForwardPass = {
      ...explained,
      tensor: { shape: [1, 3, 16, 16], data: Float32Array.from([...tensor.data, ...tensor.data, ...tensor.data]) },
    };
    await faithfulness(three, [0], async (batch) => {
      seen.push(batch);
      return { shape: [2, HEADS.length], data: new Float32Array(2 * HEADS.length) };
    });
    // The second copy hides the head's strongest fifth: 13 of 64 cells of 4 pixels.
    const [copy] = seen.map(({ data }) => data.subarray(3 * 256));
    const first = copy?.subarray(0, 256) ?? [];
    expect([...first]).toEqual([...(copy?.subarray(256, 512) ?? [])]);
    expect([...first]).toEqual([...(copy?.subarray(512) ?? [])]);
    const changed = first.filter((value, i) => value !== tensor.data[i]).length;
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThanOrEqual(52);
  });
});

describe('deletion and insertion', () => {
  const toProbability = (logit: number): number => 1 / (1 + Math.exp(-logit));

  test('a good map beats the same map upside down on both', async () => {
    for (const head of rising) {
      const good = await deletionInsertion(explained, head, run, { toProbability });
      const bad = await deletionInsertion(
        { ...explained, maps: { ...explained.maps, data: maps.map((value) => -value) } },
        head,
        run,
        { toProbability },
      );
      expect(good.deletion).toBeLessThan(bad.deletion);
      expect(good.insertion).toBeGreaterThan(bad.insertion);
    }
  });
});

describe('agreement of two maps', () => {
  test('is 1 for the same order, -1 for the reverse, 0 for a flat one, and minds ties', () => {
    expect(rankAgreement([1, 5, 2], [10, 500, 20])).toBe(1);
    expect(rankAgreement([1, 2, 3], [3, 2, 1])).toBe(-1);
    expect(rankAgreement([1, 1, 1], [1, 2, 3])).toBe(0);
    // ranks 0.5 0.5 2 and 0 1 2: covariance 0.5 + 0 + 1 = 1.5, variances 1.5 and 2: 1.5 / √3
    expect(rankAgreement([4, 4, 9], [1, 2, 3])).toBeCloseTo(1.5 / Math.sqrt(3), 12);
  });
});

test('hidden cells cover the picture without a gap or an overlap, also where they do not divide it', () => {
  const size = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      fc.tuple(size, size),
      fc.tuple(size, size),
      fc.nat(),
      ([rows, columns], [gridRows, gridColumns], seed) => {
        const plain: Tensor = { shape: [1, 1, rows, columns], data: new Float32Array(rows * columns) };
        const fill = new Float32Array(rows * columns).fill(1);
        const grid = { columns: gridColumns, rows: gridRows };
        const all = Uint32Array.from({ length: gridColumns * gridRows }, (_, cell) => cell);
        const cut = seed % (all.length + 1);
        const { data } = withCellsFrom(plain, fill, { grid, sets: [all.subarray(0, cut), all.subarray(cut)] });
        const [first, second] = [data.subarray(0, rows * columns), data.subarray(rows * columns)];
        expect([...first].map((value, at) => value + (second[at] ?? 0))).toEqual([...fill]);
      },
    ),
  );
});

test('cells are ordered by their evidence, equals as they stand in the picture', () => {
  expect([...byEvidence(Float32Array.from([1, 3, 2, 3]))]).toEqual([1, 3, 2, 0]);
});
