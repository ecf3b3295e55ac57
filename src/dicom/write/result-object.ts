// Common part of every object that we write: its own series, its maker, and UIDs that are derived from the reading, so that
// a retry makes the same object again and an object that comes back from the PACS is recognised without a table.
import type { IncomingInstance } from '#kernel/instance.ts';
import { EXPLICIT_LITTLE } from '#dicom/read/transfer-syntax.ts';
import { type DataSet, encodeDataSet, text } from './element.ts';
import { fileHeader } from './part10.ts';
import type { SourceFilm } from './source-film.ts';
import { derivedUid } from './uid.ts';

export type ResultKind = 'SR' | 'SEG' | 'SC';

/** Who computed it. */
export interface ResultDevice {
  readonly modelId: string;
  readonly modelVersion: string;
}

export interface ResultContext {
  readonly film: SourceFilm;
  readonly device: ResultDevice;
  /** Of the reading that it shows: the same reading gives the same object. */
  readonly readingId: string;
  /** Hospital's clock, without a zone: `2026-11-22T09:15:00`. */
  readonly readAt: string;
}

export interface ResultObject extends Required<
  Pick<IncomingInstance, 'modality' | 'sopClassUid' | 'sopInstanceUid' | 'seriesUid' | 'studyUid'>
> {
  readonly kind: ResultKind;
  /** A whole Part 10 file. */
  readonly bytes: Buffer;
}

interface Form {
  readonly modality: string;
  readonly seriesNumber: string;
  readonly description: string;
}

/** Far from the series of a modality, and always the same. */
const FORMS: Readonly<Record<ResultKind, Form>> = {
  SR: { modality: 'SR', seriesNumber: '9901', description: 'AI pre-read, UNVERIFIED: findings' },
  SEG: { modality: 'SEG', seriesNumber: '9902', description: 'AI pre-read, UNVERIFIED: evidence regions' },
  SC: { modality: 'OT', seriesNumber: '9903', description: 'AI pre-read, UNVERIFIED: evidence picture' },
};

export const MANUFACTURER = 'Haidang';

/** The only UIDs of a series that give this instance: `isOwnResult` checks it from the two UIDs alone. */
const instanceUidIn = (seriesUid: string): string => derivedUid('haidang-result', seriesUid);

export const resultSeriesUid = (kind: ResultKind, readingId: string): string =>
  derivedUid('haidang-result-series', kind, readingId);

export const resultInstanceUid = (kind: ResultKind, readingId: string): string =>
  instanceUidIn(resultSeriesUid(kind, readingId));

/** True for an object that this program wrote, whichever installation of it and however long ago. */
export const isOwnResult = (object: { readonly seriesUid: string; readonly sopInstanceUid: string }): boolean =>
  object.sopInstanceUid === instanceUidIn(object.seriesUid);

export const deviceUid = ({ modelId, modelVersion }: ResultDevice): string =>
  derivedUid('haidang-device', modelId, modelVersion);

export function resultObject(
  kind: ResultKind,
  context: ResultContext,
  content: { readonly sopClassUid: string; readonly elements: DataSet },
): ResultObject {
  const { film, device, readingId, readAt } = context;
  const { modality, seriesNumber, description } = FORMS[kind];
  const seriesUid = resultSeriesUid(kind, readingId);
  const sopInstanceUid = instanceUidIn(seriesUid);
  const { sopClassUid } = content;
  const [date = '', time = ''] = readAt.split('T').map((part) => part.replaceAll(/[-:]/g, ''));
  const elements: DataSet = [
    ...film.identity,
    ...content.elements,
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080012, 'DA', date),
    text(0x00080013, 'TM', time),
    text(0x00080016, 'UI', sopClassUid),
    text(0x00080018, 'UI', sopInstanceUid),
    text(0x00080021, 'DA', date),
    text(0x00080031, 'TM', time),
    text(0x00080023, 'DA', date),
    text(0x00080033, 'TM', time),
    text(0x00080060, 'CS', modality),
    text(0x00080070, 'LO', MANUFACTURER),
    text(0x0008103e, 'LO', description),
    text(0x00081090, 'LO', device.modelId),
    text(0x00181000, 'LO', `${device.modelId} ${device.modelVersion}`),
    text(0x00181020, 'LO', device.modelVersion),
    text(0x0020000e, 'UI', seriesUid),
    text(0x00200011, 'IS', seriesNumber),
    text(0x00200013, 'IS', '1'),
  ];
  const header = fileHeader({ sopClassUid, sopInstanceUid, transferSyntaxUid: EXPLICIT_LITTLE.uid });
  const bytes = Buffer.concat([header, encodeDataSet(elements, 'explicit-little')]);
  return { kind, modality, sopClassUid, sopInstanceUid, seriesUid, studyUid: film.studyUid, bytes };
}
