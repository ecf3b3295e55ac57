// Has a number moved since a report was written? For CI: the same model, data and seed must give the same figures.
import { z } from 'zod';
import type { Figure } from '#research/analysis/figures.ts';

const number = z.number().nullable();

export const checkedReport = z.object({
  figures: z.array(
    z.object({
      source: z.string(),
      finding: z.string(),
      metric: z.string(),
      value: number,
      lower: number,
      upper: number,
      n: z.number(),
      positives: z.number(),
    }),
  ),
});

export type CheckedReport = z.infer<typeof checkedReport>;

export interface Moved {
  readonly source: string;
  readonly finding: string;
  readonly metric: string;
  readonly field: string;
  readonly was: number | null;
  readonly is: number | null;
}

const FIELDS = ['value', 'lower', 'upper', 'n', 'positives'] as const;
/** Processors round the last digits of a network differently. */
const TOLERANCE = 1e-6;

const differs = (was: number | null, is: number | null, tolerance: number): boolean =>
  was === null || is === null ? was !== is : Math.abs(was - is) > tolerance;

export function movedFigures(
  before: z.infer<typeof checkedReport>['figures'],
  now: readonly Figure[],
  tolerance = TOLERANCE,
): Moved[] {
  const keyOf = (row: { source: string; finding: string; metric: string }) =>
    JSON.stringify([row.source, row.finding, row.metric]);
  const current = new Map(now.map((row) => [keyOf(row), row]));
  const known = new Set(before.map(keyOf));
  const gone = before.flatMap((row): Moved[] => {
    const { source, finding, metric } = row;
    const is = current.get(keyOf(row));
    return FIELDS.filter((field) => is === undefined || differs(row[field], is[field], tolerance)).map((field) => ({
      source,
      finding,
      metric,
      field,
      was: row[field],
      is: is === undefined ? null : is[field],
    }));
  });
  const added = now
    .filter((row) => !known.has(keyOf(row)))
    .map(({ source, finding, metric, value }) => ({ source, finding, metric, field: 'value', was: null, is: value }));
  return [...gone, ...added];
}
