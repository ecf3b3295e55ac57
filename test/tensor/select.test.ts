import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nthSmallest } from '#tensor/select.ts';

test('the value of a rank is the one that a sort would put there, whatever the ties', () => {
  const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(values, fc.nat(), (numbers, pick) => {
      const place = pick % numbers.length;
      const sorted = numbers.toSorted((a, b) => a - b);
      expect(nthSmallest(Float32Array.from(numbers), place)).toBe(sorted[place]);
    }),
  );
});
