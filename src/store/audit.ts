// Who did what: an append-only chain, each entry holding the hash of the one before, so that an edit shows.

export interface AuditEntry {
  /** A login name, a device, or `system`. */
  readonly actor: string;
  /** For example `instance.accepted`, `alert.acknowledged`, `study.opened`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Plain JSON without names of persons. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface AuditRecord extends AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface AuditFault {
  /** Sequence of the entry, or 0 for a fault that lies in no entry. */
  readonly sequence: number;
  readonly kind: 'edited' | 'missing' | 'broken-link' | 'head-differs' | 'record-differs';
  /** For `record-differs`: which stored record no longer is what was committed. */
  readonly subject?: string;
}

export interface AuditVerdict {
  readonly intact: boolean;
  readonly entries: number;
  /** Hash of the last entry; kept elsewhere, it proves later that nothing was cut off. */
  readonly head: string;
  readonly faults: readonly AuditFault[];
}

export interface Audit {
  append(entry: AuditEntry): Promise<AuditRecord>;
  list(filter?: {
    subjectType?: string;
    subjectId?: string;
    afterSequence?: number;
    limit?: number;
  }): Promise<readonly AuditRecord[]>;
  /** Walks the whole chain and compares each committed reading with its entry. `expectedHead`: a head that was kept elsewhere. */
  verify(options?: { expectedHead?: string }): Promise<AuditVerdict>;
}
