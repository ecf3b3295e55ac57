// A figure with its 95 % interval; null where too few cases support it.

export interface IntervalEstimate {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** How many cases it stands on. */
  readonly n: number;
}
