// Measures the recall of the graph index per filter against the exact scan, and raises the search width until it suffices.
import type { Clock } from '#kernel/clock.ts';
import { filterName } from './filter-name.ts';
import type {
  EmbeddingSpace,
  Neighbour,
  RecallFigure,
  SimilarityFilter,
  StoredVector,
  VectorIndex,
} from './vector-index.ts';

export interface RecallAuditOptions {
  readonly space: EmbeddingSpace;
  readonly clock: Clock;
  /** Neighbours compared per query; 10 where absent. */
  readonly k?: number;
  /** Vectors asked about; 50 where absent. */
  readonly queries?: number;
  /** Absent: no filter, and the common ones that the sample itself holds. */
  readonly filters?: readonly SimilarityFilter[];
  /** The recall that every filter must reach; 0.98 where absent. */
  readonly target?: number;
}

export interface RecallAudit {
  readonly figures: readonly RecallFigure[];
  /** False: some filter stays below the target even with the broadest search; its figure says by how much. */
  readonly reached: boolean;
}

/** Breadths tried, narrow first; pgvector allows up to 1,000. */
const BREADTHS = [40, 100, 200, 400, 1_000] as const;
/** Two vectors at the same distance are as good as each other. */
const TIE = 1e-6;

const AGE_BANDS = [
  { from: 0, to: 17 },
  { from: 18, to: 39 },
  { from: 40, to: 64 },
  { from: 65, to: 120 },
] as const;

const distinct = (values: readonly (string | undefined)[]): string[] =>
  [...new Set(values)].filter((value) => value !== undefined).sort();

/** No filter, each sex, view and age band of the sample, and its most frequent findings. */
export function commonFilters(sample: readonly StoredVector[], findings = 5): readonly SimilarityFilter[] {
  const counts = new Map<string, number>();
  for (const code of sample.flatMap((one) => one.findings)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, findings);
  return [
    {},
    ...distinct(sample.map(({ sex }) => sex)).map((sex) => ({ sex })),
    ...distinct(sample.map(({ view }) => view)).map((view) => ({ view })),
    ...AGE_BANDS.filter(({ from, to }) =>
      sample.some(({ ageYears }) => ageYears !== undefined && ageYears >= from && ageYears <= to),
    ).map((ageYears) => ({ ageYears })),
    ...frequent.map(([finding]) => ({ finding })),
  ];
}

/** Share of the exact answer that the other one holds as well, ties counted as found. Undefined where there is nothing to find. */
export function recallOf(exact: readonly Neighbour[], found: readonly Neighbour[]): number | undefined {
  const worst = exact.at(-1)?.similarity;
  if (worst === undefined) return undefined;
  const good = found.filter(({ similarity }) => similarity >= worst - TIE).length;
  return Math.min(1, good / exact.length);
}

interface Measured {
  readonly filter: string;
  readonly queries: number;
  readonly recall: number;
}

interface Question {
  readonly one: StoredVector;
  readonly filter: SimilarityFilter;
  readonly exact: readonly Neighbour[];
}

/** Answers that the graph gave up on count as what they are: misses. */
export async function auditRecall(index: VectorIndex, options: RecallAuditOptions): Promise<RecallAudit> {
  const { space, clock, k = 10, queries = 50, target = 0.98 } = options;
  const sample = await index.sample(space, queries);
  const filters = options.filters ?? commonFilters(sample);

  const ask = async (one: StoredVector, filter: SimilarityFilter, efSearch?: number): Promise<readonly Neighbour[]> => {
    const how = efSearch === undefined ? { method: 'exact' as const } : { method: 'hnsw' as const, efSearch };
    const { vector, patientKey } = one;
    return (await index.search({ space, vector, k, filter, excludePatientKey: patientKey, ...how })).neighbours;
  };

  const questions: Question[] = [];
  for (const filter of filters) {
    for (const one of sample) questions.push({ one, filter, exact: await ask(one, filter) });
  }

  async function measure(efSearch: number): Promise<readonly Measured[]> {
    const recalls = new Map<string, number[]>();
    for (const { one, filter, exact } of questions) {
      const recall = recallOf(exact, await ask(one, filter, efSearch));
      const name = filterName(filter);
      if (recall !== undefined) recalls.set(name, [...(recalls.get(name) ?? []), recall]);
    }
    return [...recalls].map(([filter, values]) => ({
      filter,
      queries: values.length,
      recall: values.reduce((sum, value) => sum + value, 0) / values.length,
    }));
  }

  for (const efSearch of BREADTHS) {
    const measured = await measure(efSearch);
    const reached = measured.every(({ recall }) => recall >= target);
    if (!reached && efSearch !== BREADTHS.at(-1)) continue;
    const measuredAt = clock.now().toISOString();
    const figures = measured.map((figure) => ({ ...figure, k, efSearch, measuredAt }));
    await index.saveRecall(space, figures);
    return { figures, reached };
  }
  throw new Error('no breadth was tried');
}
