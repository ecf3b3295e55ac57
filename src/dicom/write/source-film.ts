// Copies the Patient and Study modules of a film into a result object, and makes the references to the film.
import type { IncomingInstance } from '#kernel/instance.ts';
import { withoutEnd } from '#kernel/text-end.ts';
import { decodeText, text as textOf } from '#dicom/read/character-set.ts';
import { ascii, asciiValues, type DataSet as ReadSet, has } from '#dicom/read/element.ts';
import type { DicomFile } from '#dicom/read/parse.ts';
import { isoDate } from '#dicom/read/age.ts';
import { isoTime, readTags } from '#dicom/read/tags.ts';
import { type DataSet, type Element, sequence, text } from './element.ts';

export interface SourceFilm extends Required<
  Pick<IncomingInstance, 'studyUid' | 'seriesUid' | 'sopClassUid' | 'sopInstanceUid' | 'columns' | 'rows'>
> {
  /** Patient and Study modules in UTF-8; the result then lands in the right study of the PACS. */
  readonly identity: DataSet;
  /** Rows, then columns, in millimetres; at the detector where the film was not calibrated (PS3.3 10.7.1.3); empty where it does not say. */
  readonly pixelSpacing: string;
  /** `L\\F`; empty where the film does not say. */
  readonly patientOrientation: string;
}

/** Type 2 of the Patient and General Study modules: present, and empty where the film does not say. */
const ALWAYS: readonly (readonly [tag: number, vr: string])[] = [
  [0x00080020, 'DA'],
  [0x00080030, 'TM'],
  [0x00080050, 'SH'],
  [0x00080090, 'PN'],
  [0x00100010, 'PN'],
  [0x00100020, 'LO'],
  [0x00100030, 'DA'],
  [0x00100040, 'CS'],
  [0x00200010, 'SH'],
];

/** Type 3: only where the film says it. */
const WHERE_PRESENT: readonly (readonly [tag: number, vr: string])[] = [
  [0x00080201, 'SH'],
  [0x00081030, 'LO'],
  [0x00100021, 'LO'],
  [0x00101010, 'AS'],
];

/** A date or time that no calendar or clock has is left out: a copy must be valid where the film was not. */
function valueOf(set: ReadSet, tag: number, vr: string): string {
  if (vr === 'DA') return isoDate(ascii(set, tag))?.replaceAll('-', '') ?? '';
  if (vr === 'TM') return isoTime(ascii(set, tag))?.replaceAll(':', '') ?? '';
  if (vr === 'CS' || vr === 'AS') return ascii(set, tag) ?? '';
  if (vr !== 'PN') return textOf(set, tag) ?? '';
  // A name keeps all its component groups, also the ideographic ones.
  const bytes = set.elements.get(tag)?.bytes ?? new Uint8Array(0);
  return withoutEnd(decodeText(bytes, set.characterSet), '\0 ');
}

function identityOf(set: ReadSet): DataSet {
  const present = WHERE_PRESENT.filter(([tag, vr]) => valueOf(set, tag, vr) !== '');
  return [...ALWAYS, ...present].map(([tag, vr]) => text(tag, vr, valueOf(set, tag, vr)));
}

/** Throws dicom.missing-tag and dicom.bad-tag as `readTags` does. */
export function sourceFilmOf(file: DicomFile): SourceFilm {
  const tags = readTags(file);
  return {
    studyUid: tags.studyInstanceUid,
    seriesUid: tags.seriesInstanceUid,
    sopClassUid: tags.sopClassUid,
    sopInstanceUid: tags.sopInstanceUid,
    columns: tags.columns ?? 0,
    rows: tags.rows ?? 0,
    identity: [...identityOf(file.dataSet), text(0x0020000d, 'UI', tags.studyInstanceUid)],
    pixelSpacing: (has(file.dataSet, 0x00280030)
      ? asciiValues(file.dataSet, 0x00280030)
      : asciiValues(file.dataSet, 0x00181164)
    ).join('\\'),
    patientOrientation: asciiValues(file.dataSet, 0x00200020).join('\\'),
  };
}

/** Referenced SOP Class and Instance UID, for the item of any referencing sequence. */
export const referenceTo = ({ sopClassUid, sopInstanceUid }: Pick<SourceFilm, 'sopClassUid' | 'sopInstanceUid'>) => [
  text(0x00081150, 'UI', sopClassUid),
  text(0x00081155, 'UI', sopInstanceUid),
];

/** Referenced Series Sequence; `instances` is 0008,114A (Referenced Instance) or 0008,1199 (Referenced SOP). */
export const referencedSeries = (film: SourceFilm, instances: 0x0008114a | 0x00081199): Element =>
  sequence(0x00081115, [text(0x0020000e, 'UI', film.seriesUid), sequence(instances, referenceTo(film))]);
