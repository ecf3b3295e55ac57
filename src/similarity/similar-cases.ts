// An embedding → the most similar earlier cases of other people, with how they were found and how well that way finds.
import { filterName, NO_FILTER } from './filter-name.ts';
import type {
  EmbeddingSpace,
  Neighbour,
  RecallFigure,
  SearchMethod,
  SimilarityFilter,
  VectorIndex,
} from './vector-index.ts';

export interface SimilarCasesQuery {
  readonly space: EmbeddingSpace;
  readonly vector: Float32Array;
  /** The person and study that are asked about: never among the answers. */
  readonly patientKey: string;
  readonly studyUid: string;
  /** 1 to 50; 5 where absent. */
  readonly count?: number;
  readonly filter?: SimilarityFilter;
  /** Cosine below which a case has no more in common than a film with other findings; absent: it was not measured. */
  readonly minimum?: number;
}

export interface SimilarCases {
  /** Most similar first; none below the minimum. */
  readonly neighbours: readonly Neighbour[];
  /** How many of the `count` nearest lie below the minimum, and so are not offered. */
  readonly belowMinimum: number;
  /**
   * So alike that it is rather the same film under another patient's name: kept out of the answers and shown apart, since
   * one of the two names may be wrong.
   */
  readonly nearDuplicates: readonly Neighbour[];
  readonly method: SearchMethod;
  /** Share of the truly nearest that this method finds: 1 for the exact scan; absent where it was never measured. */
  readonly recall?: Pick<RecallFigure, 'filter' | 'recall' | 'k'> & { readonly measuredAt?: string };
}

/** Cosine above which two films are taken for the same one: re-sent, re-windowed or compressed again. */
const NEAR_DUPLICATE = 0.999;

const MOST = 200;

async function measuredRecall(
  index: VectorIndex,
  space: EmbeddingSpace,
  filter: SimilarityFilter | undefined,
): Promise<SimilarCases['recall']> {
  const figures = await index.recall(space);
  const named = (name: string): RecallFigure | undefined => figures.find((figure) => figure.filter === name);
  const figure = named(filterName(filter)) ?? named(NO_FILTER);
  return figure && { filter: figure.filter, recall: figure.recall, k: figure.k, measuredAt: figure.measuredAt };
}

/** Throws what the index throws: `store.not-finite`, `store.wrong-dimensions`. */
export async function similarCases(index: VectorIndex, query: SimilarCasesQuery): Promise<SimilarCases> {
  const { space, vector, patientKey, studyUid, count = 5, filter, minimum = -1 } = query;
  // Near-duplicates take places: ask for more, and for still more while they fill the answer.
  for (let k = count + 10; ; k = Math.min(k * 2, MOST)) {
    const answer = await index.search({
      space,
      vector,
      k,
      excludePatientKey: patientKey,
      excludeStudyUid: studyUid,
      ...(filter === undefined ? {} : { filter }),
    });
    const nearDuplicates = answer.neighbours.filter(({ similarity }) => similarity > NEAR_DUPLICATE);
    const nearest = answer.neighbours.slice(nearDuplicates.length, nearDuplicates.length + count);
    if (nearest.length < count && answer.neighbours.length === k && k < MOST) continue;
    const recall =
      answer.method === 'exact'
        ? { filter: filterName(filter), recall: 1, k: count }
        : await measuredRecall(index, space, filter);
    const neighbours = nearest.filter(({ similarity }) => similarity >= minimum);
    return {
      neighbours,
      belowMinimum: nearest.length - neighbours.length,
      nearDuplicates,
      method: answer.method,
      ...(recall === undefined ? {} : { recall }),
    };
  }
}
