// A stored reading computed again with the model that serves here: by its own id, or a study's current one by the study's UID.
import { replayReading, type ReplayDeps } from '#preread/replay/replay.ts';
import type { Replayed } from '#preread/replay/schema.ts';
import { specFor } from '#preread/read/prepare.ts';
import type { Pictures } from '#preread/read/film-images.ts';
import { storeErrors } from '#store/errors.ts';
import type { FacilityStore, Store } from '#store/store.ts';
import type { Here } from './context.ts';

const DEADLINE_MS = 60_000;

type Readings = Pick<FacilityStore, 'readings'>;

/** Throws CareError `store.not-found`. */
export async function readingNamed({ readings }: Readings, id: string) {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  const found = isUuid
    ? await readings.get(id as Parameters<typeof readings.get>[0])
    : await readings.currentOfStudy(id);
  if (found === undefined) throw storeErrors.error('not-found', { field: 'id' });
  return found;
}

export type Replay = (facilityId: string, id: string) => Promise<Replayed>;

export interface ReplayRooms extends Pick<ReplayDeps, 'model' | 'engine'> {
  readonly store: Pick<Store, 'facility' | 'blobs'>;
  readonly pictures: Pick<Pictures, 'prepare'>;
}

/** The answer throws CareError `store.not-found`. */
export function replayIn(rooms: ReplayRooms, { clock, policy }: Pick<Here, 'clock' | 'policy'>): Replay {
  const { store, model, engine, pictures } = rooms;
  const spec = specFor(model.manifest);
  return async (facilityId, id) => {
    const facility = await store.facility(facilityId);
    const reading = await readingNamed(facility, id);
    const study = await facility.intake.study(reading.studyUid);
    return replayReading(reading, study, {
      model,
      engine,
      clock,
      facilityId,
      blobs: store.blobs,
      policyVersion: study?.fetchedAt === undefined ? policy.version : 'fetched',
      deadlineMs: DEADLINE_MS,
      open: async (image) => pictures.prepare(await image.load(), spec),
    });
  };
}
