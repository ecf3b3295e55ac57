// Coded concepts as DICOM writes them (PS3.3 section 8.8), and the concepts that every result uses.
import { type DataSet, text } from './element.ts';

export interface Code {
  readonly value: string;
  /** `DCM`, `SCT`, `UCUM`, or a private scheme that begins with `99`. */
  readonly scheme: string;
  readonly meaning: string;
}

export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
export const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
export const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });

/** Concepts that no public scheme has; PS3.16 section 8.2 reserves `99…` for such schemes. */
const OWN_SCHEME = '99HAIDANG';
export const own = (value: string, meaning: string): Code => ({ value, scheme: OWN_SCHEME, meaning });

/** Code Value holds 16 characters; a longer one goes into Long Code Value. */
export const codeItem = ({ value, scheme, meaning }: Code): DataSet => [
  value.length <= 16 ? text(0x00080100, 'SH', value) : text(0x00080119, 'UC', value),
  text(0x00080102, 'SH', scheme),
  text(0x00080104, 'LO', meaning.slice(0, 64)),
];

export const SOURCE_IMAGE = dcm('121322', 'Source image for image processing operation');
