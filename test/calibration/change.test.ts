// The interval of a change is arithmetic on log-odds; the bound behind it counts each person once.
import { expect, test } from 'vitest';
import { findingChange } from '#calibration/change.ts';
import { repeatabilityBound } from '#calibration/fit-repeatability.ts';
import type { Calibration, Repeatability } from '#models/schema.ts';

const calibration = (slope: number): Calibration => ({
  version: '1',
  modelId: 'tiny',
  modelVersion: '1',
  method: 'platt',
  errorRate: 0.1,
  heads: [
    {
      code: 'Effusion',
      slope,
      intercept: -1,
      logitRange: { minimum: -9, maximum: 9 },
      positiveFrom: 0.5,
      negativeTo: 0.1,
      prevalence: { value: 0.5, population: { vi: 'x', en: 'x' }, source: 'x' },
      fittedOn: { dataset: 'x', split: 'x', n: 2, positives: 1 },
    },
  ],
});

const repeatability = (logitDifference: number): Repeatability => ({
  modelId: 'tiny',
  modelVersion: '1',
  method: 'by hand',
  coverage: 0.95,
  measuredOn: { dataset: 'x', split: 'x' },
  heads: [{ code: 'Effusion', logitDifference, pairs: 40, patients: 30 }],
});

const change = (before: number, now: number, { slope = 1, bound = 1 } = {}) =>
  findingChange(
    'Effusion',
    { before: { probability: before }, now: { probability: now } },
    { calibration: calibration(slope), repeatability: repeatability(bound) },
  );

test('the interval is the difference of log-odds, plus and minus the bound, around the same middle', () => {
  // Log-odds of 0.2 and 0.8: -ln 4 and +ln 4; the middle is 0, they lie 2 ln 4 = 2.7726 apart, the bound is 2 × 0.5 = 1.
  const found = change(0.2, 0.8, { slope: 2, bound: 0.5 });
  const between = (odds: number) => 1 / (1 + Math.exp(-odds / 2)) - 1 / (1 + Math.exp(odds / 2));
  expect(found?.difference).toBeCloseTo(0.6, 12);
  expect(found?.lower).toBeCloseTo(between(2 * Math.log(4) - 1), 12);
  expect(found?.upper).toBeCloseTo(between(2 * Math.log(4) + 1), 12);
  expect(found?.verdict).toBe('increased');
});

test.each([
  [0.8, 0.2, 'decreased'],
  [0.01, 0.012, 'unchanged'],
  // Ten times as likely, and still nothing that a reader would act on.
  [0.002, 0.02, 'unchanged'],
  [0.5, 0.5, 'cannot-tell'],
  [0.4, 0.6, 'cannot-tell'],
])('from %d to %d is %s', (before, now, verdict) => {
  expect(change(before, now, { bound: 1 })?.verdict).toBe(verdict);
});

test('a film restated at another prevalence has not changed', () => {
  // Prevalence 0.5 → 0.2 moves log-odds by -ln 4: 0.5 becomes 0.2.
  const found = findingChange(
    'Effusion',
    { before: { probability: 0.5, prevalence: 0.5 }, now: { probability: 0.2, prevalence: 0.2 } },
    { calibration: calibration(1), repeatability: repeatability(0.1) },
  );
  expect(found?.difference).toBeCloseTo(0, 12);
  expect(found?.verdict).toBe('unchanged');
});

test('a head that was not measured, or a probability without odds, has no change', () => {
  const measured = { calibration: calibration(1), repeatability: repeatability(1) };
  const same = { before: { probability: 0.5 }, now: { probability: 0.5 } };
  expect(findingChange('Mass', same, measured)).toBeUndefined();
  expect(change(0, 0.5)).toBeUndefined();
});

test('each person counts once, however many films there are', () => {
  // 39 persons who moved by 1 to 39, and one with a thousand films that moved by 100.
  const others = Array.from({ length: 39 }, (_, at) => ({
    patient: `p${at}`,
    difference: at % 2 === 0 ? at + 1 : -at - 1,
  }));
  const busy = Array.from({ length: 1000 }, () => ({ patient: 'busy', difference: 100 }));
  // 0.95 × 41 persons = 38.95: the 39th smallest.
  expect(repeatabilityBound([...busy, ...others], 0.95)).toEqual({ logitDifference: 39, pairs: 1039, patients: 40 });
});

test('too few persons for the coverage are refused', () => {
  const pairs = Array.from({ length: 18 }, (_, at) => ({ patient: `p${at}`, difference: at }));
  expect(() => repeatabilityBound(pairs, 0.95)).toThrow(expect.objectContaining({ code: 'calibration.cannot-fit' }));
});
