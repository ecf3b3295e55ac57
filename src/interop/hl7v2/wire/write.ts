// Writes segments: escaped, in the default encoding characters, each ended by a carriage return.
import { withoutEnd } from '#kernel/text-end.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
  '\\': '\\E\\',
  '\n': '\\.br\\',
};

/** Control characters other than a line end have no place in a message. */
const CONTROL = /(?!\n)\p{Cc}/gu;

export const escapedText = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(CONTROL, ' ')
    .replaceAll(/[|^~&\\\n]/g, (character) => ESCAPES[character] ?? '');

/** A field of components; empty ones at its end are left out. */
export const components = (...parts: readonly (string | undefined)[]): string =>
  withoutEnd(parts.map((part) => escapedText(part ?? '')).join('^'), '^');

/** `fields` by their number, already escaped. */
export function segment(name: string, fields: Readonly<Record<number, string | undefined>>): string {
  const numbers = Object.keys(fields).map(Number);
  const last = Math.max(0, ...numbers.filter((number) => (fields[number] ?? '') !== ''));
  return `${[name, ...Array.from({ length: last }, (_, place) => fields[place + 1] ?? '')].join('|')}\r`;
}

/** MSH, whose first field is its separator. */
export const headerSegment = (fields: Readonly<Record<number, string | undefined>>): string => {
  const shifted = Object.fromEntries(Object.entries(fields).map(([number, value]) => [Number(number) - 1, value]));
  return segment('MSH', { ...shifted, 1: '^~\\&' });
};
