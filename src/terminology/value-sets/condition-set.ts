// The shape of a list of diagnosis codes: each list is data, with the definition that it follows, so that a reader can check it line by line.

export interface ConditionCodes {
  /** WHO's edition as in Vietnamese records, and ICD-10-CM: each stands for itself and all codes below it. */
  readonly icd10: readonly string[];
  /** Codes below the above that do not count. */
  readonly icd10Except?: readonly string[];
  /** Concept identifiers; without a terminology server the descendants are listed. */
  readonly snomed: readonly string[];
  readonly icpc2?: readonly string[];
}

/**
 * `who-2019`: WHO's ICD-10 of 2019, block by block. `quan-2005`: the lists of Charlson and Elixhauser. `ecqm`: the value sets of the American quality
 * measures. `.ci/steps/48-code-lists` compares with each; an empty list means that there is no second source.
 */
type SecondSource = 'who-2019' | 'quan-2005' | 'ecqm';

export interface ConditionSet extends ConditionCodes {
  /** As equations name it in their premises and inputs. */
  readonly concept: string;
  /** The definition that the list follows. */
  readonly source: string;
  /** Of ICPC-2 no second source was found for any list. */
  readonly second: Readonly<Record<'icd10' | 'snomed', readonly SecondSource[]>>;
  /**
   * Whether a diagnosis that is over still states it: who had a heart attack has an established disease for life,
   * who was pregnant is not.
   */
  readonly lasting: boolean;
  /** Of one that does not last: after so many days from its onset, or from when it was recorded, it is over by itself. */
  readonly lastsDays?: number;
  /** Those of its codes that state its end, such as a delivery: from their date on it lasts only so many days more. */
  readonly ending?: ConditionCodes & { readonly lastsDays: number };
}
