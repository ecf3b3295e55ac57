// Restores the results of a person's stored assessments as they were told then.
import type { z } from 'zod';
import type { Assessment } from '#kernel/assessment.ts';
import { keptAnswer } from '#risk/schema.ts';

type KeptResult = z.infer<typeof keptAnswer>['assessments'][number];

const storedResult = keptAnswer.shape.assessments.unwrap().element.shape.result;

/** What an older version kept in another shape stays in the series, and is not here. */
export function keptResults(kept: readonly Assessment[], which: 'latest' | 'all'): readonly KeptResult[] {
  const newestFirst = kept.toSorted((a, b) => b.assessedAt.localeCompare(a.assessedAt));
  const read = newestFirst.flatMap(({ assessedAt, result }): KeptResult[] => {
    const stored = storedResult.safeParse(result);
    return stored.success ? [{ assessedAt, result: stored.data }] : [];
  });
  if (which === 'all') return read;
  const seen = new Set<string>();
  return read.filter(({ result: { equationId } }) => !seen.has(equationId) && seen.add(equationId));
}
