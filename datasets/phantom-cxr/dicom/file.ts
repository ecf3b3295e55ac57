// A phantom film with its invented patient and study as a DICOM file (CR or DX image, PS3.3 A.2 and A.26), always the same bytes.
import { deflateRawSync } from 'node:zlib';
import {
  bytes,
  encapsulated,
  encodeDataSet,
  numbers,
  sequence,
  text,
  type DataSet,
  type Element,
} from '#dicom/write/element.ts';
import { fileHeader } from '#dicom/write/part10.ts';
import type { Person } from './people.ts';
import { storePixels, type PixelStyle } from './stored.ts';
import { compressed, encodingOf, isEncapsulated, lossyMethod, SYNTAXES, type SyntaxName } from './syntax.ts';
import { phantomUid } from './uid.ts';

export type BodyPart = 'CHEST' | 'HAND' | 'KNEE' | 'SKULL' | 'ABDOMEN';

/** SNOMED CT, as CID 4009 lists them. */
const REGIONS: Record<BodyPart, readonly [code: string, meaning: string]> = {
  CHEST: ['816094009', 'Chest'],
  HAND: ['85562004', 'Hand'],
  KNEE: ['72696002', 'Knee'],
  SKULL: ['89546000', 'Skull'],
  ABDOMEN: ['818981001', 'Abdomen'],
};

export type ViewPosition = 'PA' | 'AP' | 'LL';

/** SNOMED CT, as CID 4010 lists them. */
const VIEWS: Record<ViewPosition, readonly [code: string, meaning: string]> = {
  PA: ['272479007', 'postero-anterior'],
  AP: ['399348003', 'antero-posterior'],
  LL: ['399173006', 'left lateral'],
};

export interface Study {
  /** Seeds the UIDs: the same key is the same study. */
  readonly key: string;
  readonly accession: string;
  /** YYYYMMDD and HHMMSS. */
  readonly date: string;
  readonly time: string;
  readonly station: string;
  readonly department: string;
}

export interface FilmFile {
  readonly person: Person;
  readonly study: Study;
  readonly gray: Float32Array;
  readonly columns: number;
  readonly rows: number;
  /** DX knows no modality LUT; films with one are CR. */
  readonly modality: 'CR' | 'DX';
  readonly bodyPart: BodyPart;
  readonly view: ViewPosition;
  readonly pixels: PixelStyle;
  readonly syntax: SyntaxName;
  /** Millimetres per pixel at the detector. */
  readonly spacing: number;
  /** Tags left out on purpose, to make a film that is not quite right. */
  readonly without?: readonly number[];
}

const CR_CLASS = '1.2.840.10008.5.1.4.1.1.1';
const DX_CLASS = '1.2.840.10008.5.1.4.1.1.1.1';

const code = ([value, meaning]: readonly [string, string]): DataSet => [
  text(0x00080100, 'SH', value),
  text(0x00080102, 'SH', 'SCT'),
  text(0x00080104, 'LO', meaning),
];

const sopClassOf = (film: FilmFile): string => (film.modality === 'CR' ? CR_CLASS : DX_CLASS);
const studyUidOf = (study: Study): string => phantomUid('study', study.key);
const instanceUidOf = (film: FilmFile): string => phantomUid('instance', film.study.key, film.bodyPart, film.view);

function patientElements({ person, study }: FilmFile): Element[] {
  return [
    text(0x00100010, 'PN', person.name),
    text(0x00100020, 'LO', person.id),
    text(0x00100030, 'DA', person.birthDate),
    text(0x00100040, 'CS', person.sex),
    text(0x00101010, 'AS', `${String(person.ageYears).padStart(3, '0')}Y`),
    text(0x00104000, 'LT', 'Ảnh mô phỏng do máy tính vẽ, không phải người bệnh. Synthetic picture, not a patient.'),
    text(0x0020000d, 'UI', studyUidOf(study)),
    text(0x00080020, 'DA', study.date),
    text(0x00080030, 'TM', study.time),
    text(0x00080050, 'SH', study.accession),
    text(0x00080090, 'PN', ''),
    text(0x00200010, 'SH', study.accession),
    text(0x00081030, 'LO', 'PHANTOM – not a patient'),
  ];
}

function seriesElements(film: FilmFile): Element[] {
  const { study, modality, bodyPart, view } = film;
  return [
    text(0x00080060, 'CS', modality),
    text(0x0020000e, 'UI', phantomUid('series', study.key, bodyPart, view)),
    text(0x00200011, 'IS', '1'),
    text(0x00080021, 'DA', study.date),
    text(0x00080031, 'TM', study.time),
    text(0x0008103e, 'LO', `PHANTOM ${bodyPart} ${view}`),
    text(0x00080070, 'LO', 'Haidang phantom-cxr'),
    text(0x00081090, 'LO', 'phantom-cxr'),
    text(0x00080080, 'LO', 'BỆNH VIỆN MÔ PHỎNG (PHANTOM)'),
    text(0x00081010, 'SH', study.station),
    text(0x00081040, 'LO', study.department),
    text(0x00180015, 'CS', bodyPart),
    text(0x00185101, 'CS', view),
    ...(modality === 'DX' ? [text(0x00080068, 'CS', 'FOR PRESENTATION')] : []),
  ];
}

function imageElements(film: FilmFile): Element[] {
  const { study, modality, view, spacing } = film;
  const both: Element[] = [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080008, 'CS', 'DERIVED\\PRIMARY'),
    text(0x00080016, 'UI', sopClassOf(film)),
    text(0x00080018, 'UI', instanceUidOf(film)),
    text(0x00080022, 'DA', study.date),
    text(0x00080032, 'TM', study.time),
    text(0x00080023, 'DA', study.date),
    text(0x00080033, 'TM', study.time),
    text(0x00082111, 'ST', 'Drawn by a program from a seed: no person, no X-ray.'),
    text(0x00200013, 'IS', '1'),
    text(0x00200020, 'CS', view === 'LL' ? 'A\\F' : 'L\\F'),
    text(0x00181164, 'DS', `${spacing}\\${spacing}`),
    text(0x00280301, 'CS', 'YES'),
  ];
  if (modality === 'CR') return both;
  return [
    ...both,
    text(0x00200062, 'CS', 'U'),
    sequence(0x00082218, code(REGIONS[film.bodyPart])),
    sequence(0x00540220, code(VIEWS[view])),
    sequence(0x00400555),
    text(0x00181508, 'CS', ''),
    text(0x00187004, 'CS', 'SCINTILLATOR'),
    text(0x00281040, 'CS', 'LOG'),
    numbers(0x00281041, 'SS', film.pixels.photometric === 'MONOCHROME2' ? -1 : 1),
    text(0x00281052, 'DS', '0'),
    text(0x00281053, 'DS', '1'),
    text(0x00281054, 'LO', 'US'),
    text(0x20500020, 'CS', film.pixels.photometric === 'MONOCHROME2' ? 'IDENTITY' : 'INVERSE'),
  ];
}

const metaHeader = (film: FilmFile): Buffer =>
  fileHeader({
    sopClassUid: sopClassOf(film),
    sopInstanceUid: instanceUidOf(film),
    transferSyntaxUid: SYNTAXES[film.syntax].uid,
    implementation: { classUid: phantomUid('implementation'), version: 'HAIDANG_PHANTOM' },
  });

/** The same film always gives the same bytes. Throws when the syntax's codec cannot hold the pixels (12 bits in JPEG baseline). */
export async function dicomFile(film: FilmFile): Promise<Uint8Array> {
  const { syntax, columns, rows } = film;
  const pixels = storePixels(film.gray, { columns, rows }, film.pixels);
  const method = lossyMethod(syntax);
  const frame = isEncapsulated(syntax) ? await compressed(syntax, pixels) : undefined;
  const lossy: Element[] =
    method === undefined || frame === undefined
      ? [text(0x00282110, 'CS', '00')]
      : [
          text(0x00282110, 'CS', '01'),
          text(0x00282112, 'DS', (pixels.bytes.length / frame.length).toFixed(2)),
          text(0x00282114, 'CS', method),
        ];
  const plain: DataSet = [
    ...patientElements(film),
    ...seriesElements(film),
    ...imageElements(film),
    ...pixels.elements,
    ...lossy,
    numbers(0x00280002, 'US', 1),
    text(0x00280004, 'CS', pixels.photometric),
    numbers(0x00280010, 'US', rows),
    numbers(0x00280011, 'US', columns),
    numbers(0x00280100, 'US', pixels.bitsAllocated),
    numbers(0x00280101, 'US', pixels.bitsStored),
    numbers(0x00280102, 'US', pixels.bitsStored - 1),
    numbers(0x00280103, 'US', 0),
  ];
  const kept = plain.filter((element) => !film.without?.includes(element.tag));
  const encoding = encodingOf(syntax);
  if (frame !== undefined) {
    const offsetTable = syntax.startsWith('jpeg-2000') ? 'filled' : 'empty';
    return Buffer.concat([metaHeader(film), encodeDataSet(kept, encoding), encapsulated(frame, offsetTable)]);
  }
  const vr = pixels.bitsAllocated === 8 && encoding !== 'implicit-little' ? 'OB' : 'OW';
  const dataSet = encodeDataSet([...kept, bytes(0x7fe00010, vr, pixels.bytes)], encoding);
  if (syntax !== 'deflated') return Buffer.concat([metaHeader(film), dataSet]);
  const deflated = deflateRawSync(dataSet);
  return Buffer.concat([metaHeader(film), deflated, Buffer.alloc(deflated.length % 2)]);
}
