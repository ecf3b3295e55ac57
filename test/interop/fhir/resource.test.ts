import { expect, test } from 'vitest';
import { asPercent, quantity } from '#interop/fhir/resources/resource.ts';

test('a number has no more digits than a decimal of R4 is expected to hold', () => {
  expect(quantity(0.0014478328484937924, '1').value).toBe(0.00144783284849);
  expect(quantity(0.91, '1').value).toBe(0.91);
  expect(asPercent(0.214)).toBe(21.4);
});
