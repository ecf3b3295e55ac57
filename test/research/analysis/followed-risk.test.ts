import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareRisks, followedRisk } from '#research/analysis/followed-risk.ts';
import { decisionCurve, survivalDecisionCurve } from '#research/statistics/decision-curve.ts';
import { auroc, brier, scored } from '#research/statistics/discrimination.ts';
import { survivalCurve } from '#research/statistics/kaplan-meier.ts';
import { netReclassification, survivalReclassification } from '#research/statistics/reclassification.ts';

const person = fc.record({
  event: fc.boolean(),
  first: fc.integer({ min: 1, max: 19 }),
  second: fc.integer({ min: 1, max: 19 }),
});
const persons = fc
  .array(person, { minLength: 4, maxLength: 40 })
  .filter((rows) => rows.some(({ event }) => event) && rows.some(({ event }) => !event));

/** Everyone seen to the horizon of 10 years. */
const wholly = (rows: readonly { event: boolean; first: number; second: number }[]) => ({
  followed: { times: rows.map(({ event }) => (event ? 10 : 20)), events: rows.map(({ event }) => event) },
  outcomes: rows.map(({ event }) => event),
  first: rows.map(({ first }) => first / 20),
  second: rows.map(({ second }) => second / 20),
});

test('without censoring every measure is the one of a plain outcome', () => {
  fc.assert(
    fc.property(persons, (rows) => {
      const { followed, outcomes, first, second } = wholly(rows);
      const ones = new Float64Array(rows.length).fill(1);
      const result = followedRisk(followed, first, { horizon: 10, replicates: 2 });
      expect(result.harrell.value).toBeCloseTo(auroc(scored(first, outcomes), ones), 9);
      expect(result.uno.value).toBeCloseTo(result.harrell.value, 9);
      expect(result.brier.value).toBeCloseTo(brier(scored(first, outcomes), ones), 9);
      expect(result.observed).toBeCloseTo(outcomes.filter(Boolean).length / rows.length, 9);
      const thresholds = [0.2, 0.5];
      const plain = decisionCurve(first, outcomes, thresholds);
      survivalDecisionCurve(followed, first, { horizon: 10, thresholds }).forEach(({ netBenefit, treatAll }, at) => {
        expect(netBenefit).toBeCloseTo(plain[at]!.netBenefit, 9);
        expect(treatAll).toBeCloseTo(plain[at]!.treatAll, 9);
      });
      for (const cuts of [[], [0.3, 0.6]]) {
        const moved = netReclassification({ before: second, after: first, outcomes }, cuts);
        const seen = survivalReclassification(followed, { before: second, after: first }, { horizon: 10, cuts });
        expect(seen.total).toBeCloseTo(moved.total, 9);
      }
    }),
  );
});

test('a weight of k in a survival curve is the same person k times', () => {
  // 1 event at 2 with weight 2, 1 censored at 3, 1 event at 4: S(2) = 1 - 2/4, S(4) = 0.5 × (1 - 1/1)
  const weighted = survivalCurve({ times: [2, 3, 4], events: [true, false, true], weights: Float64Array.of(2, 1, 1) });
  expect([weighted.at(1), weighted.at(2), weighted.at(3.9), weighted.at(4)]).toEqual([1, 0.5, 0.5, 0]);
});

test('a risk compared with itself differs in nothing', () => {
  const { followed, first } = wholly([
    { event: true, first: 15, second: 3 },
    { event: false, first: 4, second: 3 },
    { event: true, first: 9, second: 3 },
    { event: false, first: 6, second: 3 },
  ]);
  const compared = compareRisks(followed, [first, first], { horizon: 10, replicates: 50 });
  for (const interval of [compared.harrell, compared.brier, compared.netReclassification])
    expect(interval.value).toBeCloseTo(0, 12);
});
