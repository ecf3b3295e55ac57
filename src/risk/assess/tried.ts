// The combinations of missing inputs that were computed, and the results they gave.

export interface Tried {
  readonly points: readonly Point[];
  readonly values: Float64Array;
  readonly categories: Float64Array;
}

/** One combination: a value per missing input, in their order. */
export type Point = readonly number[];
