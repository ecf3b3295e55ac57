// One risk of one person at one time, as it is kept and shown.
import type { Outcome } from './finding.ts';
import type { Uuid } from './ids.ts';
import type { Provenance } from './provenance.ts';

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
