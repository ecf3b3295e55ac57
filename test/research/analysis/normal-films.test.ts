import { expect, test } from 'vitest';
import { type CalledFilm, calledFilms, priceAt } from '#research/analysis/normal-films.ts';
import type { Question } from '#research/dataset/question.ts';

const film = (patient: string, parts: Partial<CalledFilm> = {}): CalledFilm => ({
  patient,
  normal: true,
  labelledUrgent: false,
  positives: [],
  ...parts,
});

test('three figures, counted by hand, at two floors', () => {
  const films = [
    // Two positive answers on four normal films, one of them urgent.
    film('a', { positives: [{ probability: 0.3, urgent: true }] }),
    film('b', { positives: [{ probability: 0.06, urgent: false }] }),
    film('c'),
    film('d'),
    film('e', { normal: false, labelledUrgent: true, positives: [{ probability: 0.2, urgent: true }] }),
    film('f', { normal: false, labelledUrgent: true, positives: [{ probability: 0.8, urgent: false }] }),
    // Neither normal nor urgent: counts nowhere.
    film('g', { normal: false, positives: [{ probability: 0.9, urgent: true }] }),
  ];
  const now = priceAt(films, 0);
  expect(now.positivesPerNormal.value).toBe(2 / 4);
  expect(now.normalsUrgent.value).toBe(1 / 4);
  expect(now.urgentCaught.value).toBe(1 / 2);
  expect(now.normalsUrgent.lower).toBeLessThan(0.25);
  expect(now.normalsUrgent.upper).toBeGreaterThan(0.25);
  const higher = priceAt(films, 0.25);
  expect([higher.positivesPerNormal.value, higher.normalsUrgent.value, higher.urgentCaught.value]).toEqual([
    0.25, 0.25, 0,
  ]);
});

test('a film is normal where every question says no, and a refused or unasked one does not count', () => {
  const labelled = (file: string, cells: Readonly<Record<string, string>>) => ({
    file,
    row: 2,
    source: 's',
    patientId: file,
    split: 'all',
    view: 'PA',
    ageYears: undefined,
    sex: '',
    device: '',
    cells,
  });
  const questions = ['Mass', 'Nodule'].map((finding): Question => {
    const truth: Question['truth'] = ({ cells }) => (cells[finding] === undefined ? undefined : cells[finding] === '1');
    return { source: 's', finding, truth };
  });
  const heads = new Map([['Mass', { logit: 0, probability: 0.5, decision: 'positive' as const }]]);
  const scored = [
    { film: labelled('normal', { Mass: '0', Nodule: '0' }), refused: undefined, heads },
    { film: labelled('half', { Mass: '0' }), refused: undefined, heads },
    { film: labelled('mass', { Mass: '1', Nodule: '0' }), refused: undefined, heads },
    { film: labelled('unasked', {}), refused: undefined, heads },
    { film: labelled('refused', { Mass: '0', Nodule: '0' }), refused: 'preread.gate', heads: new Map() },
  ];
  const called = calledFilms(scored, questions, new Set(['Mass']));
  expect(called.map(({ patient, normal, labelledUrgent }) => [patient, normal, labelledUrgent])).toEqual([
    ['normal', true, false],
    ['half', false, false],
    ['mass', false, true],
  ]);
  expect(called[0]?.positives).toEqual([{ probability: 0.5, urgent: true }]);
});
