// A film decoded at the door is kept for the reader that comes a moment later, so that no film is decoded twice.
import type { Pictures } from '#preread/read/film-images.ts';
import type { Decoded, PrepareSpec, Prepared } from '#preread/read/prepare.ts';
import type { StudyImage } from '#preread/choose/candidate-images.ts';

export interface ArrivedFile {
  readonly sha256: string;
  /** Undefined for a picture, which is a study of its own. */
  readonly studyUid: string | undefined;
}

export interface Films {
  /** As the model decodes it that reads now. Throws CareError of the rooms that decode. */
  judge(bytes: Buffer, file: ArrivedFile): Promise<Decoded>;
  /** What was kept from the door, else decoded again (after a restart, for a version that prepares otherwise, or when many came in between). */
  open(image: StudyImage, spec: PrepareSpec): Promise<Prepared>;
}

export interface FilmOptions {
  readonly pictures: Pick<Pictures, 'decode' | 'prepare'>;
  readonly spec: () => PrepareSpec;
  /** A tensor of 224 × 224 × 3 floats is 0.6 MB. */
  readonly keep?: number;
}

/** One or two images of a study are read, and they come among the first. The tensor of a further image is made if it is chosen after all. */
const TENSORS_OF_A_STUDY = 4;
/** Studies whose images are counted: more than arrive at a time. */
const COUNTED_STUDIES = 256;

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
  const images = new Map<string, number>();
  const isAmongFirst = (studyUid: string): boolean => {
    const count = (images.get(studyUid) ?? 0) + 1;
    renew(images, studyUid, count, COUNTED_STUDIES);
    return count <= TENSORS_OF_A_STUDY;
  };
  return {
    async judge(bytes, { sha256, studyUid }) {
      const wanted = spec();
      const key = keyOf(sha256, wanted);
      const known = kept.get(key);
      if (known === undefined && studyUid !== undefined && !isAmongFirst(studyUid))
        return pictures.decode(bytes, wanted);
      const prepared = known ?? (await pictures.prepare(bytes, wanted));
      renew(kept, key, prepared, keep);
      return prepared;
    },
    async open(image, wanted) {
      return kept.get(keyOf(image.sha256, wanted)) ?? pictures.prepare(await image.load(), wanted);
    },
  };
}
