// A film decoded at the door is kept for the reader that comes a moment later, so that no film is decoded twice.
import type { Pictures } from '#preread/read/film-images.ts';
import type { PrepareSpec, Prepared } from '#preread/read/prepare.ts';
import type { StudyImage } from '#preread/choose/candidate-images.ts';

export interface Films {
  /** Throws CareError of the rooms that decode. */
  judge(bytes: Buffer, sha256: string): Promise<Prepared>;
  /** What was kept from the door, else decoded again (after a restart, or when many came in between). */
  open(image: StudyImage): Promise<Prepared>;
}

export interface FilmOptions {
  readonly pictures: Pick<Pictures, 'prepare'>;
  readonly spec: PrepareSpec;
  /** A tensor of 224 × 224 × 3 floats is 0.6 MB. */
  readonly keep?: number;
}

export function createFilms({ pictures, spec, keep = 64 }: FilmOptions): Films {
  // A Map keeps the order of insertion: the first key is the oldest.
  const kept = new Map<string, Prepared>();
  return {
    async judge(bytes, sha256) {
      const prepared = kept.get(sha256) ?? (await pictures.prepare(bytes, spec));
      kept.delete(sha256);
      kept.set(sha256, prepared);
      const [oldest] = kept.keys();
      if (kept.size > keep && oldest !== undefined) kept.delete(oldest);
      return prepared;
    },
    async open(image) {
      return kept.get(image.sha256) ?? pictures.prepare(await image.load(), spec);
    },
  };
}
