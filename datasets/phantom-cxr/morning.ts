// A morning at a small hospital, for the demo: its files in the order of their arrival, from a seed.
import { CASES, type Case, type Flaw } from './cases.ts';
import { drawChest } from './chest.ts';
import { dicomFile, type BodyPart, type FilmFile, type Study, type ViewPosition } from './dicom/file.ts';
import { inventPerson } from './dicom/people.ts';
import type { FindingName } from './lesions.ts';
import { noteOf, type Note } from './notes.ts';
import { drawOther, type OtherKind } from './others.ts';
import { hash32 } from './random.ts';

export interface Arrival {
  /** File name, for the progress line. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What is drawn on the film, or what is wrong with the file. */
  readonly note: Note;
  /** The findings that were drawn; empty for a normal chest. Absent where no chest pre-read can be expected. */
  readonly findings?: readonly FindingName[];
}

export interface MorningOptions {
  /** Pixels of the longer side of most films. */
  readonly size?: number;
  /** YYYYMMDD; fixed, so that the same seed gives the same bytes on every day. */
  readonly date?: string;
}

const TAGGED: Record<OtherKind, readonly [BodyPart, ViewPosition]> = {
  hand: ['HAND', 'PA'],
  knee: ['KNEE', 'AP'],
  skull: ['SKULL', 'AP'],
  abdomen: ['ABDOMEN', 'AP'],
  lateral: ['CHEST', 'LL'],
  pattern: ['CHEST', 'PA'],
};

interface Picture {
  readonly gray: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

/** A quarter turn clockwise. */
function turned({ gray, columns, rows }: Picture): Picture {
  const out = new Float32Array(gray.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + (rows - 1 - row)] = gray[row * columns + column]!;
  }
  return { gray: out, columns: rows, rows: columns };
}

function spoilt(picture: Picture, flaw: Flaw | undefined): Picture {
  if (flaw === 'turned') return turned(picture);
  if (flaw === 'upside-down') return turned(turned(picture));
  if (flaw === 'inverted') return { ...picture, gray: picture.gray.map((value) => 1 - value) };
  return flaw === 'blank' ? { ...picture, gray: picture.gray.map(() => 0.98) } : picture;
}

function withoutTags(flaw: Flaw | undefined): number[] {
  if (flaw === 'no-photometric') return [0x00280004];
  return flaw === 'no-view' ? [0x00185101, 0x00540220] : [];
}

interface Place {
  readonly seed: number;
  readonly size: number;
  readonly date: string;
  readonly index: number;
}

function draw(what: Case, { seed, size }: Place): Picture & { ageYears: number } {
  const pixels = Math.round(size * (what.scale ?? 1));
  const patientSeed = hash32(`${seed} ${what.patient}`) >>> 1;
  const film = drawChest(patientSeed, {
    size: what.other === undefined && what.flaw !== 'knee-as-chest' ? pixels : 64,
    ageBand: what.age,
    sex: what.sex,
    view: what.view,
    findings: what.findings,
    visit: what.visit ?? 0,
  });
  const { ageYears } = film.subject;
  const kind = what.flaw === 'knee-as-chest' ? 'knee' : what.other;
  if (kind === undefined) return { gray: film.gray, columns: film.plane.width, rows: film.plane.height, ageYears };
  const other = drawOther(patientSeed, kind, pixels);
  return { gray: other.gray, columns: other.width, rows: other.height, ageYears };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** One study every seven minutes from 07:00. */
function studyOf(what: Case, { seed, date, index }: Place): Study {
  const minutes = 7 * 60 + 7 * index;
  return {
    key: `${seed} ${what.patient} ${what.visit ?? 0}`,
    accession: `XQ${date.slice(2)}${String(index + 1).padStart(4, '0')}`,
    date,
    time: `${two(Math.floor(minutes / 60))}${two(minutes % 60)}00`,
    station: `XQ-PHONG-${1 + (index % 3)}`,
    department:
      ['Khoa Khám bệnh', 'Khoa Cấp cứu', 'Khoa Hồi sức tích cực', 'Khoa Nhi'][
        what.age === 'child' ? 3 : what.view === 'AP' ? 2 : index % 2
      ] ?? '',
  };
}

async function arrivalOf(what: Case, place: Place): Promise<Arrival> {
  const drawn = draw(what, place);
  const [syntax, bitsStored, voi] = what.file;
  const [bodyPart, view] = what.other === undefined ? (['CHEST', what.view] as const) : TAGGED[what.other];
  const modality = voi === 'rescale' || voi === 'modality-lut' ? 'CR' : 'DX';
  const study = studyOf(what, place);
  const person = inventPerson(hash32(`${place.seed} ${what.patient}`) % 100_000_000, {
    sex: what.sex,
    ageYears: drawn.ageYears,
    studyDate: place.date,
  });
  const film: FilmFile = {
    ...spoilt(drawn, what.flaw),
    person,
    study,
    modality,
    bodyPart,
    view,
    pixels: { bitsStored, voi, photometric: what.negative === undefined ? 'MONOCHROME2' : 'MONOCHROME1' },
    syntax,
    spacing: Number((400 / Math.max(drawn.columns, drawn.rows)).toFixed(4)),
    without: withoutTags(what.flaw),
  };
  const whole = await dicomFile(film);
  const bytes = what.flaw === 'cut' ? whole.subarray(0, Math.floor(whole.length * 0.6)) : whole;
  const readable = what.flaw === undefined && what.other === undefined;
  const name = `${two(place.index + 1)}-${study.accession}.dcm`;
  return { name, bytes, note: noteOf(what), ...(readable ? { findings: what.findings } : {}) };
}

/** How many files a morning has: each case, what is sent again, the first one once more, and a letter. */
export const MORNING_FILES = CASES.length + CASES.filter(({ resent }) => resent === true).length + 2;

const DATE = '20260112';

/** One film of the morning, by its place in it from 0, without drawing those before it. Throws where there is none. */
export async function filmOfMorning(seed: number, index: number, { size = 1024, date = DATE }: MorningOptions = {}) {
  const what = CASES[index];
  if (what === undefined) throw new Error(`the morning has no film ${index}`);
  return arrivalOf(what, { seed, size, date, index });
}

/**
 * Thirty studies, three resends and a letter, in the order of their arrival: normal and ill, a child, hand, knee, skull, side view,
 * turned, inverted, blank and broken ones. The same seed and options always give the same bytes.
 */
export async function* morning(seed: number, options: MorningOptions = {}): AsyncGenerator<Arrival> {
  const { size = 1024, date = DATE } = options;
  let first: Arrival | undefined;
  for (const [index, what] of CASES.entries()) {
    const arrival = await arrivalOf(what, { seed, size, date, index });
    first ??= arrival;
    yield arrival;
    if (what.resent !== undefined) yield { ...arrival, name: arrival.name.replace('.dcm', '-again.dcm') };
  }
  if (first === undefined) return;
  const late = { vi: 'phim đầu tiên được gửi lại lúc cuối buổi', en: 'the first film, sent again at the end' };
  yield { ...first, name: first.name.replace('.dcm', '-again.dcm'), note: late };
  const letter = new TextEncoder().encode('Kính gửi phòng X-quang, đây không phải tệp DICOM.\n');
  yield { name: 'letter.txt', bytes: letter, note: { vi: 'không phải tệp DICOM', en: 'not a DICOM file' } };
}
