// The alert: what is told to a clinician. One record; every interface is a view of it.
import type { Sentence } from './errors.ts';
import type { Reason } from './finding.ts';
import type { Uuid } from './ids.ts';
import type { Provenance } from './provenance.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ALERT_STATUSES = [
  'new',
  'seen',
  'acknowledged',
  'overridden',
  'false-positive',
  'resolved',
  'expired',
] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** Whom and what the alert is about, in the HIS's own keys (HisPro: PATIENT_CODE, TREATMENT_CODE = MA_LK, SERE_SERV.ID = accession). */
export interface AlertSubject {
  readonly patientCode: string;
  readonly treatmentCode?: string;
  readonly accessionNumber?: string;
  readonly studyUid?: string;
}

export interface AlertEvidence {
  /** What speaks for it, for example a finding with its probability, or a risk contribution. */
  readonly code: string;
  readonly text: Sentence;
  readonly value?: number;
  readonly unit?: string;
}

export interface Alert {
  readonly id: Uuid;
  readonly facilityId: string;
  /** rule or model : subject type : subject id : sub key. The same key is the same alert; a processed one does not rise again. */
  readonly dedupKey: string;
  readonly severity: Severity;
  readonly status: AlertStatus;
  readonly subject: AlertSubject;
  /** At most 139 characters in each language (CDS Hooks). */
  readonly summary: Sentence;
  readonly detail: Sentence;
  readonly evidence: readonly AlertEvidence[];
  readonly limitations: readonly Sentence[];
  /** The reading or assessment that it comes from. */
  readonly sourceId: Uuid;
  readonly provenance: Provenance;
  readonly audience: {
    readonly loginNames: readonly string[];
    readonly departmentCodes: readonly string[];
    readonly roles: readonly string[];
  };
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Set when the policy kept it silent: still counted, never pushed. */
  readonly suppressedBecause?: Reason;
}

/** Which alerts of a facility are asked for. */
export interface AlertFilter extends Partial<AlertSubject> {
  readonly statuses?: readonly AlertStatus[];
  readonly severity?: Severity;
  readonly sourceId?: Uuid;
  readonly dedupKey?: string;
  readonly since?: string;
  /** Absent: the suppressed and the superseded are left out. */
  readonly include?: readonly ('suppressed' | 'superseded')[];
  readonly limit?: number;
}
