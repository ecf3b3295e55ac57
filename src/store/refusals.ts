// What was refused at the door: the reason and the hash, never the content.

export interface Refusal {
  readonly code: string;
  readonly field?: string;
  readonly reason: string;
  /** Of the refused bytes, where they were read to the end. */
  readonly sha256?: string;
  readonly at: string;
}

export interface Refusals {
  record(refusal: Omit<Refusal, 'at'>): Promise<void>;
  /** Newest first. */
  list(options?: { limit?: number }): Promise<readonly Refusal[]>;
}
