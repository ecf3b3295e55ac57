// Content items of a structured report (PS3.3 C.17.3), one function per value type.
import { type Code, codeItem } from './code.ts';
import { type DataSet, type Element, numbers, sequence, text } from './element.ts';
import { referenceTo, type SourceFilm } from './source-film.ts';

export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'SELECTED FROM';

const item = (relationship: Relationship, type: string, name: Code | undefined): Element[] => [
  text(0x0040a010, 'CS', relationship),
  text(0x0040a040, 'CS', type),
  ...(name === undefined ? [] : [sequence(0x0040a043, codeItem(name))]),
];

export const codeContent = (relationship: Relationship, name: Code, value: Code): DataSet => [
  ...item(relationship, 'CODE', name),
  sequence(0x0040a168, codeItem(value)),
];

export const textContent = (relationship: Relationship, name: Code, value: string): DataSet => [
  ...item(relationship, 'TEXT', name),
  text(0x0040a160, 'UT', value),
];

export const uidContent = (relationship: Relationship, name: Code, uid: string): DataSet => [
  ...item(relationship, 'UIDREF', name),
  text(0x0040a124, 'UI', uid),
];

/** DS holds 16 characters, so the exact number stands beside it as a double (PS3.3 table C.18.1-1). */
const decimalText = (value: number): string => {
  for (let digits = 15; digits > 8; digits -= 1) {
    const plain = String(Number(value.toPrecision(digits)));
    if (plain.length <= 16) return plain;
  }
  return value.toExponential(8);
};

export const numberContent = (name: Code, value: number, unit: Code): DataSet => [
  ...item('CONTAINS', 'NUM', name),
  sequence(0x0040a300, [
    sequence(0x004008ea, codeItem(unit)),
    text(0x0040a30a, 'DS', decimalText(value)),
    numbers(0x0040a161, 'FD', value),
  ]),
];

export const imageContent = (relationship: Relationship, film: SourceFilm): DataSet => [
  ...item(relationship, 'IMAGE', undefined),
  sequence(0x00081199, referenceTo(film)),
];

/** A closed line in pixels of the film: column and row, the top left corner of the film is 0, 0. */
export const regionContent = (
  name: Code,
  points: readonly (readonly [x: number, y: number])[],
  film: SourceFilm,
): DataSet => [
  ...item('CONTAINS', 'SCOORD', name),
  sequence(0x0040a730, imageContent('SELECTED FROM', film)),
  numbers(0x00700022, 'FL', ...points.flat()),
  text(0x00700023, 'CS', 'POLYLINE'),
];

export interface Container {
  readonly name: Code;
  readonly children: readonly DataSet[];
  /** A template of DCMR (PS3.16). */
  readonly template?: string;
}

/** Of the document's root: no relationship. */
export const rootContainer = ({ name, children, template }: Container): DataSet => [
  text(0x0040a040, 'CS', 'CONTAINER'),
  sequence(0x0040a043, codeItem(name)),
  text(0x0040a050, 'CS', 'SEPARATE'),
  ...(template === undefined
    ? []
    : [sequence(0x0040a504, [text(0x00080105, 'CS', 'DCMR'), text(0x0040db00, 'CS', template)])]),
  sequence(0x0040a730, ...children),
];

export const container = (content: Container): DataSet => [
  text(0x0040a010, 'CS', 'CONTAINS'),
  ...rootContainer(content),
];
