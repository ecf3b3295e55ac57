// One row per source and finding: the table that every form of the report begins with.
import type { Figure } from '#research/analysis/figures.ts';

export const SUMMARY_METRICS = ['auroc', 'auprc', 'sensitivity', 'specificity', 'indeterminate-share', 'ece'] as const;

export interface SummaryRow {
  readonly source: string;
  readonly finding: string;
  readonly n: number;
  readonly positives: number;
  readonly metrics: Readonly<Partial<Record<(typeof SUMMARY_METRICS)[number], Figure>>>;
}

export function summaryOf(figures: readonly Figure[]): SummaryRow[] {
  const rows = new Map<string, SummaryRow & { metrics: Partial<Record<string, Figure>> }>();
  for (const figure of figures) {
    if (!SUMMARY_METRICS.some((metric) => metric === figure.metric)) continue;
    const { source, finding, n, positives } = figure;
    const key = JSON.stringify([source, finding]);
    const row = rows.get(key) ?? { source, finding, n, positives, metrics: {} };
    row.metrics[figure.metric] = figure;
    rows.set(key, row);
  }
  return [...rows.values()];
}

export const digits = (value: number | null | undefined, places = 3): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(places);

export const withInterval = (
  figure: { readonly value: number | null; readonly lower: number | null; readonly upper: number | null } | undefined,
): string =>
  figure === undefined || figure.value === null || Number.isNaN(figure.value)
    ? '–'
    : `${digits(figure.value)} [${digits(figure.lower)}, ${digits(figure.upper)}]`;
