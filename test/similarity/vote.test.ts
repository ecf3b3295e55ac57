import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Neighbour } from '#similarity/vector-index.ts';
import type { LabelSource } from '#kernel/embedding.ts';
import { voteOfNeighbours } from '#similarity/vote.ts';

const neighbour = (positive: boolean, labelSource: LabelSource): Neighbour => ({
  readingId: 'r',
  studyUid: 's',
  patientKey: 'p',
  similarity: 0.9,
  findings: positive ? ['Pneumothorax'] : ['Effusion'],
  labelSource,
});
const many = (count: number, positive: boolean, source: LabelSource = 'clinician'): Neighbour[] =>
  Array.from({ length: count }, () => neighbour(positive, source));
const positive = { code: 'Pneumothorax', decision: 'positive' as const };

test('one of ten confirmed neighbours against a positive model is a disagreement', () => {
  const neighbours = [...many(1, true), ...many(9, false)];
  expect(voteOfNeighbours(neighbours, positive)).toEqual({ kind: 'disagrees', confirmed: 10, positive: 1 });
  expect(voteOfNeighbours(neighbours, { ...positive, decision: 'negative' })).toMatchObject({ kind: 'agrees' });
});

test('the labels of the model itself do not vote', () => {
  expect(voteOfNeighbours(many(50, true, 'model'), positive)).toEqual({ kind: 'too-few', confirmed: 0, positive: 0 });
});

test('a clinician’s word on this finding votes, also against the label; a word on another finding does not', () => {
  const said = (present: string[], absent: string[]): Neighbour => ({
    ...neighbour(true, 'model'),
    confirmed: { present, absent },
  });
  const neighbours = [
    ...Array.from({ length: 6 }, () => said([], ['Pneumothorax'])),
    said(['Pneumothorax'], []),
    said(['Effusion'], ['Mass']),
  ];
  expect(voteOfNeighbours(neighbours, positive)).toEqual({ kind: 'disagrees', confirmed: 7, positive: 1 });
  const against: Neighbour = { ...neighbour(true, 'dataset'), confirmed: { present: [], absent: ['Pneumothorax'] } };
  expect(voteOfNeighbours([against], positive)).toMatchObject({ confirmed: 1, positive: 0 });
});

test('a divided vote and an indeterminate finding decide nothing', () => {
  expect(voteOfNeighbours([...many(5, true), ...many(5, false)], positive)).toMatchObject({ kind: 'undecided' });
  expect(voteOfNeighbours(many(9, true), { ...positive, decision: 'indeterminate' })).toMatchObject({
    kind: 'undecided',
  });
});

test('turning the decision round turns a clear vote round, whatever the neighbours', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.nat(30), (yes, no) => {
      const neighbours = [...many(yes, true, 'dataset'), ...many(no, false)];
      const a = voteOfNeighbours(neighbours, positive).kind;
      const b = voteOfNeighbours(neighbours, { ...positive, decision: 'negative' }).kind;
      const turned = { agrees: 'disagrees', disagrees: 'agrees', undecided: 'undecided', 'too-few': 'too-few' };
      expect(b).toBe(turned[a]);
    }),
  );
});
