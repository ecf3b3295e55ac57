import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harrellC, unoC } from '#research/statistics/concordance.ts';
import { censoringCurve } from '#research/statistics/kaplan-meier.ts';
import { areaOf } from '#research/statistics/delong.ts';
import { auroc, scored } from '#research/statistics/discrimination.ts';

const person = fc.record({
  time: fc.integer({ min: 1, max: 8 }),
  event: fc.boolean(),
  risk: fc.integer({ min: 0, max: 5 }),
  weight: fc.integer({ min: 0, max: 3 }),
});
const persons = fc.array(person, { minLength: 2, maxLength: 40 });
type Person = typeof person extends fc.Arbitrary<infer Value> ? Value : never;

const timesOf = (rows: readonly Person[]) => ({
  times: rows.map(({ time }) => time),
  events: rows.map(({ event }) => event),
});

/** Every pair, one after the other. */
function byPairs(rows: readonly Person[], weightOf: (row: Person) => number): number {
  let [right, pairs] = [0, 0];
  for (const first of rows.filter(({ event }) => event)) {
    for (const other of rows) {
      if (!(other.time > first.time || (other.time === first.time && !other.event))) continue;
      pairs += weightOf(first);
      right += weightOf(first) * (first.risk > other.risk ? 1 : first.risk === other.risk ? 0.5 : 0);
    }
  }
  return right / pairs;
}

const same = (left: number, right: number): boolean =>
  (Number.isNaN(left) && Number.isNaN(right)) || Math.abs(left - right) < 1e-9;

test('C by rank sums is C by every pair', () => {
  fc.assert(
    fc.property(persons, (rows) => {
      const followed = timesOf(rows);
      const risks = rows.map(({ risk }) => risk);
      const observed = censoringCurve(followed);
      expect(
        same(
          harrellC(followed, risks),
          byPairs(rows, () => 1),
        ),
      ).toBe(true);
      expect(
        same(
          unoC(followed, risks),
          byPairs(rows, ({ time }) => observed.at(time) ** -2),
        ),
      ).toBe(true);
    }),
  );
});

test('a weight of k is the same person k times', () => {
  fc.assert(
    fc.property(persons, (rows) => {
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const weights = Float64Array.from(rows, ({ weight }) => weight);
      const risks = rows.map(({ risk }) => risk);
      const weighted = harrellC(timesOf(rows), risks, weights);
      const plain = harrellC(
        timesOf(repeated),
        repeated.map(({ risk }) => risk),
      );
      expect(same(weighted, plain)).toBe(true);
    }),
  );
});

test('DeLong’s area is the area of the pairs', () => {
  fc.assert(
    fc.property(persons, (rows) => {
      const scores = rows.map(({ risk }) => risk);
      const labels = rows.map(({ event }) => event);
      const ones = new Float64Array(rows.length).fill(1);
      fc.pre(labels.includes(true) && labels.includes(false));
      expect(same(areaOf(scores, labels).value, auroc(scored(scores, labels), ones))).toBe(true);
    }),
  );
});
