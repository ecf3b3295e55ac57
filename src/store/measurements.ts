// Measurements of a person as they were sent, each once.
import type { Measurement } from '#kernel/measurement.ts';

export interface StoredMeasurement extends Measurement {
  readonly patientId: string;
  /** Sender's key for the record that it came in, for example MA_LK. */
  readonly recordId?: string;
  /** The same key is the same measurement: a second import changes nothing. */
  readonly dedupKey: string;
}

export interface ImportedReport {
  readonly patientId: string;
  readonly recordId: string;
  readonly service: string;
  readonly text: string;
  readonly conclusion: string;
  readonly time?: string;
  readonly dedupKey: string;
}

export interface Measurements {
  /** One transaction. */
  import(rows: {
    measurements: readonly StoredMeasurement[];
    reports?: readonly ImportedReport[];
    actor: string;
  }): Promise<{ stored: number; known: number }>;
  /** Newest first. */
  ofPatient(
    patientId: string,
    filter?: { codes?: readonly string[]; since?: string; limit?: number },
  ): Promise<readonly StoredMeasurement[]>;
  reportsOfPatient(patientId: string, limit?: number): Promise<readonly ImportedReport[]>;
}
