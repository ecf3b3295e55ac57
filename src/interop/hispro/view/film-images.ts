// The film and the heatmap of a finding, for pages that are opened by a signed link.
import type { BlobRef } from '#kernel/blob.ts';
import type { HisproPorts } from '#interop/hispro/ports.ts';

export interface PictureStore {
  readonly readings: {
    heatmap(
      readingId: string,
      findingCode: string,
    ): Promise<{ readonly blob: Pick<BlobRef, 'sha256'>; readonly sopInstanceUid: string } | undefined>;
  };
  readonly intake: {
    instance(sopInstanceUid: string): Promise<{ readonly blob: Pick<BlobRef, 'sha256'> } | undefined>;
  };
}

export interface PictureSources {
  readonly facility: () => Promise<PictureStore>;
  readonly blobs: { get(sha256: string): Promise<Buffer> };
  readonly film: (bytes: Buffer, longestSide: number) => Promise<{ readonly png: Uint8Array }>;
}

/** Enough for a ward's screen; the radiologist has the film itself. */
const LONGEST_SIDE = 1024;

export function findingPictures({ facility, blobs, film }: PictureSources): NonNullable<HisproPorts['picture']> {
  return async (which, readingId, findingCode) => {
    const store = await facility();
    const heatmap = await store.readings.heatmap(readingId, findingCode);
    if (heatmap === undefined) return undefined;
    if (which === 'heatmap') return blobs.get(heatmap.blob.sha256);
    const instance = await store.intake.instance(heatmap.sopInstanceUid);
    if (instance === undefined) return undefined;
    return Buffer.from((await film(await blobs.get(instance.blob.sha256), LONGEST_SIDE)).png);
  };
}
