// A parsed data set → the tags that the rest of the program needs, typed. A tag that is absent stays undefined; none is invented.
import { text } from './character-set.ts';
import { ascii, asciiValues, type DataSet, has, tagText, unsignedShort } from './element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import type { DicomFile } from './parse.ts';
import { itemsOf, PIXEL_DATA } from './reader.ts';

export interface InstanceTags {
  readonly transferSyntaxUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string | undefined;
  /** Body Part Examined, else the anatomic region's code where it is the chest. */
  readonly bodyPart: string | undefined;
  /** View Position, else the view code: `PA`, `AP`, `LL`, `RL`, `LATERAL`. */
  readonly viewPosition: string | undefined;
  readonly patientId: string | undefined;
  /** As DICOM writes it, decoded: `NGUYỄN^VĂN^AN`. */
  readonly patientName: string | undefined;
  readonly patientSex: string | undefined;
  /** From Patient's Age, else from birth date and study date. */
  readonly patientAgeYears: number | undefined;
  /** Dates are `YYYY-MM-DD`, times `HH:MM:SS`; one that no calendar or clock has is left out. */
  readonly patientBirthDate: string | undefined;
  readonly studyDate: string | undefined;
  readonly studyTime: string | undefined;
  readonly accessionNumber: string | undefined;
  readonly studyId: string | undefined;
  readonly studyDescription: string | undefined;
  readonly seriesDescription: string | undefined;
  readonly seriesNumber: string | undefined;
  readonly instanceNumber: string | undefined;
  readonly institutionName: string | undefined;
  readonly referringPhysician: string | undefined;
  readonly manufacturer: string | undefined;
  readonly modelName: string | undefined;
  readonly stationName: string | undefined;
  readonly presentationIntent: string | undefined;
  readonly imageType: readonly string[];
  readonly burnedInAnnotation: string | undefined;
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

/** `20260105` or the older `2026.01.05` → `2026-01-05`; undefined for a day that no calendar has. */
export function isoDate(value: string | undefined): string | undefined {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value ?? '');
  if (match === null) return undefined;
  const iso = `${match[1]}-${match[2]}-${match[3]}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? undefined : iso;
}

/** `101530.25`, `1015` or `10` → `10:15:30`; undefined for a time that no clock has. */
export function isoTime(value: string | undefined): string | undefined {
  const match = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d{1,6})?)?)?$/.exec(value ?? '');
  if (match === null) return undefined;
  const [hour = '', minute = '00', second = '00'] = match.slice(1);
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60 ? `${hour}:${minute}:${second}` : undefined;
}

const YEARS_PER_UNIT: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };

/** `045Y`, `018M`, `006W`, `010D` → years. */
export function ageYears(value: string | undefined): number | undefined {
  const match = /^(\d{1,3})([YMWD])$/.exec(value ?? '');
  const perUnit = YEARS_PER_UNIT[match?.[2] ?? ''];
  return match === null || perUnit === undefined ? undefined : Number(match[1]) * perUnit;
}

/** Full years between two ISO dates. */
function yearsBetween(birth: string | undefined, on: string | undefined): number | undefined {
  if (birth === undefined || on === undefined || on < birth) return undefined;
  const before = on.slice(5) < birth.slice(5) ? 1 : 0;
  return Number(on.slice(0, 4)) - Number(birth.slice(0, 4)) - before;
}

function viewOf(set: DataSet): string | undefined {
  const position = ascii(set, 0x00185101);
  return position?.toUpperCase() ?? VIEW_BY_CODE[codeOf(itemsOf(set, 0x00540220)[0]) ?? ''];
}

function bodyPartOf(set: DataSet): string | undefined {
  const examined = ascii(set, 0x00180015);
  if (examined !== undefined) return examined.toUpperCase();
  return CHEST_CODES.has(codeOf(itemsOf(set, 0x00082218)[0]) ?? '') ? 'CHEST' : undefined;
}

/** The number of frames, 1 where the tag is absent, as PS3.3 C.7.6.6 has it. Throws dicom.bad-tag. */
export function frameCount(set: DataSet): number {
  const value = ascii(set, 0x00280008);
  if (value === undefined) return 1;
  if (!/^\+?\d{1,9}$/.test(value.trim()) || Number(value) < 1) {
    throw dicomErrors.error('bad-tag', {
      field: '(0028,0008)',
      reason: 'the number of frames is not a positive number',
    });
  }
  return Number(value);
}

/**
 * Reads the tags of one instance. SOP, study and series identity are required; everything else may be undefined.
 * Throws dicom.missing-tag, dicom.bad-tag, both naming the tag.
 */
export function readTags(file: DicomFile): InstanceTags {
  const set = file.dataSet;
  const studyDate = isoDate(ascii(set, 0x00080020));
  const birthDate = isoDate(ascii(set, 0x00100030));
  const pixelData = set.elements.get(PIXEL_DATA);
  return {
    transferSyntaxUid: file.transferSyntax.uid,
    sopInstanceUid: requiredUid(set, 0x00080018),
    sopClassUid: requiredUid(set, 0x00080016),
    studyInstanceUid: requiredUid(set, 0x0020000d),
    seriesInstanceUid: requiredUid(set, 0x0020000e),
    modality: ascii(set, 0x00080060),
    bodyPart: bodyPartOf(set),
    viewPosition: viewOf(set),
    patientId: text(set, 0x00100020),
    patientName: text(set, 0x00100010)?.replace(/[\^= ]+$/, ''),
    patientSex: ascii(set, 0x00100040),
    patientAgeYears: ageYears(ascii(set, 0x00101010)) ?? yearsBetween(birthDate, studyDate),
    patientBirthDate: birthDate,
    studyDate,
    studyTime: isoTime(ascii(set, 0x00080030)),
    accessionNumber: text(set, 0x00080050),
    studyId: text(set, 0x00200010),
    studyDescription: text(set, 0x00081030),
    seriesDescription: text(set, 0x0008103e),
    seriesNumber: ascii(set, 0x00200011),
    instanceNumber: ascii(set, 0x00200013),
    institutionName: text(set, 0x00080080),
    referringPhysician: text(set, 0x00080090),
    manufacturer: text(set, 0x00080070),
    modelName: text(set, 0x00081090),
    stationName: text(set, 0x00081010),
    presentationIntent: ascii(set, 0x00080068),
    imageType: asciiValues(set, 0x00080008),
    burnedInAnnotation: ascii(set, 0x00280301),
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
