// The report's figures as CSV, Markdown and LaTeX, for a spreadsheet, a repository and a paper.
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import { FEWEST_CASES, type Figure } from '#research/analysis/figures.ts';
import type { Evaluation } from './evaluation.ts';
import { digits, summaryOf, withInterval } from './summary.ts';

const CSV_COLUMNS = ['source', 'finding', 'metric', 'value', 'lower', 'upper', 'n', 'positives', 'note'] as const;

const csvCell = (value: string | number | null | undefined): string => {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const figuresCsv = (figures: readonly Figure[]): string =>
  `${[CSV_COLUMNS.join(','), ...figures.map((row) => CSV_COLUMNS.map((column) => csvCell(row[column])).join(','))].join('\n')}\n`;

/** What the run was, as pairs of a name and a value. */
export function runFacts({ model, split, run, about }: Evaluation, language: Language): (readonly [string, string])[] {
  const words = (key: string): string => say(language, `report.${key}`);
  return [
    [words('model'), `${model} ${run.modelVersion}, ${run.precision}, ${run.provider}, SHA-256 ${run.modelSha256}`],
    [words('calibration-version'), run.calibration],
    [words('dataset'), `${run.datasetId} (${about.source}); ${words('split')} ${split}, SHA-256 ${run.splitSha256}`],
    [words('licence'), about.licence],
    ...(about.citation === null ? [] : [[words('citation'), about.citation] as const]),
    [words('films'), `${run.films} (${words('refused')}: ${run.refusedFilms})`],
    [words('patients'), String(run.patients)],
    [words('program'), `${run.program}, ${run.date}, ${digits(run.filmsPerSecond, 1)} ${words('films-per-second')}`],
  ];
}

export const runSentences = ({ run, about }: Evaluation, language: Language): string[] => [
  say(language, 'report.not-a-device'),
  say(language, 'report.interval', { replicates: run.replicates, seed: String(run.seed) }),
  say(language, 'report.too-few', { n: FEWEST_CASES }),
  say(language, 'report.of-decided'),
  say(language, 'report.documents'),
  ...(about.namesPatients ? [] : [say(language, 'report.no-patients')]),
];

const summaryCells = (figures: readonly Figure[]): string[][] =>
  summaryOf(figures).map(({ source, finding, n, positives, metrics }) => [
    source,
    finding,
    `${positives} / ${n}`,
    withInterval(metrics.auroc),
    withInterval(metrics.auprc),
    withInterval(metrics.sensitivity),
    withInterval(metrics.specificity),
    withInterval(metrics['indeterminate-share']),
    digits(metrics.ece?.value),
  ]);

export const summaryHeadings = (language: Language): string[] => [
  ...['source', 'finding', 'positives'].map((key) => say(language, `report.${key}`)),
  'AUROC',
  'AUPRC',
  ...['sensitivity', 'specificity', 'undecided'].map((key) => say(language, `report.${key}`)),
  'ECE',
];

export function markdown(evaluation: Evaluation, language: Language): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const headings = summaryHeadings(language);
  return `${[
    `# ${say(language, 'report.title', { model: evaluation.model, dataset: evaluation.about.title })}`,
    '',
    ...runSentences(evaluation, language),
    '',
    ...runFacts(evaluation, language).map(([name, value]) => `- ${name}: ${value}`),
    '',
    row(headings),
    row(headings.map((_, at) => (at < 2 ? '---' : '---:'))),
    ...summaryCells(evaluation.figures).map(row),
    ...(evaluation.about.limits.length === 0
      ? []
      : ['', `## ${say(language, 'report.limits')}`, '', ...evaluation.about.limits.map((limit) => `- ${limit}`)]),
  ].join('\n')}\n`;
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
  '−': '$-$',
};

const latexText = (text: string): string => text.replaceAll(/[\\~^–−&%$#_{}]/g, (mark) => LATEX[mark] ?? `\\${mark}`);

/** A `tabular` of booktabs, without a document around it. */
export function latex({ figures }: Evaluation, language: Language): string {
  const row = (cells: readonly string[]): string => `${cells.map(latexText).join(' & ')} \\\\`;
  return `${[
    '% needs \\usepackage{booktabs}',
    '\\begin{tabular}{llrrrrrrr}',
    '\\toprule',
    row(summaryHeadings(language)),
    '\\midrule',
    ...summaryCells(figures).map(row),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')}\n`;
}
