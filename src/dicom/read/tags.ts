// A parsed data set → the tags that the rest of the program needs, typed. A tag that is absent stays undefined; none is invented.
import { withoutEnd } from '#kernel/text-end.ts';
import { type Age, ageOf, isoDate } from './age.ts';
import { text } from './character-set.ts';
import { ascii, asciiValues, type DataSet, decimal, has, tagText, unsignedShort } from './element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { acquiredAt } from './acquisition.ts';
import type { DicomFile } from './parse.ts';
import { type FilmTurn, turnOf } from './orientation.ts';
import { itemsOf, PIXEL_DATA } from './reader.ts';
import { bodyPartOf, chestOfDescription, modalityOf, viewOfDescription, viewPositionOf } from './words.ts';

export interface InstanceTags {
  readonly transferSyntaxUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** `CR` or `DX` also where a site writes another word for a plain radiograph (`site-words.ts`). */
  readonly modality: string | undefined;
  /** Body Part Examined, else the anatomic region's code or a description, where it is the chest. */
  readonly bodyPart: string | undefined;
  /** View Position, else the view code, else a description: `PA`, `AP`, `LATERAL`, or another view as it is written. */
  readonly viewPosition: string | undefined;
  /** What turns the film upright; undefined where it lies so, or where nothing is said. */
  readonly turn: FilmTurn | undefined;
  readonly patientId: string | undefined;
  /** As DICOM writes it, decoded: `NGUYỄN^VĂN^AN`. */
  readonly patientName: string | undefined;
  readonly patientSex: string | undefined;
  /** From Patient's Age, else from birth date and study date; see `age.ts`. */
  readonly patientAgeYears: number | undefined;
  readonly patientAgeConflict: Age['conflict'];
  /** Dates are `YYYY-MM-DD`, times `HH:MM:SS`; one that no calendar or clock has is left out. */
  readonly patientBirthDate: string | undefined;
  readonly studyDate: string | undefined;
  readonly studyTime: string | undefined;
  readonly accessionNumber: string | undefined;
  readonly studyId: string | undefined;
  readonly studyDescription: string | undefined;
  readonly seriesDescription: string | undefined;
  readonly seriesNumber: string | undefined;
  readonly acquisitionNumber: string | undefined;
  readonly instanceNumber: string | undefined;
  readonly institutionName: string | undefined;
  readonly referringPhysician: string | undefined;
  readonly manufacturer: string | undefined;
  readonly modelName: string | undefined;
  readonly stationName: string | undefined;
  readonly presentationIntent: string | undefined;
  /** How an image that no modality made came to be: `WSD` for a workstation, `SD` for a scanned document. */
  readonly conversionType: string | undefined;
  readonly imageType: readonly string[];
  readonly burnedInAnnotation: string | undefined;
  readonly qualityControlImage: string | undefined;
  readonly derivationDescription: string | undefined;
  readonly imageComments: string | undefined;
  readonly protocolName: string | undefined;
  /** Acquisition Device Processing Description. */
  readonly processingDescription: string | undefined;
  /** Of the exposure, ISO 8601 without a zone. */
  readonly acquiredAt: string | undefined;
  readonly lossyCompression: string | undefined;
  readonly hasPixelData: boolean;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly bitsAllocated: number | undefined;
  readonly bitsStored: number | undefined;
  readonly samples: number | undefined;
  readonly photometric: string | undefined;
  readonly frames: number | undefined;
}

/** Codes of CID 4010 in SNOMED CT and in its older SNOMED-RT form, as View Position writes them. */
const VIEW_BY_CODE: Readonly<Record<string, string>> = {
  '272479007': 'PA',
  'R-10214': 'PA',
  '399348003': 'AP',
  'R-10206': 'AP',
  '399173006': 'LL',
  'R-10236': 'LL',
  '399198007': 'RL',
  'R-10232': 'RL',
  '399067008': 'LATERAL',
  'R-102CD': 'LATERAL',
};
/** Chest and thorax. */
const CHEST_CODES = new Set(['51185008', 'T-D3000', '816094009', '43799004', 'T-D3200']);

const CODE_MEANING = 0x00080104;
const BODY_PART = 0x00180015;
const SERIES_DESCRIPTION = 0x0008103e;
const PROTOCOL_NAME = 0x00181030;
const PROCESSING_DESCRIPTION = 0x00181400;

const UID = /^[0-9]+(?:\.[0-9]+)*$/;

function requiredUid(set: DataSet, tag: number): string {
  const value = ascii(set, tag);
  if (value === undefined) {
    throw dicomErrors.error('missing-tag', { field: tagText(tag), reason: `${tagText(tag)} is missing` });
  }
  if (value.length > 64 || !UID.test(value)) {
    throw dicomErrors.error('bad-tag', { field: tagText(tag), reason: `${tagText(tag)} is not a UID` });
  }
  return value;
}

const codeOf = (item: DataSet | undefined): string | undefined =>
  item === undefined ? undefined : (ascii(item, 0x00080100) ?? ascii(item, 0x00080119));

/** `101530.25`, `1015` or `10` → `10:15:30`; undefined for a time that no clock has. */
export function isoTime(value: string | undefined): string | undefined {
  const match = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d{1,6})?)?)?$/.exec(value ?? '');
  if (match === null) return undefined;
  const [hour = '', minute = '00', second = '00'] = match.slice(1);
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 ? `${hour}:${minute}:${second}` : undefined;
}

/** What the technician chose at the console, where the tags made for it are empty. */
const descriptionsOf = (set: DataSet): readonly (string | undefined)[] =>
  [SERIES_DESCRIPTION, PROTOCOL_NAME, PROCESSING_DESCRIPTION].map((tag) => text(set, tag));

function firstOf<Value>(attempts: readonly (() => Value | undefined)[]): Value | undefined {
  for (const attempt of attempts) {
    const value = attempt();
    if (value !== undefined) return value;
  }
  return undefined;
}

function viewOf(set: DataSet): string | undefined {
  const [code] = itemsOf(set, 0x00540220);
  return firstOf([
    () => viewPositionOf(text(set, 0x00185101)),
    () => VIEW_BY_CODE[codeOf(code) ?? ''],
    () => (code === undefined ? undefined : viewOfDescription(text(code, CODE_MEANING))),
    () => viewOfDescription(text(set, BODY_PART)),
    ...descriptionsOf(set).map((description) => () => viewOfDescription(description)),
  ]);
}

function bodyPart(set: DataSet): string | undefined {
  return firstOf([
    () => bodyPartOf(text(set, BODY_PART)),
    () => (CHEST_CODES.has(codeOf(itemsOf(set, 0x00082218)[0]) ?? '') ? 'CHEST' : undefined),
    ...descriptionsOf(set).map((description) => () => chestOfDescription(description)),
  ]);
}

/** The number of frames, 1 where the tag is absent, empty or 0, as writers of single films leave it. Throws dicom.bad-tag. */
export function frameCount(set: DataSet): number {
  const frames = decimal(set, 0x00280008) ?? 0;
  if (!Number.isInteger(frames) || frames < 0) {
    throw dicomErrors.error('bad-tag', { field: '(0028,0008)', reason: 'the number of frames is not a whole number' });
  }
  return Math.max(frames, 1);
}

/** The day of the film: of the study, else of what was made in it. */
const dayOf = (set: DataSet): string | undefined =>
  firstOf([0x00080020, 0x00080022, 0x00080021, 0x00080023].map((tag) => () => isoDate(ascii(set, tag))));

/**
 * Reads the tags of one instance. SOP, study and series identity are required; everything else may be undefined.
 * Throws dicom.missing-tag, dicom.bad-tag, both naming the tag.
 */
export function readTags(file: DicomFile): InstanceTags {
  const set = file.dataSet;
  const studyDate = isoDate(ascii(set, 0x00080020));
  const birthDate = isoDate(ascii(set, 0x00100030));
  const age = ageOf(ascii(set, 0x00101010), birthDate, dayOf(set));
  const pixelData = set.elements.get(PIXEL_DATA);
  const patientName = text(set, 0x00100010);
  return {
    transferSyntaxUid: file.transferSyntax.uid,
    sopInstanceUid: requiredUid(set, 0x00080018),
    sopClassUid: requiredUid(set, 0x00080016),
    studyInstanceUid: requiredUid(set, 0x0020000d),
    seriesInstanceUid: requiredUid(set, 0x0020000e),
    modality: modalityOf(ascii(set, 0x00080060)),
    bodyPart: bodyPart(set),
    viewPosition: viewOf(set),
    turn: turnOf(set),
    patientId: text(set, 0x00100020),
    patientName: patientName && withoutEnd(patientName, '^= '),
    patientSex: ascii(set, 0x00100040),
    patientAgeYears: age.years,
    patientAgeConflict: age.conflict,
    patientBirthDate: birthDate,
    studyDate,
    studyTime: isoTime(ascii(set, 0x00080030)),
    accessionNumber: text(set, 0x00080050),
    studyId: text(set, 0x00200010),
    studyDescription: text(set, 0x00081030),
    seriesDescription: text(set, SERIES_DESCRIPTION),
    seriesNumber: ascii(set, 0x00200011),
    acquisitionNumber: ascii(set, 0x00200012),
    instanceNumber: ascii(set, 0x00200013),
    institutionName: text(set, 0x00080080),
    referringPhysician: text(set, 0x00080090),
    manufacturer: text(set, 0x00080070),
    modelName: text(set, 0x00081090),
    stationName: text(set, 0x00081010),
    presentationIntent: ascii(set, 0x00080068),
    conversionType: ascii(set, 0x00080064),
    imageType: asciiValues(set, 0x00080008),
    burnedInAnnotation: ascii(set, 0x00280301),
    qualityControlImage: ascii(set, 0x00280300),
    derivationDescription: text(set, 0x00082111),
    imageComments: text(set, 0x00204000),
    protocolName: text(set, PROTOCOL_NAME),
    processingDescription: text(set, PROCESSING_DESCRIPTION),
    acquiredAt: acquiredAt(set),
    lossyCompression: ascii(set, 0x00282110),
    hasPixelData: pixelData?.fragments !== undefined || has(set, PIXEL_DATA),
    rows: unsignedShort(set, 0x00280010),
    columns: unsignedShort(set, 0x00280011),
    bitsAllocated: unsignedShort(set, 0x00280100),
    bitsStored: unsignedShort(set, 0x00280101),
    samples: unsignedShort(set, 0x00280002),
    photometric: ascii(set, 0x00280004),
    frames: has(set, 0x00280008) ? frameCount(set) : undefined,
  };
}
