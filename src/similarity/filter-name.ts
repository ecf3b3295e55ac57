// A filter ↔ its name, under which its recall is kept and shown.
import type { SimilarityFilter } from './vector-index.ts';

export const NO_FILTER = 'all';

/** The same filter always has the same name, for example `age=40-64,sex=F`. */
export function filterName(filter: SimilarityFilter = {}): string {
  const parts = [
    filter.ageYears === undefined ? '' : `age=${filter.ageYears.from}-${filter.ageYears.to}`,
    filter.finding === undefined ? '' : `finding=${filter.finding}`,
    filter.labelSource === undefined ? '' : `label=${filter.labelSource}`,
    filter.sex === undefined ? '' : `sex=${filter.sex}`,
    filter.view === undefined ? '' : `view=${filter.view}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? NO_FILTER : parts.join(',');
}
