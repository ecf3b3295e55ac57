// The report as text that fits a screen: a line per finding with the figures that a reader asks for first.
import type { Figure } from '#research/analysis/figures.ts';
import { SUMMARY_METRICS, digits, summaryOf, withInterval } from './summary.ts';

const HEADINGS = ['source', 'finding', 'pos./n', 'AUROC [95 % interval]', 'AUPRC', 'sens.', 'spec.', 'undec.', 'ECE'];

const line = ({ source, finding, metric, value, lower, upper, n, positives, note }: Figure): string =>
  `${source.padEnd(20)} ${finding.padEnd(22)} ${metric.padEnd(20)} ${digits(value).padStart(6)} [${digits(lower)}, ${digits(upper)}]  ${positives}/${n}  ${note ?? ''}`.trimEnd();

/** Columns of equal width; the first two are words and stand to the left. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const padded = (cell: string, column: number): string =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((cells) => cells.map(padded).join('  ').trimEnd()).join('\n');
}

function mainTable(figures: readonly Figure[]): string {
  const lines = summaryOf(figures).map(({ source, finding, n, positives, metrics }) => [
    source,
    finding,
    `${positives}/${n}`,
    withInterval(metrics.auroc),
    ...SUMMARY_METRICS.slice(1).map((metric) => digits(metrics[metric]?.value)),
  ]);
  return alignedTable([HEADINGS, ...lines]);
}

export function figureTable(figures: readonly Figure[], which: 'main' | 'all'): string {
  if (which === 'all') return figures.map(line).join('\n');
  const rest = figures.filter(({ metric }) => ['refused-share', 'pointing-game'].includes(metric));
  return [mainTable(figures), '', ...rest.map(line)].join('\n');
}
