// What is asked of the risks of one person, and what each equation answers. Every door asks and tells in these terms.
import type { CodedProblem } from '#kernel/condition.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { AlertDecision } from '#alerts/decide/raise.ts';

export interface RiskQuestion {
  readonly facilityId: string;
  readonly patientCode: string;
  readonly sex?: 'male' | 'female';
  readonly birthDate?: string;
  readonly measurements: readonly Measurement[];
  readonly problems: readonly CodedProblem[];
  readonly asOf: Date;
}

/** What the series of the patient's assessments keeps besides the flag itself. */
export interface RiskRecord {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly result: Readonly<Record<string, unknown>>;
}

export type RiskItem =
  | { readonly kind: 'assessed'; readonly flag: RiskFlag; readonly record?: RiskRecord }
  | {
      /** Inputs are missing: the risk lies between the two. */
      readonly kind: 'interval';
      readonly lower: RiskFlag;
      readonly upper: RiskFlag;
      readonly record?: RiskRecord;
      readonly missing: readonly Sentence[];
      /** The one input that would settle the category, where there is one. */
      readonly settledBy?: { readonly title: Sentence; readonly loinc?: string };
    }
  | {
      readonly kind: 'not-assessed';
      readonly equationId: string;
      readonly title: Sentence;
      readonly reasons: readonly Reason[];
    }
  /** A measurement that an equation wanted and could not use. */
  | { readonly kind: 'unusable'; readonly code: string; readonly reason: Reason };

/** What was told for one risk, to be kept before it is shown. */
export interface RiskTold {
  readonly flag: RiskFlag;
  readonly record?: RiskRecord;
  readonly decision: AlertDecision;
}
