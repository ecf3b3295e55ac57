// Bytes kept outside the database, named by their SHA-256, so that the same bytes are kept once.

export interface BlobRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** Written to disk, but not kept yet: to be judged first. */
export interface StagedBlob extends BlobRef {
  read(): Promise<Buffer>;
  /** Durable under its hash from now on. */
  keep(): Promise<BlobRef>;
  /** Leaves nothing behind; after `keep` it does nothing. */
  discard(): Promise<void>;
}
