// The whole report as one page that needs nothing else: no script, no font, no address. Plots are SVG inside it.
import type { Language } from '#kernel/errors.ts';
import { say } from '#messages/say.ts';
import type { Analysis } from '#research/analysis/analysis.ts';
import type { Outcomes } from '#research/analysis/outcomes.ts';
import type { Subgroup } from '#research/analysis/subgroups.ts';
import type { Evaluation } from './evaluation.ts';
import { PLOT_KINDS, plotSvg } from './plots.ts';
import { digits, summaryOf, withInterval } from './summary.ts';
import { escapeXml } from './svg.ts';
import { runFacts, runSentences, summaryHeadings } from './tables.ts';

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:1240px;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:.6rem 0 1.2rem;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid #ddd;padding:.25rem .45rem;text-align:right;white-space:nowrap}
th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}
.facts td:first-child{white-space:nowrap}.facts td+td{white-space:normal;text-align:left;overflow-wrap:anywhere}
.plots{display:flex;flex-wrap:wrap;gap:.5rem}.wide{overflow-x:auto}
details{border:1px solid #ddd;border-radius:6px;margin:.6rem 0;padding:.4rem .9rem}summary{cursor:pointer;font-weight:600}
.answers td:first-child{white-space:normal;max-width:22rem}.note{color:#555}@media print{details{break-inside:avoid}details::details-content{content-visibility:visible;block-size:auto}}`;

const table = (headings: readonly string[], rows: readonly (readonly string[])[], name = ''): string =>
  `<div class="wide"><table class="${name}">${
    headings.length === 0
      ? ''
      : `<thead><tr>${headings.map((cell) => `<th scope="col">${escapeXml(cell)}</th>`).join('')}</tr></thead>`
  }<tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`).join('')}</tbody></table></div>`;

type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

function outcomesHtml({ withFinding, without, prevalence, views }: Outcomes, words: Words): string {
  const counts = [
    ['with', withFinding],
    ['without', without],
  ] as const;
  const answers = ['positive', 'undecided', 'negative', 'refused'] as const;
  const percent = `${(100 * prevalence).toFixed(1)} %`;
  return [
    `<h4>${escapeXml(words('outcomes'))}</h4>`,
    table(
      ['', ...answers.map((answer) => words(answer))],
      counts.map(([name, row]) => [words(name), ...answers.map((answer) => String(row[answer]))]),
    ),
    table(
      ['', words('sensitivity'), words('specificity'), 'PPV', 'NPV'],
      views.map(({ undecided, films, sensitivity, specificity, ppv, npv }) => [
        words(undecided) + (films === 'all' ? words('all') : ''),
        ...[sensitivity, specificity, ppv, npv].map(withInterval),
      ]),
      'answers',
    ),
    `<p class="note">${escapeXml(words('prevalence', { prevalence: percent }))}</p>`,
  ].join('');
}

function subgroupsHtml(groups: readonly Subgroup[], words: Words): string {
  if (groups.length === 0) return '';
  const rows = groups.map(({ by, group, n, positives, auroc, lower, upper, p }) => [
    words(`by.${by}`),
    group,
    `${positives} / ${n}`,
    withInterval({ value: auroc, lower, upper }),
    digits(p),
  ]);
  const headings = ['', words('group'), words('positives'), 'AUROC', words('corrected')];
  return `<h4>${escapeXml(words('subgroups'))}</h4>${table(headings, rows)}`;
}

/** So many are open at once; a longer list is opened one by one, and all of them in print. */
const OPEN = 3;

function analysisHtml(analysis: Analysis, model: string, language: Language, isOpen: boolean): string {
  const words: Words = (key, values) => say(language, `report.${key}`, values);
  const { source, finding, n, positives, reliability, hosmerLemeshow } = analysis;
  return [
    `<details${isOpen ? ' open' : ''}><summary>${escapeXml(`${source}: ${finding} (${positives} / ${n})`)}</summary>`,
    `<div class="plots">${PLOT_KINDS.map((kind) => plotSvg(kind, [{ label: model, analysis }], language)).join('')}</div>`,
    `<h4>${escapeXml(words('calibration'))}</h4>`,
    table(
      [words('slope'), words('intercept'), words('observed-expected'), 'Hosmer–Lemeshow'],
      [
        [
          withInterval(reliability.slope),
          withInterval(reliability.intercept),
          withInterval(reliability.observedOverExpected),
          `χ² ${digits(hosmerLemeshow.chiSquared, 1)}, df ${hosmerLemeshow.degreesOfFreedom}, p ${hosmerLemeshow.p < 0.001 ? '< 0.001' : digits(hosmerLemeshow.p)}`,
        ],
      ],
    ),
    outcomesHtml(analysis.outcomes, words),
    subgroupsHtml(analysis.subgroups, words),
    '</details>',
  ].join('');
}

const list = (heading: string, lines: readonly string[]): string =>
  lines.length === 0
    ? ''
    : `<h2>${escapeXml(heading)}</h2><ul>${lines.map((text) => `<li>${escapeXml(text)}</li>`).join('')}</ul>`;

export function html(evaluation: Evaluation, language: Language): string {
  const words: Words = (key, values) => say(language, `report.${key}`, values);
  const title = words('title', { model: evaluation.model, dataset: evaluation.about.title });
  const summary = summaryOf(evaluation.figures).map(({ source, finding, n, positives, metrics }) => [
    source,
    finding,
    `${positives} / ${n}`,
    ...[metrics.auroc, metrics.auprc, metrics.sensitivity, metrics.specificity, metrics['indeterminate-share']].map(
      withInterval,
    ),
    digits(metrics.ece?.value),
  ]);
  const refusals = Object.entries(evaluation.refusals).map(([reason, films]) => [reason, String(films)]);
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeXml(title)}</h1>`,
    ...runSentences(evaluation, language).map((text) => `<p>${escapeXml(text)}</p>`),
    `<h2>${escapeXml(words('run'))}</h2>`,
    table([], runFacts(evaluation, language), 'facts'),
    `<h2>${escapeXml(words('figures'))}</h2>`,
    table(summaryHeadings(language), summary),
    ...evaluation.analyses.map((analysis) =>
      analysisHtml(analysis, evaluation.model, language, evaluation.analyses.length <= OPEN),
    ),
    refusals.length === 0
      ? ''
      : `<h2>${escapeXml(words('refusals'))}</h2>${table([words('reason'), words('films')], refusals)}`,
    list(words('faults'), evaluation.faults),
    list(words('limits'), evaluation.about.limits),
    '</body></html>\n',
  ].join('\n');
}
