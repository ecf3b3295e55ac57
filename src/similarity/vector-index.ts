// The port that the similarity room needs: an index of embeddings, searched inside one facility and one embedding space.
import type { EmbeddingFacets, LabelSource } from '#kernel/embedding.ts';
import type { Uuid } from '#kernel/ids.ts';

/** Vectors of different model versions are never compared: a space is one exact model file. */
export interface EmbeddingSpace {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
}

export interface SimilarityFilter {
  readonly ageYears?: { readonly from: number; readonly to: number };
  readonly sex?: string;
  readonly view?: string;
  readonly finding?: string;
  readonly labelSource?: LabelSource;
}

export type SearchMethod = 'exact' | 'hnsw';

export interface VectorQuery {
  readonly space: EmbeddingSpace;
  readonly vector: Float32Array;
  /** How many neighbours, 1 to 200. */
  readonly k: number;
  /** The person that is asked about is never their own neighbour. */
  readonly excludePatientKey?: string;
  readonly excludeStudyUid?: string;
  readonly filter?: SimilarityFilter;
  /** Absent: exact where the filter leaves few rows, else the graph index. */
  readonly method?: SearchMethod;
  /** Breadth of the graph search; absent: what the last recall audit found to be enough. */
  readonly efSearch?: number;
}

/** Codes of the findings that a person confirmed or denied; the others are unlabelled. */
export interface Confirmed {
  readonly present: readonly string[];
  readonly absent: readonly string[];
}

export interface Neighbour extends EmbeddingFacets {
  readonly readingId: Uuid;
  readonly studyUid: string;
  readonly patientKey: string;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
  /** Absent: no alert about it was answered. */
  readonly confirmed?: Confirmed;
}

export interface VectorAnswer {
  readonly method: SearchMethod;
  /** Most similar first. */
  readonly neighbours: readonly Neighbour[];
}

export interface StoredVector extends EmbeddingFacets {
  readonly readingId: Uuid;
  readonly studyUid: string;
  readonly patientKey: string;
  readonly vector: Float32Array;
}

/** Recall of the graph index against the exact scan for one filter, measured, never assumed. */
export interface RecallFigure {
  /** Names the filter, for example `all` or `sex=F`. */
  readonly filter: string;
  readonly k: number;
  readonly queries: number;
  readonly efSearch: number;
  /** Mean share of the exact neighbours that the graph found, 0 to 1. */
  readonly recall: number;
  readonly measuredAt: string;
}

/** Throws CareError `store.not-finite` or `store.wrong-dimensions` for a vector that does not fit the space. */
export interface VectorIndex {
  search(query: VectorQuery): Promise<VectorAnswer>;
  /** How many vectors the space holds. */
  size(space: EmbeddingSpace): Promise<number>;
  /** Up to `count` vectors spread evenly over the space, the same ones for the same content. */
  sample(space: EmbeddingSpace, count: number): Promise<readonly StoredVector[]>;
  /** Keeps the figures of an audit and makes its efSearch the space's default. */
  saveRecall(space: EmbeddingSpace, figures: readonly RecallFigure[]): Promise<void>;
  /** The latest figures, one per filter and k. */
  recall(space: EmbeddingSpace): Promise<readonly RecallFigure[]>;
}
