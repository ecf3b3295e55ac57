// One head of a model fitted to the films of a site, with how it does on patients that the fit did not see; or why it keeps its calibration.
import { type FitPlan, type Sample, crossFitted, fitHead } from '#calibration/fit-head.ts';
import { CareError } from '#kernel/errors.ts';
import { both, say } from '#messages/say.ts';
import type { Calibration } from '#models/schema.ts';
import { FEWEST_CASES, type ScoredFilm, figures } from '#research/analysis/figures.ts';
import { type OperatingView, outcomesOf } from '#research/analysis/outcomes.ts';
import type { Dataset } from '#research/dataset/dataset.ts';
import { type Question, questionsOf } from '#research/dataset/question.ts';

type Head = Calibration['heads'][number];

export interface FitOptions {
  readonly split?: string;
  readonly method: FitPlan['method'];
  readonly errorRate: number;
  readonly sensitivity?: number;
  readonly specificity?: number;
  readonly prevalence: Readonly<Record<string, number>>;
  readonly source?: string;
}

export interface Answered {
  readonly film: ScoredFilm;
  readonly sample: Sample;
}

export function answeredBy(question: Question, films: readonly ScoredFilm[]): Answered[] {
  return films.flatMap((film): Answered[] => {
    const positive = question.truth(film.film);
    const head = film.heads.get(question.finding);
    if (positive === undefined || head === undefined) return [];
    return [{ film, sample: { logit: head.logit, positive, patient: film.film.patientId } }];
  });
}

/** Of several sources that ask for the same head, the one with the most films, unless one was named. */
export function questionFor(
  code: string,
  films: readonly ScoredFilm[],
  dataset: Dataset,
  source?: string,
): Question | undefined {
  const asked = questionsOf(dataset.data).questions.filter(
    (question) => question.finding === code && (source === undefined || question.source === source),
  );
  return asked.toSorted((a, b) => answeredBy(b, films).length - answeredBy(a, films).length)[0];
}

export interface Checked {
  readonly ece: number | null;
  readonly view: OperatingView | undefined;
}

/** The cross-fitted answers, measured as any other answers are. */
function checkOf(question: Question, answered: readonly Answered[], { prevalence, ...plan }: FitPlan): Checked {
  // At the films' own prevalence, where their calibration error means something; decisions are the same at any.
  const answers = crossFitted(
    answered.map(({ sample }) => sample),
    plan,
  );
  const films = answered.flatMap(({ film, sample }, at): ScoredFilm[] => {
    const answer = answers[at];
    if (answer === undefined) return [];
    return [{ ...film, heads: new Map([[question.finding, { logit: sample.logit, ...answer }]]) }];
  });
  const { views } = outcomesOf(films, question, prevalence);
  const ece = figures(films, { questions: [question], means: [] }).find(({ metric }) => metric === 'ece');
  return {
    ece: ece?.value ?? null,
    view: views.find(({ undecided, films: which }) => undecided === 'left-out' && which === 'assessed'),
  };
}

export interface HeadReport {
  readonly code: string;
  readonly source: string | null;
  /** Null where the head keeps its calibration. */
  readonly fitted: Head | null;
  readonly reason: string | null;
  readonly check: Checked | null;
}

export interface Fitting {
  readonly films: readonly ScoredFilm[];
  readonly dataset: Dataset;
  readonly options: FitOptions;
}

export function reportOf(code: string, { films, dataset, options }: Fitting): HeadReport {
  const kept = (source: string | null, reason: string): HeadReport => ({
    code,
    source,
    fitted: null,
    reason,
    check: null,
  });
  const question = questionFor(code, films, dataset, options.source);
  if (question === undefined) return kept(null, 'the data set does not ask for it');
  const answered = answeredBy(question, films);
  const positives = answered.filter(({ sample }) => sample.positive).length;
  const n = answered.length;
  if (positives < FEWEST_CASES || n - positives < FEWEST_CASES)
    return kept(question.source, `${positives} of ${n} films have it; ${FEWEST_CASES} of each kind are needed`);
  const { data } = dataset;
  const split = options.split ?? 'all';
  const prevalence = options.prevalence[code];
  const plan: FitPlan = {
    code,
    method: options.method,
    rates: {
      missed: options.sensitivity === undefined ? options.errorRate : 1 - options.sensitivity,
      falseAlarms: options.specificity === undefined ? options.errorRate : 1 - options.specificity,
    },
    ...(prevalence !== undefined && { prevalence }),
    fittedOn: { dataset: data.id, split },
    population: {
      population: both((language) => say(language, 'datasets.population', { dataset: data.id, split })),
      source: say('en', 'datasets.fitted-source', { dataset: data.id, positives, n }),
    },
  };
  try {
    const fitted = fitHead(
      answered.map(({ sample }) => sample),
      plan,
    );
    return { code, source: question.source, fitted, reason: null, check: checkOf(question, answered, plan) };
  } catch (error) {
    if (!(error instanceof CareError)) throw error;
    return kept(question.source, error.reason);
  }
}
