// The flat list of figures that a study reports, each with its 95 % interval: per source, never pooled over labels.
import type { IntervalEstimate } from '#kernel/interval-estimate.ts';
import type { Decision } from '#kernel/finding.ts';
import type { LabelledFilm } from '#research/dataset/film.ts';
import type { MeanQuestion, Question, Questions } from '#research/dataset/question.ts';
import { type Interval, patientBootstrap, patientShare } from '#research/statistics/bootstrap.ts';
import {
  type Metric,
  auprc,
  auroc,
  brier,
  expectedCalibrationError,
  scored,
} from '#research/statistics/discrimination.ts';

/** Below this many of either class a figure is not reported: its interval would say nothing. */
export const FEWEST_CASES = 10;

export interface Figure extends IntervalEstimate {
  readonly source: string;
  readonly finding: string;
  readonly metric: string;
  readonly positives: number;
  readonly note?: string;
}

/** What the pipeline said of one head on one film. */
export interface HeadScore {
  readonly logit: number;
  readonly probability: number;
  readonly decision: Decision;
}

export interface ScoredFilm {
  readonly film: LabelledFilm;
  /** Code of the refusal; then `heads` is empty. */
  readonly refused: string | undefined;
  readonly heads: ReadonlyMap<string, HeadScore>;
}

const THRESHOLD_FREE: readonly (readonly [string, Metric])[] = [
  ['auroc', auroc],
  ['auprc', auprc],
  ['ece', expectedCalibrationError],
  ['brier', brier],
];

interface Answered {
  readonly patients: readonly string[];
  readonly truths: readonly boolean[];
  readonly heads: readonly HeadScore[];
}

function answered(films: readonly ScoredFilm[], { finding, truth }: Question): Answered {
  const rows = films.flatMap(({ film, heads }) => {
    const label = truth(film);
    const head = heads.get(finding);
    return label === undefined || head === undefined ? [] : [{ patient: film.patientId, label, head }];
  });
  return {
    patients: rows.map(({ patient }) => patient),
    truths: rows.map(({ label }) => label),
    heads: rows.map(({ head }) => head),
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Share of the population at which a head's probabilities hold, by its code. */
export type DeclaredPrevalences = ReadonlyMap<string, number>;

/** The same films, weighed so that the finding is as common as where the probabilities hold. */
function weightsAt(prevalence: number, truths: readonly boolean[]): Float64Array {
  const share = truths.filter(Boolean).length / truths.length;
  return Float64Array.from(truths, (truth) => (truth ? prevalence / share : (1 - prevalence) / (1 - share)));
}

function figuresOf(question: Question, cases: Answered, declared: number | undefined): Figure[] {
  const n = cases.truths.length;
  const positives = cases.truths.filter(Boolean).length;
  const base = { source: question.source, finding: question.finding, n, positives };
  const tooFew = positives < FEWEST_CASES || n - positives < FEWEST_CASES;
  const note = `too few: fewer than ${FEWEST_CASES} films with or without the finding`;
  const noted = (text: string) => (tooFew ? {} : { note: text });
  const figure = (metric: string, intervalOf: () => Interval): Figure => {
    if (tooFew) return { ...base, metric, value: null, lower: null, upper: null, note };
    const { value, lower, upper } = intervalOf();
    return { ...base, metric, value: finite(value), lower: finite(lower), upper: finite(upper) };
  };
  const { patients } = cases;
  const shareOf = (metric: string, hits: readonly boolean[], counted: readonly boolean[]): Figure =>
    figure(metric, () => patientShare(hits, counted, { patients }));
  const ranked = scored(
    cases.heads.map(({ probability }) => probability),
    cases.truths,
  );
  const decisions = cases.heads.map(({ decision }) => decision);
  const everyone = cases.truths.map(() => true);
  const called = (decision: Decision): boolean[] => decisions.map((each) => each === decision);
  const decided = (truth: boolean): boolean[] =>
    cases.truths.map((each, i) => each === truth && decisions[i] !== 'indeterminate');
  const undecided = (truth: boolean): string => {
    const all = cases.truths.filter((each) => each === truth).length;
    return `of the films that were decided; ${all - decided(truth).filter(Boolean).length} of ${all} were not`;
  };
  /** Where films were chosen for their findings, their own calibration error says little of the declared population. */
  const atDeclared = (name: string, metric: Metric) => {
    if (declared === undefined || (name !== 'ece' && name !== 'brier')) return {};
    const value = metric(ranked, weightsAt(declared, cases.truths)).toFixed(3);
    return noted(`at the declared prevalence of ${Number(declared.toPrecision(3))}: ${value}`);
  };
  return [
    ...THRESHOLD_FREE.map(([name, metric]) => ({
      ...figure(name, () => patientBootstrap((weights) => metric(ranked, weights), { patients })),
      ...atDeclared(name, metric),
    })),
    // A film that was left to a person is neither a hit nor a miss: it is counted by itself (indeterminate-share, outcomes).
    { ...shareOf('sensitivity', called('positive'), decided(true)), ...noted(undecided(true)) },
    { ...shareOf('specificity', called('negative'), decided(false)), ...noted(undecided(false)) },
    // The conformal set {positive, negative} of an indeterminate film always holds the truth.
    shareOf(
      'coverage',
      cases.truths.map((truth, i) => decisions[i] !== (truth ? 'negative' : 'positive')),
      everyone,
    ),
    shareOf('indeterminate-share', called('indeterminate'), everyone),
  ];
}

/** Mean AUROC over the findings that occur at all; the interval resamples patients for all findings at once. */
function meanOfFindings(mean: MeanQuestion, films: readonly ScoredFilm[]): Figure {
  const assessed = films.filter(({ film, refused }) => refused === undefined && mean.counts(film));
  const position = new Map(assessed.map(({ film }, index) => [film.file, index]));
  const parts = mean.of.flatMap((question) => {
    const rows = assessed.flatMap(({ film, heads }) => {
      const head = heads.get(question.finding);
      const label = question.truth(film);
      return head === undefined || label === undefined ? [] : [{ at: position.get(film.file) ?? 0, label, head }];
    });
    const positives = rows.filter(({ label }) => label).length;
    if (positives === 0 || positives === rows.length) return [];
    const ranked = scored(
      rows.map(({ head }) => head.probability),
      rows.map(({ label }) => label),
    );
    return [{ finding: question.finding, positives, ranked, at: rows.map(({ at }) => at) }];
  });
  const base = {
    source: mean.source,
    finding: mean.finding,
    metric: 'auroc',
    n: assessed.length,
    positives: assessed.filter(({ film }) => mean.of.some(({ truth }) => truth(film) === true)).length,
  };
  if (parts.length === 0)
    return { ...base, value: null, lower: null, upper: null, note: 'too few films of every finding' };
  const meanArea = (weights: Float64Array): number => {
    let sum = 0;
    let defined = 0;
    for (const { ranked, at } of parts) {
      const area = auroc(
        ranked,
        Float64Array.from(at, (index) => weights[index]!),
      );
      // A resample can miss every film of a rare finding.
      if (Number.isNaN(area)) continue;
      sum += area;
      defined += 1;
    }
    return sum / defined;
  };
  const { value, lower, upper } = patientBootstrap(meanArea, { patients: assessed.map(({ film }) => film.patientId) });
  const rare = parts.filter(({ positives }) => positives < FEWEST_CASES).map(({ finding }) => finding);
  const absent = mean.of.length - parts.length;
  const notes = [
    ...(absent > 0 ? [`mean over ${parts.length} findings: ${absent} do not occur`] : []),
    ...(rare.length > 0 ? [`fewer than ${FEWEST_CASES} films with ${rare.join(', ')}`] : []),
  ];
  const note = notes.length > 0 ? { note: notes.join('; ') } : {};
  return { ...base, value: finite(value), lower: finite(lower), upper: finite(upper), ...note };
}

function refusedShares(films: readonly ScoredFilm[]): Figure[] {
  const sources = [...new Set(films.map(({ film }) => film.source))].sort();
  const rows = (source: string, of: readonly ScoredFilm[]): Figure => {
    const { value, lower, upper } = patientShare(
      of.map(({ refused }) => refused !== undefined),
      of.map(() => true),
      { patients: of.map(({ film }) => film.patientId) },
    );
    const positives = of.filter(({ refused }) => refused !== undefined).length;
    return {
      source,
      finding: 'any-abnormality',
      metric: 'refused-share',
      value,
      lower,
      upper,
      n: of.length,
      positives,
    };
  };
  return [
    ...sources.map((source) =>
      rows(
        source,
        films.filter(({ film }) => film.source === source),
      ),
    ),
    rows('all', films),
  ];
}

/** Every figure of the films; heatmap figures come from `pointing.ts`, since they need the maps. */
export function figures(
  films: readonly ScoredFilm[],
  { questions, means }: Questions,
  declared: DeclaredPrevalences = new Map(),
): Figure[] {
  return [
    ...questions
      .map((question) => ({ question, cases: answered(films, question) }))
      .filter(({ cases }) => cases.truths.length > 0)
      .flatMap(({ question, cases }) => figuresOf(question, cases, declared.get(question.finding))),
    ...means.filter(({ counts }) => films.some(({ film }) => counts(film))).map((mean) => meanOfFindings(mean, films)),
    ...refusedShares(films),
  ];
}
