import { expect, test } from 'vitest';
import { figures } from '#research/analysis/figures.ts';
import { outcomesOf } from '#research/analysis/outcomes.ts';
import { filmsOf, question, questions, times } from './films.ts';

// 20 with the finding: 12 called, 6 undecided, 1 missed, 1 refused. 40 without: 4 false alarms, 10 undecided, 24 cleared, 2 refused.
const films = filmsOf([
  ...times(12, { truth: true, decision: 'positive' }),
  ...times(6, { truth: true }),
  ...times(1, { truth: true, decision: 'negative' }),
  ...times(1, { truth: true, refused: 'preread.blank' }),
  ...times(4, { truth: false, decision: 'positive' }),
  ...times(10, { truth: false }),
  ...times(24, { truth: false, decision: 'negative' }),
  ...times(2, { truth: false, refused: 'preread.blank' }),
]);

test('every answer is counted once, against each truth', () => {
  const { withFinding, without } = outcomesOf(films, question);
  expect(withFinding).toEqual({ positive: 12, undecided: 6, negative: 1, refused: 1 });
  expect(without).toEqual({ positive: 4, undecided: 10, negative: 24, refused: 2 });
});

test('an undecided film is left out, or flagged, or passed, on both sides alike', () => {
  const { views } = outcomesOf(films, question);
  const of = (undecided: string, which: string) => {
    const view = views.find((each) => each.undecided === undecided && each.films === which);
    return [view?.sensitivity.value, view?.specificity.value];
  };
  expect(of('left-out', 'assessed')).toEqual([12 / 13, 24 / 28]);
  expect(of('flagged', 'assessed')).toEqual([18 / 19, 24 / 38]);
  expect(of('passed', 'assessed')).toEqual([12 / 19, 34 / 38]);
  expect(of('flagged', 'all')).toEqual([19 / 20, 24 / 40]);
  expect(of('passed', 'all')).toEqual([12 / 20, 36 / 40]);
  expect(views).toHaveLength(5);
});

test('predictive values are those of the prevalence that was stated', () => {
  const { views, prevalence } = outcomesOf(films, question, 0.05);
  // Bayes: 0.05 × 18/19 of them are true, 0.95 × 14/38 false.
  const flagged = views.find(({ undecided, films: which }) => undecided === 'flagged' && which === 'assessed');
  const [hit, alarm] = [0.05 * (18 / 19), 0.95 * (14 / 38)];
  expect(prevalence).toBe(0.05);
  expect(flagged?.ppv.value).toBeCloseTo(hit / (hit + alarm), 12);
});

test('sensitivity and specificity of the figures are of decided films, and say how many were not', () => {
  const rows = figures(films, questions);
  const sensitivity = rows.find(({ metric }) => metric === 'sensitivity');
  expect(sensitivity?.value).toBeCloseTo(12 / 13, 12);
  expect(sensitivity?.note).toBe('of the films that were decided; 6 of 19 were not');
  expect(rows.find(({ metric }) => metric === 'indeterminate-share')?.value).toBeCloseTo(16 / 57, 12);
});

test('a share of 1 has the exact lower bound of its patients, not a point for an interval', () => {
  const perfect = filmsOf([
    ...times(15, { truth: true, decision: 'positive', probability: 0.9 }),
    ...times(15, { truth: false, decision: 'negative', probability: 0.1 }),
  ]);
  const { views } = outcomesOf(perfect, question);
  // Clopper and Pearson: 0.025^(1/15)
  expect(views[0]?.sensitivity).toEqual({ value: 1, lower: 0.025 ** (1 / 15), upper: 1 });
  expect(views[0]?.ppv.lower).toBeLessThan(1);
  const rows = figures(perfect, questions);
  expect(rows.find(({ metric }) => metric === 'refused-share')).toMatchObject({
    value: 0,
    upper: 1 - 0.025 ** (1 / 30),
  });
});

test('the calibration error is also given where the probabilities hold', () => {
  // 20 with and 20 without the finding, each with probability 0.1. As they are: |0.1 - 0.5| = 0.4; where one in ten has it: |0.1 - 0.1| = 0.
  const chosen = filmsOf([
    ...times(20, { truth: true, probability: 0.1 }),
    ...times(20, { truth: false, probability: 0.1 }),
  ]);
  const ece = figures(chosen, questions, new Map([['Effusion', 0.1]])).find(({ metric }) => metric === 'ece');
  expect(ece?.value).toBeCloseTo(0.4, 9);
  expect(ece?.note).toBe('at the declared prevalence of 0.1: 0.000');
});
