import { expect, test } from 'vitest';
import type { Decision } from '#kernel/finding.ts';
import { loadModel } from '#models/load.ts';
import { worthShowing } from '#preread/explain/heatmaps.ts';

const { manifest } = await loadModel('models/cxr-findings');

/** One result per head: its probability and decision by its code, all others negative. */
const resultsOf = (given: Readonly<Record<string, readonly [number, Decision]>>) =>
  manifest.heads.map((head, index) => {
    const [probability, decision] = given[head.code] ?? [0.001, 'negative' as const];
    return { head, index, logit: 0, probability, decision, prevalence: 0.5, inRange: true };
  });

const codes = (given: Parameters<typeof resultsOf>[0]): string[] =>
  worthShowing(resultsOf(given)).map(({ head }) => head.code);

test('a pneumothorax is explained before what is more probable and less urgent', () => {
  expect(
    codes({
      Atelectasis: [0.5, 'positive'],
      Infiltration: [0.6, 'positive'],
      Cardiomegaly: [0.4, 'positive'],
      Effusion: [0.3, 'positive'],
      Pneumothorax: [0.17, 'positive'],
    }),
  ).toEqual(['Pneumothorax', 'Effusion', 'Infiltration', 'Atelectasis']);
});

test('what is undecided fills up to two maps after the positive ones, what is negative and what has no map never', () => {
  expect(
    codes({
      Pneumothorax: [0.1, 'indeterminate'],
      Infiltration: [0.3, 'positive'],
      Effusion: [0.2, 'negative'],
      'any-abnormality': [0.9, 'positive'],
    }),
  ).toEqual(['Infiltration', 'Pneumothorax']);
});

test('undecided ones are not drawn beside enough that are positive, and no more than two alone', () => {
  expect(
    codes({ Infiltration: [0.3, 'positive'], Mass: [0.2, 'positive'], Pneumothorax: [0.1, 'indeterminate'] }),
  ).toEqual(['Mass', 'Infiltration']);
  expect(
    codes({
      Atelectasis: [0.2, 'indeterminate'],
      Effusion: [0.1, 'indeterminate'],
      Pneumothorax: [0.05, 'indeterminate'],
    }),
  ).toEqual(['Pneumothorax', 'Effusion']);
});
