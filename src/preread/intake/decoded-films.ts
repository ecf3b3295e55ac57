// A film decoded at the door is kept for the reader that comes a moment later, so that no film is decoded twice.
import type { Pictures } from '#preread/read/film-images.ts';
import type { Decoded, PrepareSpec, Prepared } from '#preread/read/prepare.ts';
import { EXAMINED_AT_ONCE, type Openers } from '#preread/choose/candidate-images.ts';

export interface ArrivedFile {
  readonly sha256: string;
  /** Undefined for a picture, which is a study of its own. */
  readonly studyUid: string | undefined;
}

export interface Films {
  /** As the model decodes it that reads now. Throws CareError of the rooms that decode. */
  judge(bytes: Buffer, file: ArrivedFile): Promise<Decoded>;
  /**
   * Opens stored images for a model: with what was kept from the door, else decoded again (after a restart, for a version that prepares otherwise, or
   * when many came in between). Both throw as `judge` does, and CareError of the tensor room.
   */
  openersFor(spec: PrepareSpec): Required<Openers>;
}

export interface FilmOptions {
  readonly pictures: Pick<Pictures, 'decode' | 'prepare'>;
  readonly spec: () => PrepareSpec;
  /** A tensor of 224 × 224 × 3 floats is 0.6 MB. */
  readonly keep?: number;
}

/** Studies whose images are counted: more than arrive at a time. */
const COUNTED_STUDIES = 256;
/** Facts are some kilobytes. */
const KEPT_FACTS = 2000;

const keyOf = (sha256: string, spec: PrepareSpec): string => `${sha256} ${JSON.stringify(spec)}`;

/** As the newest entry; the oldest goes where there are too many. A Map keeps the order of insertion. */
function renew<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

export function createFilms({ pictures, spec, keep = 64 }: FilmOptions): Films {
  const kept = new Map<string, Prepared>();
  const facts = new Map<string, Decoded>();
  const images = new Map<string, number>();
  const isAmongFirst = (studyUid: string): boolean => {
    const count = (images.get(studyUid) ?? 0) + 1;
    renew(images, studyUid, count, COUNTED_STUDIES);
    return count <= EXAMINED_AT_ONCE;
  };
  return {
    async judge(bytes, { sha256, studyUid }) {
      const wanted = spec();
      const key = keyOf(sha256, wanted);
      const known = kept.get(key);
      const isFurther = known === undefined && studyUid !== undefined && !isAmongFirst(studyUid);
      const decoded = isFurther
        ? await pictures.decode(bytes, wanted)
        : (known ?? (await pictures.prepare(bytes, wanted)));
      if ('tensor' in decoded) renew(kept, key, decoded, keep);
      const { facts: found, sourceColumns, sourceRows } = decoded;
      renew(facts, key, { facts: found, sourceColumns, sourceRows }, KEPT_FACTS);
      return decoded;
    },
    openersFor: (wanted) => ({
      async look(image) {
        const key = keyOf(image.sha256, wanted);
        return kept.get(key) ?? facts.get(key) ?? pictures.decode(await image.load(), wanted);
      },
      open: async (image) => kept.get(keyOf(image.sha256, wanted)) ?? pictures.prepare(await image.load(), wanted),
    }),
  };
}
