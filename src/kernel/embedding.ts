// Data stored beside a film's vector, on which a search for similar films filters.

/** Who said that a finding is there: a confirmed label may vote, the model's own may not. */
export const LABEL_SOURCES = ['model', 'clinician', 'dataset'] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];

/** What can be filtered on, stored beside the vector. Missing stays missing: it matches no filter. */
export interface EmbeddingFacets {
  readonly ageYears?: number;
  readonly sex?: string;
  /** View position, for example `PA`. */
  readonly view?: string;
  /** Codes of the findings that are present, and who says so. */
  readonly findings: readonly string[];
  readonly labelSource: LabelSource;
}

/** The vector of a study of which a person said what is there and what is not; other findings have no label. */
export interface LabelledVector {
  readonly patient: string;
  readonly vector: Float32Array;
  readonly present: readonly string[];
  readonly absent: readonly string[];
}
