// One head of a model as its manifest describes it, for titles and thresholds in views.
import type { Sentence } from './errors.ts';
import type { Provenance } from './provenance.ts';

/** What a model's manifest says of its heads, for titles and thresholds. */
export interface HeadFacts {
  readonly title: Sentence;
  /** Only where the calibration is the one that the result names. */
  readonly positiveFrom?: number;
  readonly negativeTo?: number;
}

export type HeadsOf = (provenance: Provenance, code: string) => HeadFacts | undefined;
