// What the CDS Hooks door needs of others: stored results, a risk assessment, and a place for what was told and answered.
import type { Alert } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Language, Sentence } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { AlertDecision } from '#alerts/decide/raise.ts';
import type { RiskFlag } from '#alerts/decide/decide-risk.ts';
import type { Acted } from '#alerts/lifecycle/lifecycle.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';
import type { CodedProblem } from '#interop/fhir-model/observations.ts';

export interface StudyState {
  readonly studyUid: string;
  readonly receivedAt: string;
  readonly state: 'computing' | 'assessed' | 'not-assessed' | 'failed';
  /** Why it was not assessed or failed. */
  readonly reasons: readonly Reason[];
}

/** Everything stored about a patient that a card may tell. */
export interface PatientPicture {
  /** Current alerts, the suppressed too, newest first; those replaced by others are left out. */
  readonly alerts: readonly Alert[];
  readonly studies: readonly StudyState[];
}

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

export interface CdsHooksPorts {
  /** Stored results under any of these keys. */
  readonly picture: (facilityId: string, patientCodes: readonly string[]) => Promise<PatientPicture>;
  /** Same question, same answer: the flags' `sourceId` is derived from the inputs. Absent where no risk room is wired. */
  readonly assessRisk?: (question: RiskQuestion) => Promise<readonly RiskItem[]>;
  readonly keepRisks?: (facilityId: string, patientCode: string, told: readonly RiskTold[]) => Promise<void>;
  readonly alert: (facilityId: string, id: Uuid) => Promise<Alert | undefined>;
  /** Idempotent on the event's id. */
  readonly record: (facilityId: string, acted: Acted, from: Alert['status']) => Promise<void>;
  /** Feedback on a card that is no alert of ours (informative, or unknown): kept, idempotent on the id. */
  readonly keepFeedback: (facilityId: string, id: Uuid, feedback: Readonly<Record<string, unknown>>) => Promise<void>;
}

export interface CdsHooksSettings {
  readonly clock: Clock;
  readonly policy: (facilityId: string) => Promise<AlertPolicy>;
  /** Without a trailing slash; the base of links, code systems and of the token's audience. */
  readonly publicUrl: string;
  readonly defaultLanguage: Language;
  /** FHIR servers that may be asked, by their base address. Empty: none ever is. */
  readonly fhirServers: readonly string[];
  readonly patientCodeSystems: readonly string[];
  /** For reading from FHIR servers and for computing; what takes longer is told as "still computing". */
  readonly deadlineMs: number;
  /** Origins of browser clients; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** A signed, short-lived address of the page that explains an alert. */
  readonly explanationLink?: (alert: Alert) => string;
}
