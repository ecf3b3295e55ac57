// Counts of a facility's work in a span of days, without data of persons, for reports over several facilities.

export interface FacilityTotals {
  readonly studies: {
    readonly received: number;
    /** Their latest reading, by its outcome; what has none is still waited for. */
    readonly assessed: number;
    readonly notAssessed: number;
    readonly failed: number;
  };
  /** Minutes from the first image to the first reading, over `n` studies; absent where there are none. */
  readonly turnaround: { readonly n: number; readonly medianMinutes?: number; readonly p90Minutes?: number };
  readonly alerts: {
    readonly raised: number;
    readonly answered: number;
    readonly overridden: number;
    /** Never pushed: the ward's policy held them back. */
    readonly suppressed: number;
    /** Raised, by severity. */
    readonly bySeverity: Readonly<Record<string, number>>;
  };
}
