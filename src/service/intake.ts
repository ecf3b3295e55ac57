// The one way in for images: every door hands its bytes to this function.
import type { Films } from '#preread/intake/decoded-films.ts';
import { type InstanceVerdict, takeInstance } from '#preread/intake/take-instance.ts';
import type { Declared } from '#preread/choose/candidate-images.ts';
import type { Pictures } from '#preread/read/film-images.ts';
import type { Store } from '#store/store.ts';

export interface From {
  readonly facilityId: string;
  /** For the audit: a login, or `dimse:AETITLE`. */
  readonly actor: string;
  /** For pictures, which have no tags. */
  readonly declared?: Declared;
}

export type Take = (bytes: Buffer | undefined, from: From) => Promise<InstanceVerdict>;

export const intakeOf =
  (
    store: Pick<Store, 'facility' | 'blobs'>,
    films: Pick<Films, 'judge'>,
    { identity }: Pick<Pictures, 'identity'>,
  ): Take =>
  async (bytes, { facilityId, actor, declared = {} }) =>
    takeInstance(bytes, {
      actor,
      declared,
      store: await store.facility(facilityId),
      blobs: store.blobs,
      judge: films.judge,
      identify: identity,
    });
