// The report as text that fits a screen: a line per finding with the figures that a reader asks for first.
import type { Figure } from '#research/figures.ts';

const SHOWN = ['auroc', 'auprc', 'sensitivity', 'specificity', 'indeterminate-share', 'ece'] as const;
const HEADINGS = ['AUROC [95 % interval]', 'AUPRC', 'sens.', 'spec.', 'undec.', 'ECE'];

const text = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3);

const line = ({ source, finding, metric, value, lower, upper, n, positives, note }: Figure): string =>
  `${source.padEnd(20)} ${finding.padEnd(22)} ${metric.padEnd(20)} ${text(value).padStart(6)} [${text(lower)}, ${text(upper)}]  ${positives}/${n}  ${note ?? ''}`.trimEnd();

/** One row per source and finding. */
function mainTable(rows: readonly Figure[]): string {
  const groups = new Map<string, Figure[]>();
  for (const row of rows) {
    if (!SHOWN.some((metric) => metric === row.metric)) continue;
    const key = `${row.source}\n${row.finding}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const lines = [...groups.values()].map((group) => {
    const of = (metric: string): Figure | undefined => group.find((row) => row.metric === metric);
    const [first] = group;
    const area = of('auroc');
    return [
      first?.source ?? '',
      first?.finding ?? '',
      `${first?.positives}/${first?.n}`,
      `${text(area?.value)} [${text(area?.lower)}, ${text(area?.upper)}]`,
      ...SHOWN.slice(1).map((metric) => text(of(metric)?.value)),
    ];
  });
  const table = [['source', 'finding', 'pos./n', ...HEADINGS], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return table
    .map((cells) =>
      cells
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function figureTable(rows: readonly Figure[], which: 'main' | 'all'): string {
  if (which === 'all') return rows.map(line).join('\n');
  const rest = rows.filter(({ metric }) => ['refused-share', 'pointing-game'].includes(metric));
  return [mainTable(rows), '', ...rest.map(line)].join('\n');
}
