// The store: what every other room may ask of the database and the data folder. One facility is one scope (law 10).
import type { Clock } from '#kernel/clock.ts';
import type { EmbeddingFacets, EmbeddingSpace, VectorIndex } from '#similarity/vector-index.ts';
import type { Alerts } from './alerts.ts';
import type { Assessments } from './assessments.ts';
import type { Audit } from './audit.ts';
import type { BlobStore } from './blobs.ts';
import type { Intake } from './intake.ts';
import type { Jobs } from './jobs.ts';
import type { Measurements } from './measurements.ts';
import type { FacilityOutbox, Outbox } from './outbox.ts';
import type { Readings } from './readings.ts';
import type { Records } from './records.ts';
import type { Refusals } from './refusals.ts';
import type { Worklist } from './worklist.ts';

export interface Embeddings extends VectorIndex {
  /** A human or a data set says what the study shows: its vectors vote from now on. */
  relabel(studyUid: string, label: Pick<EmbeddingFacets, 'findings' | 'labelSource'>): Promise<void>;
  spaces(): Promise<readonly (EmbeddingSpace & { readonly dimensions: number; readonly size: number })[]>;
}

/** Everything here reads and writes rows of one facility and no other. */
export interface FacilityStore {
  readonly facilityId: string;
  readonly intake: Intake;
  readonly readings: Readings;
  readonly worklist: Worklist;
  readonly alerts: Alerts;
  readonly embeddings: Embeddings;
  readonly outbox: FacilityOutbox;
  readonly audit: Audit;
  readonly refusals: Refusals;
  readonly assessments: Assessments;
  readonly measurements: Measurements;
  readonly records: Records;
}

export interface StoreOptions {
  /** Holds `postgres/` (the embedded database) and `blobs/`. */
  readonly dataDir: string;
  /** A real PostgreSQL with pgvector >= 0.8; absent: embedded. */
  readonly databaseUrl?: string;
  readonly clock: Clock;
  /** Fixed keys, never patient data. */
  readonly log?: (event: {
    readonly level: 'info' | 'warn' | 'error';
    readonly event: string;
    readonly detail?: string;
  }) => void;
}

export interface Store {
  readonly host: 'embedded' | 'postgresql';
  readonly blobs: BlobStore;
  /** Of all facilities: a worker takes what is next. */
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  /** The facility is made when it is not there yet. Throws CareError `store.bad-identifier`. */
  facility(id: string): Promise<FacilityStore>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
