// Risk assessments of a person, kept as a series.
import type { Uuid } from '#kernel/ids.ts';
import type { Outcome } from '#kernel/finding.ts';
import type { Provenance } from '#kernel/provenance.ts';
import type { Told } from './alerts.ts';
import type { OutboxMessage } from './outbox.ts';

export interface Assessment {
  readonly id: Uuid;
  readonly patientId: string;
  readonly equationId: string;
  readonly outcome: Outcome;
  /** The risk as a share, where there is one. */
  readonly value?: number;
  readonly category?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly result: Readonly<Record<string, unknown>>;
  readonly provenance: Provenance;
  readonly assessedAt: string;
}

export interface Assessments {
  /** Idempotent on the id; with its alerts, silences and messages in one transaction. */
  append(
    assessments: readonly Assessment[],
    also?: { told?: readonly Told[]; outbox?: readonly OutboxMessage[]; actor?: string },
  ): Promise<void>;
  get(id: Uuid): Promise<Assessment | undefined>;
  /** Oldest first: the trend. */
  ofPatient(
    patientId: string,
    filter?: { equationId?: string; since?: string; limit?: number },
  ): Promise<readonly Assessment[]>;
}
