// Consecutive films of one person in a labelled data set, with the logits of one head and whether the label stayed.
import type { FilmPair } from '#calibration/fit-repeatability.ts';
import type { ScoredFilm } from '#research/analysis/figures.ts';
import type { Question } from '#research/dataset/question.ts';
import { answeredBy } from './head-report.ts';

export interface LabelledPair extends FilmPair {
  readonly same: boolean;
  readonly before: { readonly probability: number };
  readonly now: { readonly probability: number };
}

/** In the order of the films' names, which number the visits of a person. */
export function filmPairs(question: Question, films: readonly ScoredFilm[]): LabelledPair[] {
  const answered = answeredBy(question, films).toSorted((a, b) => (a.film.film.file < b.film.film.file ? -1 : 1));
  const last = new Map<string, (typeof answered)[number]>();
  return answered.flatMap((now): LabelledPair[] => {
    const { patient, logit, positive } = now.sample;
    const before = last.get(patient);
    last.set(patient, now);
    if (before === undefined) return [];
    const probabilityOf = ({ film }: typeof now) => ({
      probability: film.heads.get(question.finding)?.probability ?? Number.NaN,
    });
    return [
      {
        patient,
        difference: logit - before.sample.logit,
        same: positive === before.sample.positive,
        before: probabilityOf(before),
        now: probabilityOf(now),
      },
    ];
  });
}
