// A refusal at a door: reason and hash of the bytes, never the content.

export interface Refusal {
  readonly code: string;
  readonly field?: string;
  readonly reason: string;
  /** Of the refused bytes, where they were read to the end. */
  readonly sha256?: string;
  readonly at: string;
}

export interface RefusalLog {
  record(refusal: Omit<Refusal, 'at'>): Promise<void>;
}
