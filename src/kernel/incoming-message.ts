// A message of another system with everything that it says, as its door hands it to the store.
import type { AuditEntry } from './audit-entry.ts';
import type { CorrectedResult, ImportedReport, StoredMeasurement } from './imported-result.ts';
import type { PatientFacts } from './study.ts';

export interface PersonNews {
  readonly person: PatientFacts & { readonly id: string };
  /** The number that is given up for the person's own. */
  readonly prior?: string;
}

/** A record that a later message of the same subject replaces, and an earlier one, which comes late, does not. */
export interface DatedRecord {
  readonly room: string;
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly asOf: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface IncomingMessage {
  /** Room of the kept answers, for example `hl7v2-message`. */
  readonly room: string;
  /** Sender and its own number of the message. */
  readonly key: string;
  readonly sha256: string;
  /** Sent now, and sent again when the message comes again. */
  readonly answers: readonly string[];
  readonly measurements: readonly StoredMeasurement[];
  readonly reports: readonly ImportedReport[];
  /** What was kept of these results before no longer holds, but what this message says itself does. */
  readonly corrected: readonly CorrectedResult[];
  readonly records: readonly DatedRecord[];
  /** Of persons who are known already; absent: nothing is corrected. */
  readonly news?: readonly PersonNews[];
  readonly audit: AuditEntry;
}

export type TakenMessage =
  | { readonly status: 'stored' | 'known'; readonly answers: readonly string[] }
  /** The same number with other content. */
  | { readonly status: 'conflict' };
