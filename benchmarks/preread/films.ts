// Phantom films in the kinds that hospitals send → DICOM bytes, each film another study.
import { drawChest } from '../../datasets/phantom-cxr/chest.ts';
import { type FilmFile, dicomFile } from '../../datasets/phantom-cxr/dicom/file.ts';
import { inventPerson } from '../../datasets/phantom-cxr/dicom/people.ts';
import type { SyntaxName } from '../../datasets/phantom-cxr/dicom/syntax.ts';

export interface Kind {
  readonly name: string;
  readonly syntax: SyntaxName;
  readonly bitsStored: 8 | 12;
  readonly size: number;
}

/** The size of the full-field films is that of a common detector (2000 × 2128 after cropping). */
export const KINDS: readonly Kind[] = [
  { name: 'plain 1024, 8 bit', syntax: 'explicit-little', bitsStored: 8, size: 1024 },
  { name: 'plain 2128, 12 bit', syntax: 'explicit-little', bitsStored: 12, size: 2128 },
  { name: 'JPEG 2128, 8 bit', syntax: 'jpeg-baseline', bitsStored: 8, size: 2128 },
  { name: 'JPEG 2000 2128, 12 bit', syntax: 'jpeg-2000', bitsStored: 12, size: 2128 },
  { name: 'HTJ2K 2128, 12 bit', syntax: 'htj2k', bitsStored: 12, size: 2128 },
];

const DATE = '20260112';

/** The first kind whose name begins so. */
export function kindNamed(start: string): Kind {
  const kind = KINDS.find(({ name }) => name.startsWith(start));
  if (kind === undefined) throw new Error(`no kind of film begins with ${start}`);
  return kind;
}

/** `count` films of one kind; a few drawings, many identities, since drawing costs more than reading. */
export async function filmsOf(kind: Kind, count: number, drawings = 4): Promise<Uint8Array[]> {
  const drawn = Array.from({ length: drawings }, (_, seed) =>
    drawChest(9000 + seed, { size: kind.size, ageBand: 'adult', view: 'PA' }),
  );
  const films: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const chest = drawn[index % drawings];
    if (chest === undefined) throw new Error('nothing drawn');
    const { subject, plane, gray } = chest;
    const film: FilmFile = {
      person: inventPerson(70_000 + index, { sex: subject.sex, ageYears: subject.ageYears, studyDate: DATE }),
      study: {
        key: `benchmark ${kind.name} ${index}`,
        accession: `BM${String(index).padStart(6, '0')}`,
        date: DATE,
        time: '070000',
        station: 'BENCH',
        department: 'Benchmark',
      },
      gray,
      columns: plane.width,
      rows: plane.height,
      modality: 'DX',
      bodyPart: 'CHEST',
      view: 'PA',
      pixels: { bitsStored: kind.bitsStored, voi: 'linear', photometric: 'MONOCHROME2' },
      syntax: kind.syntax,
      spacing: 0.2,
    };
    films.push(await dicomFile(film));
  }
  return films;
}
