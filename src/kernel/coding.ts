// A code with the system that gives it its meaning: the same letters mean another thing elsewhere, so the two are never parted.

export interface Coding {
  /** As sent: an address, an OID or a short name. Empty: the sender named none. */
  readonly system: string;
  readonly code: string;
  /** The sender's words for it. */
  readonly text?: string;
}
