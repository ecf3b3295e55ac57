// The studies of the demo's morning as data: who, what is drawn, how the file is written, what is wrong with it.
import type { PixelStyle } from './dicom/stored.ts';
import type { SyntaxName } from './dicom/syntax.ts';
import type { FindingName } from './lesions.ts';
import type { OtherKind } from './others.ts';
import type { AgeBand, Sex, View } from './subject.ts';

/** How a film is spoilt, and how its file is. */
export type Flaw =
  | 'inverted'
  | 'turned'
  | 'upside-down'
  | 'blank'
  | 'cut'
  | 'no-photometric'
  | 'no-view'
  | 'knee-as-chest';

export interface Case {
  /** The patient; the same number twice is a patient with two studies. */
  readonly patient: number;
  readonly visit?: number;
  readonly age: AgeBand;
  readonly sex: Sex;
  readonly view: View;
  readonly findings: readonly FindingName[];
  readonly file: readonly [syntax: SyntaxName, bits: PixelStyle['bitsStored'], voi: PixelStyle['voi']];
  readonly negative?: true;
  readonly flaw?: Flaw;
  readonly other?: OtherKind;
  /** Sent again at once, byte for byte. */
  readonly resent?: true;
  /** Larger than the others by this factor. */
  readonly scale?: number;
}

export const CASES: readonly Case[] = [
  { patient: 1, age: 'adult', sex: 'M', view: 'PA', findings: [], file: ['explicit-little', 12, 'linear'] },
  {
    patient: 2,
    age: 'old',
    sex: 'F',
    view: 'PA',
    findings: ['Effusion'],
    file: ['jpeg-2000', 12, 'linear'],
    resent: true,
  },
  { patient: 3, age: 'adult', sex: 'F', view: 'PA', findings: [], file: ['jpeg-ls', 10, 'sigmoid'] },
  {
    patient: 4,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: ['Pneumothorax'],
    file: ['jpeg-lossless', 12, 'linear-exact'],
  },
  {
    patient: 5,
    age: 'old',
    sex: 'M',
    view: 'AP',
    findings: ['Cardiomegaly', 'Effusion'],
    file: ['implicit-little', 12, 'lut'],
    negative: true,
  },
  { patient: 6, age: 'adult', sex: 'F', view: 'PA', findings: [], file: ['deflated', 12, 'linear'] },
  {
    patient: 7,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 8, 'linear'],
    other: 'hand',
  },
  { patient: 8, age: 'child', sex: 'M', view: 'AP', findings: ['Consolidation'], file: ['rle', 12, 'rescale'] },
  { patient: 9, age: 'adult', sex: 'M', view: 'PA', findings: ['Nodule'], file: ['htj2k', 12, 'linear'] },
  { patient: 10, age: 'adult', sex: 'F', view: 'PA', findings: [], file: ['jpeg-baseline', 8, 'linear'] },
  {
    patient: 2,
    visit: 1,
    age: 'old',
    sex: 'F',
    view: 'PA',
    findings: ['Effusion', 'Nodule'],
    file: ['jpeg-2000', 12, 'linear'],
  },
  {
    patient: 11,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: ['Consolidation'],
    file: ['explicit-big', 14, 'linear'],
    negative: true,
  },
  { patient: 12, age: 'adult', sex: 'F', view: 'PA', findings: [], file: ['jpeg-2000', 12, 'linear'], flaw: 'cut' },
  {
    patient: 13,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 12, 'linear'],
    flaw: 'inverted',
  },
  { patient: 14, age: 'old', sex: 'F', view: 'AP', findings: ['Mass'], file: ['jpeg-ls', 12, 'linear'] },
  { patient: 15, age: 'child', sex: 'F', view: 'AP', findings: [], file: ['jpeg-lossless', 10, 'linear'] },
  {
    patient: 16,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: [],
    file: ['implicit-little', 10, 'linear'],
    flaw: 'turned',
  },
  { patient: 17, age: 'adult', sex: 'F', view: 'PA', findings: [], file: ['rle', 8, 'linear'], other: 'lateral' },
  {
    patient: 18,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: ['Cardiomegaly'],
    file: ['jpeg-2000-lossy', 12, 'linear'],
    scale: 1.9,
  },
  {
    patient: 19,
    age: 'adult',
    sex: 'F',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 16, 'modality-lut'],
    resent: true,
  },
  {
    patient: 20,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 12, 'linear'],
    flaw: 'knee-as-chest',
  },
  {
    patient: 4,
    visit: 1,
    age: 'adult',
    sex: 'M',
    view: 'AP',
    findings: ['Pneumothorax'],
    file: ['jpeg-ls-near', 12, 'linear'],
  },
  { patient: 21, age: 'old', sex: 'M', view: 'PA', findings: [], file: ['htj2k', 14, 'sigmoid'] },
  {
    patient: 22,
    age: 'adult',
    sex: 'F',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 12, 'linear'],
    flaw: 'no-photometric',
  },
  {
    patient: 23,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: ['Effusion'],
    file: ['jpeg-2000', 16, 'linear'],
    scale: 1.6,
  },
  { patient: 24, age: 'adult', sex: 'F', view: 'PA', findings: [], file: ['deflated', 8, 'linear'], flaw: 'no-view' },
  {
    patient: 25,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 12, 'linear'],
    flaw: 'upside-down',
  },
  {
    patient: 26,
    age: 'adult',
    sex: 'F',
    view: 'PA',
    findings: [],
    file: ['jpeg-lossless', 12, 'linear'],
    other: 'skull',
  },
  {
    patient: 27,
    age: 'adult',
    sex: 'M',
    view: 'PA',
    findings: [],
    file: ['explicit-little', 12, 'linear'],
    flaw: 'blank',
  },
  {
    patient: 5,
    visit: 1,
    age: 'old',
    sex: 'M',
    view: 'AP',
    findings: ['Cardiomegaly'],
    file: ['jpeg-baseline', 8, 'linear'],
  },
];
