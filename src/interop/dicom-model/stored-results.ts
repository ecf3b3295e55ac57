// The DICOM objects of a reading, made once and kept: every door sends and shows the same bytes.
import type { BlobRef } from '#kernel/blob.ts';
import { z } from 'zod';
import { checkingIn } from '#kernel/finding-maps.ts';
import type { Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { ResultDeps } from './result-objects.ts';
import { resultObjects } from './result-objects.ts';

export interface ResultStore {
  readonly intake: {
    instance(sopInstanceUid: string): Promise<{ readonly format: string; readonly blob: BlobRef } | undefined>;
  };
  readonly readings: {
    ofStudy(studyUid: string): Promise<readonly Reading[]>;
    heatmap(readingId: string, findingCode: string): Promise<{ readonly blob: BlobRef } | undefined>;
  };
  readonly records: {
    get(room: string, key: string): Promise<{ readonly value: unknown } | undefined>;
    putFirst(room: string, key: string, value: unknown): Promise<boolean>;
  };
}

export interface ResultBlobs {
  get(sha256: string): Promise<Buffer>;
  put(content: Uint8Array): Promise<BlobRef>;
}

const storedResult = z.strictObject({
  kind: z.enum(['SR', 'SEG', 'SC']),
  modality: z.string(),
  sopClassUid: z.string(),
  sopInstanceUid: z.string(),
  seriesUid: z.string(),
  studyUid: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
});
export type StoredResult = z.infer<typeof storedResult>;

const RECORDS = 'dicom-results';
const recordSchema = z.strictObject({ objects: z.array(storedResult) });

export interface Results {
  /**
   * None for a reading that was not assessed, or whose film is no DICOM file; undefined while its maps are being checked, for the objects
   * are made once and never change. Throws as `resultObjects` does.
   */
  of(store: ResultStore, reading: Reading): Promise<readonly StoredResult[] | undefined>;
}

export interface ResultsDeps extends ResultDeps {
  readonly blobs: ResultBlobs;
}

/** The assessed reading that stood before this one; `ofStudy` gives the newest first. */
async function predecessorOf(store: ResultStore, { id, studyUid }: Reading): Promise<string | undefined> {
  const all = await store.readings.ofStudy(studyUid);
  const at = all.findIndex((each) => each.id === id);
  return all.slice(at + 1).find(({ outcome }) => outcome === 'assessed')?.id;
}

async function make(store: ResultStore, reading: Reading, deps: ResultsDeps): Promise<readonly StoredResult[]> {
  const [sopInstanceUid = ''] = reading.sopInstanceUids;
  const film = await store.intake.instance(sopInstanceUid);
  if (film?.format !== 'dicom') return [];
  const maps = new Map<string, Buffer>();
  for (const { code, heatmap } of reading.findings) {
    const row = heatmap?.state === 'available' ? await store.readings.heatmap(reading.id, code) : undefined;
    if (row !== undefined) maps.set(code, await deps.blobs.get(row.blob.sha256));
  }
  const predecessor = await predecessorOf(store, reading);
  const objects = await resultObjects(
    { reading, film: await deps.blobs.get(film.blob.sha256), maps, ...(predecessor !== undefined && { predecessor }) },
    deps,
  );
  const stored: StoredResult[] = [];
  for (const { bytes, ...object } of objects) stored.push({ ...object, ...(await deps.blobs.put(bytes)) });
  return stored;
}

export function openResults(deps: ResultsDeps): Results {
  // Two doors may ask at once; the second waits for what the first makes.
  const making = new Map<Uuid, Promise<readonly StoredResult[]>>();

  async function getOrMake(store: ResultStore, reading: Reading): Promise<readonly StoredResult[]> {
    const known = await store.records.get(RECORDS, reading.id);
    if (known !== undefined) return recordSchema.parse(known.value).objects;
    const objects = await make(store, reading, deps);
    await store.records.putFirst(RECORDS, reading.id, { objects });
    return objects;
  }

  return {
    async of(store, reading) {
      if (reading.outcome !== 'assessed') return [];
      if (checkingIn(reading).length > 0) return undefined;
      const key = `${reading.facilityId} ${reading.id}`;
      const begun = making.get(key) ?? getOrMake(store, reading).finally(() => making.delete(key));
      making.set(key, begun);
      return begun;
    },
  };
}
