// Three answers against two truths, told honestly: a film that was left to a person, or that was refused, is counted as such, and the
// two ways of treating it (a person looks at it, nobody does) stand beside each other.
import type { Question } from '#research/dataset/question.ts';
import { type Interval, patientBootstraps, withExactEnds } from '#research/statistics/bootstrap.ts';
import type { ScoredFilm } from './figures.ts';

const ANSWERS = ['positive', 'undecided', 'negative', 'refused'] as const;
type Answer = (typeof ANSWERS)[number];
type Counts = Readonly<Record<Answer, number>>;

/** `left-out`: only decided films count. `flagged`: as if called positive. `passed`: as if called negative. */
const TREATMENTS = ['left-out', 'flagged', 'passed'] as const;

export interface OperatingView {
  readonly undecided: (typeof TREATMENTS)[number];
  /** `assessed`, or `all`: refused films are undecided ones. */
  readonly films: 'assessed' | 'all';
  readonly sensitivity: Interval;
  readonly specificity: Interval;
  readonly ppv: Interval;
  readonly npv: Interval;
}

export interface Outcomes {
  readonly withFinding: Counts;
  readonly without: Counts;
  /** That PPV and NPV are for; the films' own where none was stated. */
  readonly prevalence: number;
  readonly views: readonly OperatingView[];
}

interface Case {
  readonly patient: string;
  readonly truth: boolean;
  readonly answer: Answer;
}

function casesOf(films: readonly ScoredFilm[], { finding, truth }: Question): Case[] {
  return films.flatMap(({ film, refused, heads }): Case[] => {
    const label = truth(film);
    if (label === undefined) return [];
    const head = heads.get(finding);
    // Assessed, but the head is not for a person of this age.
    if (head === undefined && refused === undefined) return [];
    const answer = head === undefined ? 'refused' : head.decision === 'indeterminate' ? 'undecided' : head.decision;
    return [{ patient: film.patientId, truth: label, answer }];
  });
}

/** Bayes' rule. */
function predictiveValues(sensitivity: number, specificity: number, prevalence: number) {
  const [hit, alarm] = [sensitivity * prevalence, (1 - specificity) * (1 - prevalence)];
  const [clear, miss] = [specificity * (1 - prevalence), (1 - sensitivity) * prevalence];
  return { ppv: hit / (hit + alarm), npv: clear / (clear + miss) };
}

type Weighed = Record<'with' | 'without', Record<Answer, number>>;

function weigh(cases: readonly Case[], weights: Float64Array): Weighed {
  const none = () => ({ positive: 0, undecided: 0, negative: 0, refused: 0 });
  const sums: Weighed = { with: none(), without: none() };
  cases.forEach(({ truth, answer }, at) => (sums[truth ? 'with' : 'without'][answer] += weights[at]!));
  return sums;
}

function shares(row: Record<Answer, number>, treatment: OperatingView['undecided'], films: OperatingView['films']) {
  const open = row.undecided + (films === 'all' ? row.refused : 0);
  return {
    positive: row.positive + (treatment === 'flagged' ? open : 0),
    negative: row.negative + (treatment === 'passed' ? open : 0),
  };
}

function viewOf(
  sums: Weighed,
  view: Pick<OperatingView, 'undecided' | 'films'>,
  prevalence: number | undefined,
): number[] {
  const sick = shares(sums.with, view.undecided, view.films);
  const well = shares(sums.without, view.undecided, view.films);
  const sensitivity = sick.positive / (sick.positive + sick.negative);
  const specificity = well.negative / (well.positive + well.negative);
  const total = (row: Record<Answer, number>): number => ANSWERS.reduce((sum, answer) => sum + row[answer], 0);
  const own = total(sums.with) / (total(sums.with) + total(sums.without));
  const { ppv, npv } = predictiveValues(sensitivity, specificity, prevalence ?? own);
  return [sensitivity, specificity, ppv, npv];
}

export function outcomesOf(films: readonly ScoredFilm[], question: Question, prevalence?: number): Outcomes {
  const cases = casesOf(films, question);
  const kinds = TREATMENTS.flatMap((undecided) =>
    (['assessed', 'all'] as const)
      // Left out is left out, refused or not.
      .filter((which) => undecided !== 'left-out' || which === 'assessed')
      .map((which) => ({ undecided, films: which })),
  );
  const intervals = patientBootstraps(
    (weights) => {
      const sums = weigh(cases, weights);
      return kinds.flatMap((kind) => viewOf(sums, kind, prevalence));
    },
    { patients: cases.map(({ patient }) => patient) },
  );
  const nothing: Interval = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  const sums = weigh(cases, new Float64Array(cases.length).fill(1));
  const own = cases.filter(({ truth }) => truth).length / cases.length;
  /** Patients behind a sensitivity (true) or specificity (false). */
  const patientsOf = (kind: Pick<OperatingView, 'undecided' | 'films'>, truth: boolean): number => {
    const out = (answer: Answer): boolean =>
      (answer === 'undecided' && kind.undecided === 'left-out') || (answer === 'refused' && kind.films === 'assessed');
    return new Set(cases.filter((each) => each.truth === truth && !out(each.answer)).map(({ patient }) => patient))
      .size;
  };
  return {
    withFinding: sums.with,
    without: sums.without,
    prevalence: prevalence ?? own,
    views: kinds.map((kind, at) => {
      const [first = nothing, second = nothing, ppv = nothing, npv = nothing] = intervals.slice(4 * at);
      const sensitivity = withExactEnds(first, patientsOf(kind, true));
      const specificity = withExactEnds(second, patientsOf(kind, false));
      // Where no draw had a false alarm (or a miss), the worst that the bound allows is what the predictive value may fall to.
      const lowest = predictiveValues(sensitivity.lower, specificity.lower, prevalence ?? own);
      return {
        ...kind,
        sensitivity,
        specificity,
        ppv: ppv.value === 1 ? { ...ppv, lower: lowest.ppv } : ppv,
        npv: npv.value === 1 ? { ...npv, lower: lowest.npv } : npv,
      };
    }),
  };
}
