import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auprc, auroc, brier, expectedCalibrationError, scored, share } from '#research/statistics/discrimination.ts';

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

test('AUROC is the share of pairs in the right order, ties count half', () => {
  // positives 0.8 and 0.4, negatives 0.4 and 0.1: pairs 0.8>0.4, 0.8>0.1, 0.4=0.4, 0.4>0.1 → 3.5 of 4
  const cases = scored([0.8, 0.4, 0.4, 0.1], [true, true, false, false]);
  expect(auroc(cases, ones(4))).toBeCloseTo(3.5 / 4, 12);
});

test('AUROC does not exist with one class only', () => {
  expect(auroc(scored([0.1, 0.2], [true, true]), ones(2))).toBeNaN();
});

test('average precision sums precision over the steps of recall', () => {
  // by falling score: + (precision 1/1), - , + (precision 2/3) → (1 + 2/3) / 2
  const cases = scored([0.9, 0.8, 0.7, 0.1], [true, false, true, false]);
  expect(auprc(cases, ones(4))).toBeCloseTo((1 + 2 / 3) / 2, 12);
});

test('the Brier score is the mean squared difference', () => {
  // (0.8-1)² = 0.04, (0.3-0)² = 0.09 → 0.065
  expect(brier(scored([0.8, 0.3], [true, false]), ones(2))).toBeCloseTo(0.065, 12);
});

test('the calibration error weighs each bin by its cases', () => {
  // bin 0.9–1: 0.95, 0.95 with one positive → gap 0.45 each; bin 0–0.1: 0.05 negative → 0.05; (0.9 + 0.05) / 3
  const cases = scored([0.95, 0.95, 0.05], [true, false, false]);
  expect(expectedCalibrationError(cases, ones(3))).toBeCloseTo((2 * 0.45 + 0.05) / 3, 12);
});

test('a share counts only the cases asked for', () => {
  const sensitivity = share([true, false, true], [true, true, false]);
  expect(sensitivity(ones(3))).toBe(0.5);
});

const cases = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 20 }), label: fc.boolean(), weight: fc.integer({ min: 0, max: 3 }) }),
  {
    minLength: 2,
    maxLength: 60,
  },
);

test('a weight of k is the same as the case k times', () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const weighted = scored(
        rows.map(({ score }) => score / 20),
        rows.map(({ label }) => label),
      );
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const plain = scored(
        repeated.map(({ score }) => score / 20),
        repeated.map(({ label }) => label),
      );
      const weights = Float64Array.from(rows, ({ weight }) => weight);
      for (const metric of [auroc, auprc, brier, expectedCalibrationError]) {
        const left = metric(weighted, weights);
        const right = metric(plain, ones(repeated.length));
        // toBeCloseTo takes NaN for unlike itself.
        const known = Number.isNaN(right) ? -1 : right;
        expect(Number.isNaN(left) ? -1 : left).toBeCloseTo(known, 9);
      }
    }),
  );
});

test('turning every score round mirrors the AUROC', () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const labels = rows.map(({ label }) => label);
      const forward = auroc(
        scored(
          rows.map(({ score }) => score),
          labels,
        ),
        ones(rows.length),
      );
      const backward = auroc(
        scored(
          rows.map(({ score }) => -score),
          labels,
        ),
        ones(rows.length),
      );
      fc.pre(!Number.isNaN(forward));
      expect(forward + backward).toBeCloseTo(1, 12);
    }),
  );
});
