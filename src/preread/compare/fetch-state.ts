// The stored state of fetching a study's priors.
import { z } from 'zod';

export const PRIORS_ROOM = 'dicom-priors';
export const openKey = (studyUid: string): string => `open/${studyUid}`;
export const doneKey = (studyUid: string): string => `done/${studyUid}`;

export const FETCH_STATES = ['off', 'waiting', 'done', 'failed'] as const;

export interface FetchState {
  /** `off`: no archive is asked. `failed`: an archive did not answer after all tries. */
  readonly state: (typeof FETCH_STATES)[number];
  /** Ids of the archives that did not answer at the last try. */
  readonly failed: readonly string[];
}

export interface FetchRecords {
  readonly records: { get(room: string, key: string): Promise<{ readonly value: unknown } | undefined> };
}

const failedSchema = z.object({ failed: z.array(z.string()).default([]) });

export async function fetchState(studyUid: string, { records }: FetchRecords): Promise<FetchState> {
  const failedIn = (value: unknown): readonly string[] => failedSchema.safeParse(value).data?.failed ?? [];
  const done = await records.get(PRIORS_ROOM, doneKey(studyUid));
  if (done !== undefined) {
    const failed = failedIn(done.value);
    return { state: failed.length > 0 ? 'failed' : 'done', failed };
  }
  return { state: 'waiting', failed: failedIn((await records.get(PRIORS_ROOM, openKey(studyUid)))?.value) };
}
