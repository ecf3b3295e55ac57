// Request for the risks of one person, and the answer of each equation. Every door asks and answers in these terms.
import type { PatientQuestion } from '#risk/assess/assess-patient.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { EquationResult } from '#risk/assess/result.ts';

export type RiskQuestion = Pick<PatientQuestion, 'sex' | 'birthDate' | 'measurements' | 'asOf'> &
  Required<Pick<PatientQuestion, 'patientCode' | 'conditions'>> & { readonly facilityId: string };

export type RiskItem =
  | { readonly kind: 'assessed'; readonly flag: RiskFlag; readonly from?: EquationResult }
  | {
      /** Inputs are missing: the risk lies between the two. */
      readonly kind: 'interval';
      /** The result's own words, `between 12.0 and 28.0 %`: the same at every door. */
      readonly range: Sentence;
      readonly lower: RiskFlag;
      readonly upper: RiskFlag;
      readonly from?: EquationResult;
      readonly missing: readonly Sentence[];
      /** The one input that would settle the category, where there is one. */
      readonly settledBy?: { readonly title: Sentence; readonly loinc?: string };
      /** The range reaches from the first category to the last: it says nothing about the person. */
      readonly isWholeScale?: true;
    }
  | {
      readonly kind: 'not-assessed';
      readonly equationId: string;
      readonly title: Sentence;
      readonly reasons: readonly Reason[];
      /** `person`: the equation does not hold for this person. `inputs`: values are missing. Absent: `inputs`. */
      readonly because?: 'person' | 'inputs';
      /** The result that the values would give if only age or pregnancy did not forbid it: it decides whether the refusal is told, and is never shown. */
      readonly despite?: RiskFlag;
    }
  /** A measurement that an equation wanted and could not use. */
  | { readonly kind: 'unusable'; readonly code: string; readonly reason: Reason };
