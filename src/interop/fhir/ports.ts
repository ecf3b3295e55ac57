// Needs of the FHIR door: stored records to show, a risk assessment to ask for, a place for subscriptions. The store's types fit.
import type { PatientQuestion } from '#risk/assess/assess-patient.ts';
import type { IncomingInstance } from '#kernel/instance.ts';
import type { AlertRecord } from '#alerts/lifecycle/alert-record.ts';
import type { AuditEntry } from '#kernel/audit-entry.ts';
import type { Assessment } from '#kernel/assessment.ts';
import type { Sentence } from '#kernel/errors.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { AlertQuery, AssessmentQuery, AuditQuery, FindingQuery, FindQuery, Found } from '#kernel/record-search.ts';
import type { KeyedStudy } from '#kernel/study.ts';
import type { OutgoingMessage } from '#kernel/outgoing-message.ts';

export type InstanceFacts = Pick<
  IncomingInstance,
  'sopInstanceUid' | 'sopClassUid' | 'seriesUid' | 'modality' | 'bodyPart' | 'instanceNumber'
>;

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
  readonly alerts: Search<AlertQuery, AlertRecord>;
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

export type AssessQuestion = Pick<PatientQuestion, 'patientCode' | 'sex' | 'birthDate' | 'measurements' | 'asOf'> &
  Required<Pick<PatientQuestion, 'conditions'>>;

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
