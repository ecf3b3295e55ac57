// Small records of other rooms (a session of CheckDrug, a ward policy, a seen MSH-10) under a key: JSON in, JSON out.

export interface KeyedRecord {
  readonly key: string;
  readonly value: unknown;
  readonly updatedAt: string;
}

export interface Records {
  get(room: string, key: string): Promise<KeyedRecord | undefined>;
  put(room: string, key: string, value: unknown): Promise<void>;
  /** Writes only where nothing is there, and says whether it did: the first of two callers wins. */
  putFirst(room: string, key: string, value: unknown): Promise<boolean>;
  remove(room: string, key: string): Promise<void>;
  list(room: string, options?: { prefix?: string; limit?: number }): Promise<readonly KeyedRecord[]>;
}
