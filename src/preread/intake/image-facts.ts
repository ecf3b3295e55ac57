// Reads what is known of a DICOM, PNG or JPEG file, with its pixels on demand.
import type { IncomingInstance } from '#kernel/instance.ts';
import type { GrayFrame } from '#kernel/frame.ts';
import { derivedUuid, sha256Hex } from '#kernel/ids.ts';
import { grayFrame } from '#dicom/pixels/gray-frame.ts';
import { parseDicom } from '#dicom/read/parse.ts';
import { type InstanceTags, readTags } from '#dicom/read/tags.ts';
import { decodePicture } from '#image/picture.ts';
import type { FilmTurn } from '#dicom/read/orientation.ts';
import { resizePlane } from '#tensor/resize.ts';
import { prereadErrors } from '#preread/errors.ts';
import { type ImageOrigin, originOf } from '#preread/choose/image-origin.ts';

/** Plain data: it crosses to and from a worker thread. A tag that the file lacks stays undefined. */
export interface ImageFacts extends Pick<
  IncomingInstance,
  | 'format'
  | 'sopInstanceUid'
  | 'studyUid'
  | 'seriesUid'
  | 'modality'
  | 'bodyPart'
  | 'view'
  | 'ageYears'
  | 'notForClinicalUse'
> {
  /** What turns a frontal film upright, where its tags say that it does not lie so. */
  readonly turn?: FilmTurn;
  /** Patient's Age and birth date contradict each other: the age is then not known. */
  readonly ageConflict?: { readonly stated: number; readonly byBirthDate: number };
  readonly sex?: string;
  readonly bitsStored?: number;
  readonly frames?: number;
  /** DICOM only: an exposure, or something made from one. */
  readonly origin?: ImageOrigin;
  /** DICOM only: patient, order and device, for the door that stores them. */
  readonly tags?: InstanceTags;
}

export interface AtLeast {
  readonly columns: number;
  readonly rows: number;
}

export interface OpenImage {
  readonly facts: ImageFacts;
  /** With square pixels, as it lies in the file. Throws CareError of the dicom and image rooms when the pixels cannot be decoded completely. */
  gray(atLeast?: AtLeast): Promise<GrayFrame>;
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

/** A UID under the root that anyone may use for a UUID (PS3.5 B.2), the same for the same parts. */
const uidOf = (...parts: readonly string[]): string =>
  `2.25.${BigInt(`0x${derivedUuid(...parts).replaceAll('-', '')}`)}`;

/** A picture has no identity of its own: its content gives it one, so that the same file is the same study. */
function pictureFacts(format: 'png' | 'jpeg', bytes: Buffer): ImageFacts {
  const hash = sha256Hex(bytes);
  return {
    format,
    sopInstanceUid: uidOf('picture', hash),
    studyUid: uidOf('picture-study', hash),
    seriesUid: uidOf('picture-series', hash),
    notForClinicalUse: true,
  };
}

/** Set where there is a value; absent, not undefined, where there is none. */
const present = <Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } => {
  const result: { [K in Key]?: Value } = {};
  if (value !== undefined) result[key] = value;
  return result;
};

/** Synthetic films say so in their description; no hospital film begins like this. */
const isPhantom = (tags: InstanceTags): boolean => tags.studyDescription?.startsWith('PHANTOM') === true;

function dicomFacts(tags: InstanceTags): ImageFacts {
  return {
    format: 'dicom',
    sopInstanceUid: tags.sopInstanceUid,
    studyUid: tags.studyInstanceUid,
    seriesUid: tags.seriesInstanceUid,
    ...present('modality', tags.modality),
    ...present('bodyPart', tags.bodyPart),
    ...present('view', tags.viewPosition),
    ...present('turn', tags.turn),
    ...present('ageYears', tags.patientAgeYears),
    ...present('ageConflict', tags.patientAgeConflict),
    ...present('sex', tags.patientSex),
    ...present('bitsStored', tags.bitsStored),
    ...present('frames', tags.frames),
    origin: originOf(tags),
    tags,
    notForClinicalUse: isPhantom(tags),
  };
}

/** With square pixels: the shorter way is stretched, so that nothing is lost. */
function squared(frame: GrayFrame): GrayFrame {
  const { pixelAspect = 1, ...square } = frame;
  if (pixelAspect === 1) return frame;
  const columns = Math.round(frame.columns * Math.max(1, 1 / pixelAspect));
  const rows = Math.round(frame.rows * Math.max(1, pixelAspect));
  return { ...square, ...resizePlane(frame, columns, rows) };
}

/**
 * Throws CareError: `preread.empty`, `preread.unknown-format`, and those of the dicom room. The pixels are not yet decoded.
 */
export function openImage(bytes: Buffer): OpenImage {
  if (bytes.length === 0) throw prereadErrors.error('empty');
  const format = startsWith(bytes, PNG) ? 'png' : startsWith(bytes, JPEG) ? 'jpeg' : 'dicom';
  if (format !== 'dicom') {
    return {
      facts: pictureFacts(format, bytes),
      gray: (atLeast) => decodePicture(bytes, atLeast === undefined ? {} : { atLeast }),
    };
  }
  const file = parseDicom(bytes);
  return {
    facts: dicomFacts(readTags(file)),
    gray: async (atLeast) => squared(await grayFrame(file, atLeast === undefined ? {} : { atLeast })),
  };
}
