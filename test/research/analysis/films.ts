// Scored films by arithmetic, for tests of what is made of them.
import type { Decision } from '#kernel/finding.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { Question, Questions } from '#research/dataset/question.ts';

export interface FilmSpec {
  readonly truth: boolean;
  readonly probability?: number;
  readonly decision?: Decision;
  readonly refused?: string;
  readonly patient?: string;
  readonly sex?: string;
}

export const filmsOf = (specs: readonly FilmSpec[]): ScoredFilm[] =>
  specs.map(({ truth, probability = 0.5, decision = 'indeterminate', refused, patient, sex = '' }, at) => ({
    film: {
      file: `f${String(at).padStart(4, '0')}.png`,
      row: at + 2,
      source: 's',
      patientId: patient ?? `p${at}`,
      split: 'test',
      view: '',
      ageYears: undefined,
      sex,
      device: '',
      cells: { truth: String(truth) },
    },
    refused,
    heads: new Map(refused === undefined ? [['Effusion', { logit: 0, probability, decision }]] : []),
  }));

export const question: Question = {
  source: 's',
  finding: 'Effusion',
  truth: ({ cells }) => cells['truth'] === 'true',
};

export const questions: Questions = { questions: [question], means: [] };

export const times = (count: number, spec: FilmSpec): FilmSpec[] => Array.from({ length: count }, () => spec);
