// One entry of the audit trail: who did which thing to which record. Every write, read and decision leaves one.

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

/** An entry in its place in the chain. */
export interface AuditRecord extends AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly previousHash: string;
  readonly hash: string;
}
