// The database against the files: every file that a row names is there and has its hash.
import type { BlobStore } from '#store/blobs/blobs.ts';
import type { Database } from '#store/host/database.ts';

export interface Verified {
  /** Files that rows name. */
  readonly blobs: number;
  readonly missing: readonly string[];
  readonly damaged: readonly string[];
}

const NAMED = `select sha256 from instance union select sha256 from instance_version
  union select sha256 from heatmap union select sha256 from rejection_note order by sha256`;

export async function verifyBlobs(
  database: Pick<Database, 'query'>,
  blobs: Pick<BlobStore, 'check'>,
): Promise<Verified> {
  const named = await database.query<{ sha256: string }>(NAMED);
  const missing: string[] = [];
  const damaged: string[] = [];
  for (const { sha256 } of named) {
    const state = await blobs.check(sha256);
    if (state === 'missing') missing.push(sha256);
    else if (state === 'damaged') damaged.push(sha256);
  }
  return { blobs: named.length, missing, damaged };
}
