// Bytes by their own hash: what was sent is kept as it was sent, once.

export interface BlobRef {
  readonly sha256: string;
  readonly bytes: number;
}

export interface PutOptions {
  /** Throws CareError `store.too-large` past this, and keeps nothing. */
  readonly maximumBytes?: number;
  readonly signal?: AbortSignal;
}

/** When `put` resolves, the bytes are durable: a row that names them may be committed. */
export interface BlobStore {
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<BlobRef>;
  /** The whole content, its hash checked. Throws CareError `store.blob-missing` or `store.blob-damaged`. */
  get(sha256: string): Promise<Buffer>;
  /** A path that can be read as a stream (not checked against the hash). Throws CareError `store.blob-missing`. */
  stream(sha256: string): AsyncIterable<Uint8Array>;
  has(sha256: string): Promise<boolean>;
}
