// The result of verifying the audit chain.

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
