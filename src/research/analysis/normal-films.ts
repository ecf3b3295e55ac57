// The price of positive answers: how many a film without a finding gets, and how many such films become urgent, against the films with an
// urgent label that become urgent. A higher floor below which nothing is called positive lowers all three: one curve, from which a site chooses.
import type { Question } from '#research/dataset/question.ts';
import { type Interval, patientBootstraps } from '#research/statistics/bootstrap.ts';
import type { ScoredFilm } from './figures.ts';

export interface CalledFilm {
  readonly patient: string;
  /** No question of the source finds anything. */
  readonly normal: boolean;
  /** A finding that is urgent or critical is there. */
  readonly labelledUrgent: boolean;
  /** Probability of each positive answer, and whether its finding is urgent or critical. */
  readonly positives: readonly { readonly probability: number; readonly urgent: boolean }[];
}

export function calledFilms(
  films: readonly ScoredFilm[],
  questions: readonly Question[],
  urgent: ReadonlySet<string>,
): CalledFilm[] {
  return films.flatMap(({ film, refused, heads }): CalledFilm[] => {
    const said = questions.map(({ finding, truth }) => ({ finding, present: truth(film) }));
    if (refused !== undefined || said.every(({ present }) => present === undefined)) return [];
    return [
      {
        patient: film.patientId,
        normal: said.every(({ present }) => present === false),
        labelledUrgent: said.some(({ finding, present }) => present === true && urgent.has(finding)),
        positives: [...heads].flatMap(([code, { probability, decision }]) =>
          decision === 'positive' ? [{ probability, urgent: urgent.has(code) }] : [],
        ),
      },
    ];
  });
}

export interface PriceRow {
  /** No finding is called positive below this chance. */
  readonly floor: number;
  readonly positivesPerNormal: Interval;
  readonly normalsUrgent: Interval;
  readonly urgentCaught: Interval;
}

/** NaN in a figure that no film answers for. */
export function priceAt(films: readonly CalledFilm[], floor: number): PriceRow {
  const kept = films.map(({ positives }) => positives.filter(({ probability }) => probability >= floor));
  const becomesUrgent = kept.map((positives) => positives.some(({ urgent }) => urgent));
  const mean = (
    weights: Float64Array,
    value: (at: number) => number,
    counts: (film: CalledFilm) => boolean,
  ): number => {
    let [sum, n] = [0, 0];
    films.forEach((film, at) => {
      if (!counts(film)) return;
      sum += weights[at]! * value(at);
      n += weights[at]!;
    });
    return sum / n;
  };
  const nothing: Interval = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  const [positivesPerNormal = nothing, normalsUrgent = nothing, urgentCaught = nothing] = patientBootstraps(
    (weights) => [
      mean(
        weights,
        (at) => kept[at]!.length,
        ({ normal }) => normal,
      ),
      mean(
        weights,
        (at) => Number(becomesUrgent[at]),
        ({ normal }) => normal,
      ),
      mean(
        weights,
        (at) => Number(becomesUrgent[at]),
        ({ labelledUrgent }) => labelledUrgent,
      ),
    ],
    { patients: films.map(({ patient }) => patient) },
  );
  return { floor, positivesPerNormal, normalsUrgent, urgentCaught };
}
