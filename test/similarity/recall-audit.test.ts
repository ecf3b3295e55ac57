import { expect, test } from 'vitest';
import { auditRecall, commonFilters, recallOf } from '#similarity/recall-audit.ts';
import { circle, memoryIndex, SPACE } from './memory-index.ts';

const clock = { now: () => new Date('2026-03-01T00:00:00.000Z') };

test('the search is broadened until every filter reaches the target, and the figure is kept', async () => {
  // Finds half at 40 and 100, nine tenths at 200, all from 400 on.
  const share = (efSearch: number): number => (efSearch < 200 ? 0.5 : efSearch < 400 ? 0.9 : 1);
  const index = memoryIndex(circle(90), share);
  const audit = await auditRecall(index, { space: SPACE, clock, queries: 5, filters: [{}] });
  const figure = { filter: 'all', k: 10, queries: 5, efSearch: 400, recall: 1, measuredAt: '2026-03-01T00:00:00.000Z' };
  expect(audit).toEqual({ reached: true, figures: [figure] });
  expect(await index.recall(SPACE)).toEqual([figure]);
  expect(await auditRecall(index, { space: SPACE, clock, queries: 5, filters: [{}], target: 0.9 })).toMatchObject({
    figures: [{ efSearch: 200, recall: 0.9 }],
  });
});

test('where no breadth is enough the figure says so', async () => {
  const audit = await auditRecall(
    memoryIndex(circle(90), () => 0.5),
    { space: SPACE, clock, queries: 3 },
  );
  expect(audit).toMatchObject({ reached: false, figures: [{ efSearch: 1_000, recall: 0.5 }] });
});

test('the common filters are those that the sample itself holds', () => {
  const sample = circle(4, (n) => ({
    sex: n === 0 ? 'F' : 'M',
    view: 'PA',
    ageYears: 20 + 40 * n,
    findings: n < 3 ? ['Effusion'] : ['Mass'],
  }));
  expect(commonFilters(sample, 1)).toEqual([
    {},
    { sex: 'F' },
    { sex: 'M' },
    { view: 'PA' },
    { ageYears: { from: 18, to: 39 } },
    { ageYears: { from: 40, to: 64 } },
    { ageYears: { from: 65, to: 120 } },
    { finding: 'Effusion' },
  ]);
});

test('a neighbour at the same distance counts as found, a farther one does not', () => {
  const neighbour = (studyUid: string, similarity: number) => ({
    readingId: studyUid,
    studyUid,
    patientKey: studyUid,
    findings: [],
    labelSource: 'model' as const,
    similarity,
  });
  const exact = [neighbour('a', 0.9), neighbour('b', 0.8)];
  expect(recallOf(exact, [neighbour('a', 0.9), neighbour('c', 0.8)])).toBe(1);
  expect(recallOf(exact, [neighbour('a', 0.9), neighbour('d', 0.7)])).toBe(0.5);
  expect(recallOf([], [])).toBeUndefined();
});
