// A query's filter → the SQL that keeps the rows it allows. A row without the filtered value does not match.
import type { VectorQuery } from '#similarity/vector-index.ts';

export interface Conditions {
  readonly text: string;
  /** `first`, then the filter's own. */
  readonly values: readonly unknown[];
}

export const isFiltered = (query: VectorQuery): boolean =>
  Object.values(query.filter ?? {}).some((value) => value !== undefined);

/** `all`: of the space; `graph`: those that the graph index holds; `tail`: those that it does not hold yet. */
export type Part = 'all' | 'graph' | 'tail';

const PART: Readonly<Record<Part, readonly string[]>> = {
  all: ['current'],
  graph: ['current', 'in_graph'],
  tail: ['current', 'not in_graph'],
};

/** `first` are the parameters that the statement around it has already taken. */
export function conditionsOf(query: VectorQuery, part: Part, first: readonly unknown[]): Conditions {
  const values = [...first];
  const parts = [...PART[part]];
  const add = (condition: (place: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(condition(`$${values.length}`));
  };
  const { filter = {} } = query;
  add((place) => `patient_key <> ${place}`, query.excludePatientKey);
  add((place) => `study_uid <> ${place}`, query.excludeStudyUid);
  add((place) => `age_years >= ${place}`, filter.ageYears?.from);
  add((place) => `age_years <= ${place}`, filter.ageYears?.to);
  add((place) => `sex = ${place}`, filter.sex);
  add((place) => `view = ${place}`, filter.view);
  add((place) => `findings @> array[${place}]::text[]`, filter.finding);
  add((place) => `label_source = ${place}`, filter.labelSource);
  return { text: parts.join(' and '), values };
}
