// The one way in for images: every door hands its bytes to this function.
import type { Films } from '#preread/intake/decoded-films.ts';
import type { InstanceVerdict } from '#kernel/acceptance.ts';
import { takeInstance } from '#preread/intake/take-instance.ts';
import type { Completeness } from '#kernel/completeness.ts';
import type { Declared } from '#preread/choose/candidate-images.ts';
import type { Pictures } from '#preread/read/film-images.ts';
import type { Store } from '#store/store.ts';

export interface From {
  readonly facilityId: string;
  /** For the audit: a login, or `dimse:AETITLE`. */
  readonly actor: string;
  /** For pictures, which have no tags. */
  readonly declared?: Declared;
  /** Fetched from an archive only to be compared with. */
  readonly fetched?: true;
  /** No other image of its study will come: it is read at once. */
  readonly isWhole?: boolean;
}

export type Take = (bytes: Buffer | undefined, from: From) => Promise<InstanceVerdict>;

export interface IntakeRooms {
  readonly films: Pick<Films, 'judge'>;
  readonly pictures: Pick<Pictures, 'identity'>;
  readonly completeness: () => Completeness;
}

export const intakeOf =
  (store: Pick<Store, 'facility' | 'blobs'>, rooms: IntakeRooms): Take =>
  async (bytes, { facilityId, actor, declared = {}, isWhole = false, fetched }) =>
    takeInstance(bytes, {
      actor,
      declared,
      ...(!isWhole && { completeness: rooms.completeness() }),
      store: await store.facility(facilityId),
      blobs: store.blobs,
      judge: rooms.films.judge,
      identify: rooms.pictures.identity,
      ...(fetched === true && { fetched }),
    });
