// Needs of the CDS Hooks door: stored results, a risk assessment, and a place for what was told and answered.
import type { RiskItem, RiskQuestion } from '#risk/person/risk-item.ts';
import type { TellRisks } from '#risk/person/tell.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Condition } from '#kernel/condition.ts';
import type { Language } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Acted } from '#alerts/lifecycle/lifecycle.ts';
import type { AlertPolicy } from '#alerts/policy/policy.ts';

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
  /** What visits at other doors stated under the first key: an established disease is one here too. */
  readonly diagnoses?: readonly Condition[];
}

export interface CdsHooksPorts {
  /** Stored results under any of these keys. */
  readonly picture: (facilityId: string, patientCodes: readonly string[]) => Promise<PatientPicture>;
  /** Same question, same answer: the flags' `sourceId` is derived from the inputs. Absent where no risk room is wired. */
  readonly assessRisk?: (question: RiskQuestion) => Promise<readonly RiskItem[]>;
  /** Stores what is told before it is shown. Absent where no risk room is wired. */
  readonly tell?: TellRisks;
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
