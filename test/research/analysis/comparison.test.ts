import { expect, test } from 'vitest';
import { type ComparedFigure, compare, notInferior } from '#research/analysis/comparison.ts';
import { subgroupsOf } from '#research/analysis/subgroups.ts';
import { compareAreas } from '#research/statistics/delong.ts';
import { type FilmSpec, filmsOf, question, questions } from './films.ts';

/** A small generator that repeats. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** Truth by turns, probabilities around it with this much noise; three films a patient. */
function drawn(n: number, noise: number, seed: number): FilmSpec[] {
  const random = chance(seed);
  return Array.from({ length: n }, (_, at) => {
    const truth = at % 2 === 0;
    const probability = 0.5 + (truth ? 0.15 : -0.15) + noise * (random() - 0.5);
    const decision = probability > 0.6 ? 'positive' : probability < 0.4 ? 'negative' : 'indeterminate';
    return { truth, probability, decision, patient: `p${Math.floor(at / 3)}`, sex: at % 4 < 2 ? 'F' : 'M' } as const;
  });
}

test('areas are compared by clustered DeLong on the films that both models answered', () => {
  const [good, poor] = [drawn(300, 0.5, 1), drawn(300, 1.2, 2)];
  const refusedOne = good.map((spec, at) => (at === 7 ? { ...spec, refused: 'preread.blank' } : spec));
  const { figures, reclassification } = compare(questions, filmsOf(refusedOne), filmsOf(poor));
  const area = figures.find(({ metric }) => metric === 'auroc');
  const kept = good.flatMap((spec, at) => (at === 7 ? [] : [{ a: spec, b: poor[at]! }]));
  const expected = compareAreas({
    a: kept.map(({ a }) => a.probability ?? 0),
    b: kept.map(({ b }) => b.probability ?? 0),
    labels: kept.map(({ a }) => a.truth),
    patients: kept.map(({ a }) => a.patient ?? ''),
  });
  expect(area).toMatchObject({ n: 299, a: expected.a, b: expected.b, lower: expected.lower, p: expected.p });
  expect(area?.p).toBeLessThan(0.001);
  expect(reclassification[0]?.total).toBeGreaterThan(0);
});

test('a model compared with itself differs in nothing', () => {
  const films = filmsOf(drawn(120, 0.8, 3));
  for (const row of compare(questions, films, films).figures)
    expect(row).toMatchObject({ difference: 0, lower: 0, upper: 0, p: 1 });
});

test('the paired bootstrap sees a difference that two separate intervals would hide', () => {
  // The same noise in both; one only shifts its undecided band.
  const films = drawn(300, 0.8, 4);
  const bolder = films.map((spec) => ({
    ...spec,
    decision:
      (spec.probability ?? 0) > 0.55
        ? ('positive' as const)
        : (spec.probability ?? 0) < 0.45
          ? ('negative' as const)
          : ('indeterminate' as const),
  }));
  const { figures } = compare(questions, filmsOf(bolder), filmsOf(films));
  const share = figures.find(({ metric }) => metric === 'indeterminate-share');
  expect(share?.upper).toBeLessThan(0);
  expect(share?.p).toBeCloseTo(2 / 1001, 12);
});

test('not inferior means that the whole interval lies within the margin, on the worse side of each metric', () => {
  const row = (metric: string, lower: number | null, upper: number | null): ComparedFigure => ({
    source: 's',
    finding: 'f',
    metric,
    a: 0,
    b: 0,
    difference: 0,
    lower,
    upper,
    p: 1,
    n: 1,
  });
  expect(notInferior(row('auroc', -0.015, 0.03), 0.02)).toBe(true);
  expect(notInferior(row('auroc', -0.025, 0.03), 0.02)).toBe(false);
  expect(notInferior(row('brier', -0.09, 0.015), 0.02)).toBe(true);
  expect(notInferior(row('brier', -0.09, 0.025), 0.02)).toBe(false);
  expect(notInferior(row('auroc', null, null), 0.02)).toBeNull();
});

test('too few films of a class give no difference, and say so', () => {
  const films = filmsOf(drawn(16, 0.5, 5));
  expect(compare(questions, films, films).figures).toEqual([
    expect.objectContaining({ metric: 'auroc', a: null, difference: null, note: expect.stringContaining('too few') }),
  ]);
});

test('a subgroup that is worse is found after Holm’s correction; a small one gets no figure', () => {
  const better = drawn(400, 0.3, 6).map((spec) => ({ ...spec, sex: 'F', patient: undefined }));
  const worse = drawn(400, 2.5, 7).map((spec) => ({ ...spec, sex: 'M', patient: undefined }));
  const strip = ({ patient: _unused, ...spec }: (typeof better)[number]): FilmSpec => spec;
  const groups = subgroupsOf(
    filmsOf([...better, ...worse, ...drawn(8, 1, 8).map((s) => ({ ...s, sex: 'O', patient: undefined }))].map(strip)),
    question,
  );
  expect(groups.map(({ group }) => group)).toEqual(['F', 'M', 'O']);
  expect(groups[0]?.auroc).toBeGreaterThan(groups[1]?.auroc ?? 1);
  expect(groups[1]?.p).toBeLessThan(0.01);
  expect(groups[2]).toMatchObject({ auroc: null, p: null, n: 8 });
});
