import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sigmoid } from '#calibration/calibrate.ts';
import { conformalPoints } from '#calibration/conformal.ts';
import { fitScaling, type Labelled } from '#calibration/fit.ts';

/** A small generator that repeats: linear congruential, Numerical Recipes' constants. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Logits from -4 to 4 whose truth is drawn with probability sigmoid(slope × logit + intercept). */
function drawn(n: number, slope: number, intercept: number): Labelled[] {
  const random = chance(7);
  return Array.from({ length: n }, () => {
    const logit = random() * 8 - 4;
    return { logit, positive: random() < sigmoid(slope * logit + intercept) };
  });
}

describe('scaling', () => {
  test('finds the slope and the intercept that the labels were drawn with', () => {
    const { slope, intercept } = fitScaling(drawn(20_000, 0.6, -1.2));
    // The standard error with 20,000 cases is about 0.02.
    expect(Math.abs(slope - 0.6)).toBeLessThan(0.05);
    expect(Math.abs(intercept + 1.2)).toBeLessThan(0.06);
  });

  test('with temperature alone keeps the intercept at 0', () => {
    const { slope, intercept } = fitScaling(drawn(20_000, 0.5, 0), { temperatureOnly: true });
    expect(Math.abs(slope - 0.5)).toBeLessThan(0.04);
    expect(intercept).toBe(0);
  });

  test('makes the mean probability the share of positives', () => {
    // At the optimum the gradient for the intercept is 0: the probabilities sum to the targets, which are the labels but for 1 in n.
    const samples = drawn(2000, 1.5, -2);
    const { slope, intercept } = fitScaling(samples);
    const mean = samples.reduce((sum, { logit }) => sum + sigmoid(slope * logit + intercept), 0) / samples.length;
    const share = samples.filter((sample) => sample.positive).length / samples.length;
    expect(Math.abs(mean - share)).toBeLessThan(0.002);
  });

  test('stays finite where the two kinds are perfectly apart, and refuses one kind alone', () => {
    const apart = [-3, -2, -1, 1, 2, 3].map((logit) => ({ logit, positive: logit > 0 }));
    const { slope, intercept } = fitScaling(apart);
    expect(slope).toBeGreaterThan(0);
    expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
    expect(() => fitScaling(apart.filter((each) => each.positive))).toThrow('calibration.cannot-fit');
  });
});

const alike = (rate: number) => ({ missed: rate, falseAlarms: rate });

const probabilities = fc.array(
  fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), positive: fc.boolean() }),
  { minLength: 2, maxLength: 80 },
);

describe('conformal operating points', () => {
  test('promise a sensitivity and a specificity apart', () => {
    const cases = Array.from({ length: 400 }, (_, i) => ({ probability: (i + 0.5) / 400, positive: i % 2 === 0 }));
    const { negativeTo, positiveFrom } = conformalPoints(cases, { missed: 0.05, falseAlarms: 0.2 });
    // 200 of each kind, spread evenly: at most floor(0.05 × 201) = 10 positives at or below, 40 negatives at or above.
    expect(cases.filter((each) => each.positive && each.probability <= negativeTo)).toHaveLength(9);
    expect(cases.filter((each) => !each.positive && each.probability >= positiveFrom)).toHaveLength(39);
  });

  test('leave at most the stated share of each kind on the wrong side, and never cross', () => {
    fc.assert(
      fc.property(probabilities, fc.double({ min: 0, max: 0.5, noNaN: true }), (cases, errorRate) => {
        const positives = cases.filter((each) => each.positive);
        const negatives = cases.filter((each) => !each.positive);
        fc.pre(positives.length > 0 && negatives.length > 0);
        const { positiveFrom, negativeTo } = conformalPoints(cases, alike(errorRate));
        expect(positiveFrom).toBeGreaterThanOrEqual(negativeTo);
        // Probabilities of exactly 0 and 1 lie on points that cannot be moved further out.
        const missed = positives.filter((each) => each.probability <= negativeTo && each.probability > 0).length;
        const falseAlarms = negatives.filter((each) => each.probability >= positiveFrom && each.probability < 1).length;
        expect(missed).toBeLessThanOrEqual(errorRate * (positives.length + 1));
        expect(falseAlarms).toBeLessThanOrEqual(errorRate * (negatives.length + 1));
      }),
    );
  });

  test('keep the promise on new cases drawn alike', () => {
    const random = chance(11);
    const draw = (positive: boolean) => ({
      probability: sigmoid((positive ? 1 : -1) + 3 * (random() - 0.5)),
      positive,
    });
    const both = (n: number) => Array.from({ length: n }, (_, i) => draw(i % 2 === 0));
    let missed = 0;
    let positives = 0;
    for (let round = 0; round < 200; round += 1) {
      const { negativeTo } = conformalPoints(both(100), alike(0.1));
      const fresh = both(100).filter((each) => each.positive);
      positives += fresh.length;
      missed += fresh.filter((each) => each.probability <= negativeTo).length;
    }
    // 10,000 new positives: the promise is 0.1, three standard errors are 0.009.
    expect(missed / positives).toBeLessThan(0.109);
    expect(missed / positives).toBeGreaterThan(0.06);
  });

  test('with too few cases the call is never made', () => {
    // 4 cases at 0.1: floor(0.1 × 5) = 0 may be on the wrong side, so nothing is negative or positive short of certainty
    const few = [0.2, 0.4, 0.6, 0.8].flatMap((probability) => [
      { probability, positive: true },
      { probability, positive: false },
    ]);
    expect(conformalPoints(few, alike(0.1))).toEqual({ positiveFrom: 1, negativeTo: 0 });
  });

  test('of well separated kinds meet in the middle', () => {
    const cases = Array.from({ length: 40 }, (_, i) => ({ probability: i < 20 ? 0.1 : 0.9, positive: i >= 20 }));
    const { positiveFrom, negativeTo } = conformalPoints(cases, alike(0.1));
    expect(positiveFrom).toBeCloseTo(0.5, 12);
    expect(negativeTo).toBeCloseTo(0.5, 12);
  });
});
