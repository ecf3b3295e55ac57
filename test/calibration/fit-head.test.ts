import { expect, test } from 'vitest';
import { sigmoid } from '#calibration/calibrate.ts';
import { type FitPlan, type Sample, crossFitted, fitHead } from '#calibration/fit-head.ts';

/** A small generator that repeats. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Logits whose truth is drawn with probability sigmoid(0.7 × logit - 1); two films a patient. */
function drawn(n: number, seed = 7): Sample[] {
  const random = chance(seed);
  return Array.from({ length: n }, (_, at) => {
    const logit = random() * 8 - 4;
    return { logit, positive: random() < sigmoid(0.7 * logit - 1), patient: `p${Math.floor(at / 2)}` };
  });
}

const plan: FitPlan = {
  code: 'Effusion',
  method: 'platt',
  rates: { missed: 0.05, falseAlarms: 0.2 },
  fittedOn: { dataset: 'own', split: 'val' },
  population: { population: { vi: 'x', en: 'x' }, source: 'x' },
};

test('a head is fitted with its range, its points and the prevalence of its films', () => {
  const samples = drawn(4000);
  const head = fitHead(samples, plan);
  expect(Math.abs(head.slope - 0.7)).toBeLessThan(0.06);
  expect(Math.abs(head.intercept + 1)).toBeLessThan(0.1);
  const positives = samples.filter(({ positive }) => positive).length;
  expect(head.prevalence.value).toBe(positives / 4000);
  expect(head.fittedOn).toEqual({ dataset: 'own', split: 'val', n: 4000, positives });
  const missed = samples.filter(
    ({ logit, positive }) => positive && sigmoid(head.slope * logit + head.intercept) <= head.negativeTo,
  ).length;
  expect(missed / positives).toBeLessThanOrEqual(0.05);
});

test('at another prevalence the probabilities move and no decision does, but of the film on which a point lies', () => {
  const samples = drawn(1000);
  const [own, rare] = [fitHead(samples, plan), fitHead(samples, { ...plan, prevalence: 0.02 })];
  expect(rare.prevalence.value).toBe(0.02);
  const moved = samples.filter(({ logit }) => {
    const [a, b] = [own, rare].map((head) => {
      const probability = sigmoid(head.slope * logit + head.intercept);
      return probability >= head.positiveFrom ? 'positive' : probability <= head.negativeTo ? 'negative' : 'undecided';
    });
    return a !== b;
  });
  // A point lies one last digit beside a film's probability, and the shift rounds that digit.
  expect(moved.length).toBeLessThanOrEqual(2);
});

test('answers of the check come from fits without the same patient', () => {
  const samples = drawn(1000);
  const before = crossFitted(samples, plan);
  // Turning the truth of one patient round changes the answers of others, never its own.
  const turned = samples.map((sample) =>
    sample.patient === 'p7' ? { ...sample, positive: !sample.positive } : sample,
  );
  const after = crossFitted(turned, plan);
  const own = samples.map(({ patient }, at) => ({ patient, same: before[at]?.probability === after[at]?.probability }));
  expect(own.filter(({ patient }) => patient === 'p7').every(({ same }) => same)).toBe(true);
  expect(own.some(({ same }) => !same)).toBe(true);
});

test('a head that ranks the wrong way round is refused', () => {
  const turned = drawn(500).map((sample) => ({ ...sample, positive: !sample.positive }));
  expect(() => fitHead(turned, plan)).toThrow('ranks films the wrong way round');
});

test('temperature keeps the intercept at 0', () => {
  expect(fitHead(drawn(500), { ...plan, method: 'temperature' }).intercept).toBe(0);
});
