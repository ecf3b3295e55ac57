// A film decoded at the door is kept for the reader that comes a moment later, so that no film is decoded twice.
import type { Pictures } from '#preread/read/film-images.ts';
import type { PrepareSpec, Prepared } from '#preread/read/prepare.ts';
import type { StudyImage } from '#preread/choose/candidate-images.ts';

export interface Films {
  /** As the model prepares it that reads now. Throws CareError of the rooms that decode. */
  judge(bytes: Buffer, sha256: string): Promise<Prepared>;
  /** What was kept from the door, else decoded again (after a restart, for a version that prepares otherwise, or when many came in between). */
  open(image: StudyImage, spec: PrepareSpec): Promise<Prepared>;
}

export interface FilmOptions {
  readonly pictures: Pick<Pictures, 'prepare'>;
  readonly spec: () => PrepareSpec;
  /** A tensor of 224 × 224 × 3 floats is 0.6 MB. */
  readonly keep?: number;
}

const keyOf = (sha256: string, spec: PrepareSpec): string => `${sha256} ${JSON.stringify(spec)}`;

export function createFilms({ pictures, spec, keep = 64 }: FilmOptions): Films {
  // A Map keeps the order of insertion: the first key is the oldest.
  const kept = new Map<string, Prepared>();
  return {
    async judge(bytes, sha256) {
      const wanted = spec();
      const key = keyOf(sha256, wanted);
      const prepared = kept.get(key) ?? (await pictures.prepare(bytes, wanted));
      kept.delete(key);
      kept.set(key, prepared);
      const [oldest] = kept.keys();
      if (kept.size > keep && oldest !== undefined) kept.delete(oldest);
      return prepared;
    },
    async open(image, wanted) {
      return kept.get(keyOf(image.sha256, wanted)) ?? pictures.prepare(await image.load(), wanted);
    },
  };
}
