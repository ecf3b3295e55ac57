// Key object notes whose title rejects images (IHE IOCM, RAD TF-3 4.66). Every other title marks images and withdraws none.
import { ascii, type DataSet } from './element.ts';
import type { DicomFile } from './parse.ts';
import { itemsOf } from './reader.ts';
import { readTags } from './tags.ts';

const KEY_OBJECT_SELECTION = '1.2.840.10008.5.1.4.1.1.88.59';

/** DCM codes of CID 7011. */
export const REJECTIONS = ['113001', '113037', '113038', '113039'] as const;
export type Rejection = (typeof REJECTIONS)[number];

export interface RejectingNote {
  readonly noteUid: string;
  readonly studyUid: string;
  readonly code: Rejection;
  /** SOP Instance UIDs, of its evidence and of its content. */
  readonly images: readonly string[];
}

const REFERENCED_SOP_SEQUENCE = 0x00081199;
const REFERENCED_SOP = 0x00081155;
const REFERENCED_SERIES = 0x00081115;
const CONTENT = 0x0040a730;
/** A rejection note nests its items one or two deep. An object that nests them deeper than this is not read as one. */
const DEEPEST = 8;

const imagesIn = (item: DataSet): readonly string[] =>
  itemsOf(item, REFERENCED_SOP_SEQUENCE).flatMap((reference) => ascii(reference, REFERENCED_SOP) ?? []);

const inEvidence = (set: DataSet): readonly string[] =>
  itemsOf(set, 0x0040a375).flatMap((study) => itemsOf(study, REFERENCED_SERIES).flatMap(imagesIn));

const inContent = (set: DataSet, depth = 0): readonly string[] =>
  depth > DEEPEST ? [] : itemsOf(set, CONTENT).flatMap((item) => [...imagesIn(item), ...inContent(item, depth + 1)]);

/** Undefined where the object is not a rejection note. Throws CareError of this room. */
export function rejectingNote(file: DicomFile): RejectingNote | undefined {
  const set = file.dataSet;
  if (ascii(set, 0x00080016) !== KEY_OBJECT_SELECTION) return undefined;
  const [title] = itemsOf(set, 0x0040a043);
  if (title === undefined || ascii(title, 0x00080102)?.toUpperCase() !== 'DCM') return undefined;
  const code = REJECTIONS.find((one) => one === ascii(title, 0x00080100));
  if (code === undefined) return undefined;
  const { sopInstanceUid, studyInstanceUid } = readTags(file);
  const images = [...new Set([...inEvidence(set), ...inContent(set)])];
  return { noteUid: sopInstanceUid, studyUid: studyInstanceUid, code, images };
}
