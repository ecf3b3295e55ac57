// What the FHIR door needs of others: stored records to show, a risk assessment to ask for, a place for subscriptions. The store's types fit.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Condition } from '#kernel/condition.ts';
import type { Alert } from '#kernel/alert.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Measurement } from '#kernel/measurement.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { AlertQuery, AssessmentQuery, AuditQuery, FindingQuery, FindQuery, Found } from '#kernel/record-search.ts';
import type { KeyedStudy } from '#kernel/study.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';
import type { AlertEvent } from '#alerts/lifecycle/lifecycle.ts';

export interface InstanceFacts {
  readonly sopInstanceUid: string;
  readonly sopClassUid?: string;
  readonly seriesUid: string;
  readonly modality?: string;
  readonly bodyPart?: string;
  readonly instanceNumber?: number;
}

export interface StoredAlert {
  readonly alert: Alert;
  readonly events: readonly AlertEvent[];
  readonly notForClinicalUse: boolean;
  readonly supersededBy?: Uuid;
}

export interface ReadingOfStudy {
  readonly reading: Reading & { readonly supersededBy?: Uuid };
  readonly study: KeyedStudy;
}

export interface StoredAssessment {
  readonly assessment: Assessment;
  readonly alertIds: readonly Uuid[];
}

export interface FoundStudy {
  readonly study: KeyedStudy;
  readonly instances: readonly InstanceFacts[];
}

export interface AuditFacts extends Omit<AuditEntry, 'detail'> {
  readonly sequence: number;
  readonly at: string;
  readonly hash: string;
}

export interface StoredModel {
  readonly provenance: Provenance;
  readonly kind: 'reading' | 'assessment';
}

type Search<Query, Item> = (query: Query) => Promise<readonly Found<Item>[]>;
type Count<Query> = (query: Query) => Promise<number>;

export interface FhirFinder {
  readonly alerts: Search<AlertQuery, StoredAlert>;
  readonly assessments: Search<AssessmentQuery, StoredAssessment>;
  readonly readings: Search<FindQuery, ReadingOfStudy>;
  readonly findings: Search<FindingQuery, ReadingOfStudy & { readonly code: string }>;
  readonly studies: Search<FindQuery, FoundStudy>;
  readonly audit: Search<AuditQuery, AuditFacts>;
  readonly models: () => Promise<readonly Found<StoredModel>[]>;
  readonly countAlerts: Count<AlertQuery>;
  readonly countAssessments: Count<AssessmentQuery>;
  readonly countReadings: Count<FindQuery>;
  readonly countFindings: Count<FindingQuery>;
  readonly countStudies: Count<FindQuery>;
  readonly countAudit: Count<AuditQuery>;
}

/** The subset of a facility's store that this door uses. */
export interface FhirStore {
  readonly find: FhirFinder;
  readonly records: {
    get(room: string, key: string): Promise<{ readonly value: unknown; readonly updatedAt: string } | undefined>;
    put(room: string, key: string, value: unknown): Promise<void>;
    remove(room: string, key: string): Promise<void>;
    list(
      room: string,
      options: { readonly limit: number },
    ): Promise<readonly { readonly key: string; readonly value: unknown; readonly updatedAt: string }[]>;
  };
  readonly outbox: { enqueue(messages: readonly OutgoingMessage[]): Promise<void> };
  readonly audit: {
    append(entry: AuditEntry): Promise<unknown>;
  };
}

export interface AssessQuestion {
  readonly patientCode?: string;
  readonly sex?: 'male' | 'female';
  /** A day, a month or a year. */
  readonly birthDate?: string;
  readonly measurements: readonly Measurement[];
  readonly conditions: readonly Condition[];
  readonly asOf: Date;
}

export interface Assessed {
  readonly results: readonly Assessment[];
  readonly rejected: readonly {
    readonly field: string;
    readonly code: string;
    readonly reason: { readonly code: string; readonly text: Sentence };
  }[];
}

/** The risk room's answer, as records of the kind that the store keeps; nothing is stored. */
export type Assess = (question: AssessQuestion) => Promise<Assessed>;
