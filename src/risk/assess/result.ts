// The result of one equation for one person: the one type that every view (page, CDS Hooks, FHIR, HL7, HisPro) shows.
import type { Sentence } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { Category, EquationData } from '#risk/equation/schema.ts';
import type { InputValue } from '#risk/input/value.ts';
import type { Origin } from '#risk/measure/feature.ts';

export type Level = Category['level'];

export interface CategoryShown {
  readonly code: string;
  readonly level: Level;
  readonly title: Sentence;
}

export interface OutputShown {
  readonly name: string;
  readonly title: Sentence;
  /** UCUM: `1` a probability, `%` the same in percent, `{score}` points. */
  readonly unit: string;
  readonly horizonYears: number | null;
  /** Null where inputs are missing (then there may be an interval) or where this output does not hold. */
  readonly value: number | null;
  /** The range of the output over everything that the missing inputs may be. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  /** For outputs that are a code. */
  readonly label: string | null;
  /** One; several where the interval reaches into more than one; none where the publication gives none. */
  readonly categories: readonly CategoryShown[];
  /** Why there is no value. */
  readonly reasons: readonly Reason[];
  /** As it is read: `21.4 %`, `7 points`, `3.1 to 8.9 %`. */
  readonly text: Sentence;
}

export interface InputShown {
  readonly name: string;
  readonly title: Sentence;
  readonly unit: string | null;
  readonly state: 'given' | 'bounds' | 'missing' | 'stale' | 'not-a-level';
  readonly value: InputValue | null;
  readonly bounds: { readonly low: number; readonly high: number } | null;
  readonly origin: Origin | null;
}

export interface Contribution {
  /** The input, or the group of inputs that moves together. */
  readonly name: string;
  readonly title: Sentence;
  readonly inputs: readonly string[];
  /** In the output's unit; all contributions add up to value - referenceValue. */
  readonly contribution: number;
  readonly text: Sentence;
}

export interface Explanation {
  readonly output: string;
  readonly reference: Readonly<Record<string, InputValue>>;
  readonly referenceValue: number;
  readonly contributions: readonly Contribution[];
}

export interface WhatIf {
  readonly changes: readonly {
    readonly input: string;
    readonly title: Sentence;
    readonly from: InputValue;
    readonly to: InputValue;
  }[];
  readonly value: number;
  /** value - the person's own. */
  readonly difference: number;
  readonly category: CategoryShown | null;
  readonly text: Sentence;
}

export interface SettledBy {
  readonly input: string;
  readonly title: Sentence;
  readonly unit: string | null;
  /** LOINC codes under which it may be sent. */
  readonly codes: readonly string[];
  /** True: whatever its value is, the category is then known. False: of all missing inputs it would narrow the interval most. */
  readonly settles: boolean;
}

export interface RiskAge {
  readonly years: number;
  /** `below` and `above`: outside the ages of the equation, so only a bound is known. */
  readonly bound: 'exact' | 'below' | 'above';
  readonly text: Sentence;
}

export interface EquationResult {
  readonly id: Uuid;
  readonly equationId: string;
  readonly equationVersion: string;
  readonly title: Sentence;
  readonly group: EquationData['group'];
  readonly outcome: 'assessed' | 'not-assessed' | 'failed';
  readonly applicability: 'applicable' | 'not-applicable' | 'needs';
  /** Why it was not assessed; the field at fault stands in the reason's `field`. */
  readonly reasons: readonly FieldReason[];
  /** What would have to be known first. */
  readonly needs: readonly { readonly name: string; readonly title: Sentence; readonly codes: readonly string[] }[];
  /** Name of the output that is the answer. */
  readonly headline: string | null;
  readonly outputs: readonly OutputShown[];
  readonly inputs: readonly InputShown[];
  readonly explanation: Explanation | null;
  readonly whatIf: readonly WhatIf[];
  readonly settledBy: SettledBy | null;
  readonly riskAge: RiskAge | null;
  /** Assumed because no statement says otherwise. */
  readonly assumptions: readonly Sentence[];
  readonly limits: readonly Sentence[];
  readonly vietNam: { readonly fit: EquationData['vietNam']['fit']; readonly text: Sentence };
  /** Must be shown with the result. */
  readonly licenceDuty: Sentence | null;
  readonly citation: string;
  /** The result in sentences. */
  readonly words: readonly Sentence[];
  readonly provenance: Provenance;
}

export interface FieldReason extends Reason {
  readonly field: string | null;
}
