import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrate, sigmoid } from '#calibration/calibrate.ts';
import type { Calibration } from '#models/schema.ts';

const calibration: Calibration = {
  version: 'test-1',
  modelId: 'tiny',
  modelVersion: '1',
  method: 'platt',
  errorRate: 0.1,
  heads: [
    {
      code: 'Effusion',
      slope: 2,
      intercept: -1,
      logitRange: { minimum: -3, maximum: 3 },
      positiveFrom: 0.7,
      negativeTo: 0.2,
      prevalence: { value: 0.5, population: { vi: 'ảnh thử', en: 'test pictures' }, source: 'made by arithmetic' },
      fittedOn: { dataset: 'none', split: 'val', n: 100, positives: 50 },
    },
  ],
};
const of = (logit: number) => calibrate(calibration, 'Effusion', logit);
const RANK = { negative: 0, indeterminate: 1, positive: 2 };

describe('a logit becomes a decision', () => {
  test('by slope, intercept and the two operating points', () => {
    // 2 × 0.5 - 1 = 0, and sigmoid(0) = 0.5 lies between 0.2 and 0.7
    expect(of(0.5)).toEqual({ probability: 0.5, decision: 'indeterminate', inRange: true, prevalence: 0.5 });
    // 2 × 1 - 1 = 1: 1 / (1 + e^-1) = 0.7311
    expect(of(1)).toMatchObject({ probability: 1 / (1 + Math.exp(-1)), decision: 'positive', inRange: true });
    // 2 × -1 - 1 = -3: 0.0474
    expect(of(-1).decision).toBe('negative');
  });

  test('outside the range that calibration saw, no negative is claimed, and a positive stays', () => {
    expect(of(-4)).toMatchObject({ decision: 'indeterminate', inRange: false });
    expect(of(9)).toMatchObject({ decision: 'positive', inRange: false });
  });

  test('a larger logit never gives a smaller probability, nor within the range a lesser decision', () => {
    const logit = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(logit, logit, (a, b) => {
        const [low, high] = [of(Math.min(a, b)), of(Math.max(a, b))];
        expect(high.probability).toBeGreaterThanOrEqual(low.probability);
        expect(RANK[high.decision]).toBeGreaterThanOrEqual(RANK[low.decision]);
      }),
    );
  });

  test('an unknown head, and a logit that is not a number, are refused', () => {
    expect(() => calibrate(calibration, 'Hernia', 0)).toThrow('calibration.unknown-head');
    expect(() => of(Number.NaN)).toThrow('calibration.unknown-head');
  });

  test('extreme scores give 0 and 1, never NaN', () => {
    expect(sigmoid(-800)).toBe(0);
    expect(sigmoid(800)).toBe(1);
    expect(sigmoid(0)).toBe(0.5);
  });
});
