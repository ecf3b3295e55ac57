import { expect, test } from 'vitest';
import { patientBootstrap, quantile } from '#research/statistics/bootstrap.ts';

const meanOf = (values: readonly number[]) => (weights: Float64Array) => {
  let sum = 0;
  let total = 0;
  values.forEach((value, i) => {
    sum += (weights[i] ?? 0) * value;
    total += weights[i] ?? 0;
  });
  return sum / total;
};

test('quantiles interpolate between order statistics', () => {
  // position (5-1)·0.025 = 0.1 → 1 + 0.1·(2-1)
  expect(quantile([1, 2, 3, 4, 5], 0.025)).toBeCloseTo(1.1, 12);
});

test('the estimate itself is not resampled', () => {
  const { value } = patientBootstrap(meanOf([1, 2, 6]), { patients: ['a', 'b', 'c'] });
  expect(value).toBe(3);
});

test('the interval of a mean has about the width that theory says', () => {
  // 400 independent values of a fair coin: standard error 0.5/√400 = 0.025, so 95 % is ± 0.049
  const values = Array.from({ length: 400 }, (_, i) => i % 2);
  const { lower, upper } = patientBootstrap(meanOf(values), {
    patients: values.map((_, i) => `p${i}`),
    replicates: 2000,
  });
  expect(upper - lower).toBeGreaterThan(0.085);
  expect(upper - lower).toBeLessThan(0.111);
});

test('films of one patient stay together: twice the films of the same patients do not narrow the interval', () => {
  const values = Array.from({ length: 100 }, (_, i) => i % 2);
  const patients = values.map((_, i) => `p${i}`);
  const once = patientBootstrap(meanOf(values), { patients });
  const twice = patientBootstrap(meanOf([...values, ...values]), { patients: [...patients, ...patients] });
  expect(twice).toEqual(once);
});

test('the same seed gives the same interval', () => {
  const options = { patients: ['a', 'b', 'c', 'd'], seed: 7 };
  expect(patientBootstrap(meanOf([1, 2, 3, 4]), options)).toEqual(patientBootstrap(meanOf([1, 2, 3, 4]), options));
});
