// Reads a token parameter as alternatives of system and value.
import { fhirErrors } from '#interop/fhir/errors.ts';

export interface Token {
  /** Absent: any system; empty: none. */
  readonly system?: string;
  /** Empty: any value of the system. */
  readonly value: string;
}

/** Of one list of alternatives. */
const MOST_VALUES = 100;

const refuse = (field: string, reason: string) => fhirErrors.error('bad-parameter', { field, reason });

/** Splits at `separator` where it is not escaped with a backslash. */
function split(text: string, separator: ',' | '|'): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') {
      at += 1;
      parts[parts.length - 1] += `\\${text[at] ?? ''}`;
    } else if (character === separator) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

export const unescape = (text: string): string => text.replaceAll(/\\(.)/gs, '$1');

export function tokenOf(name: string, text: string): Token {
  const parts = split(text, '|').map(unescape);
  if (parts.length > 2) throw refuse(name, 'more than one | in a token');
  const [first = '', second] = parts;
  return second === undefined ? { value: first } : { system: first, value: second };
}

export function valuesOf(name: string, text: string): readonly string[] {
  const values = split(text, ',');
  if (values.some((value) => value === '')) throw refuse(name, 'an empty value');
  if (values.length > MOST_VALUES) throw refuse(name, `more than ${MOST_VALUES} values`);
  return values;
}

/** A reference may bear this server's whole address (R4). */
export const withoutBase = (text: string, base: string | undefined): string =>
  base !== undefined && text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text;

/** `Patient/123` or `123`: the patient's code. Another server's address cannot be resolved here, and silence would read as "nothing". */
export function patientToken(name: string, text: string): Token {
  const value = unescape(text);
  if (/^[a-z]+:\/\//i.test(value))
    throw refuse(name, 'the address of another server cannot be resolved here; send the identifier');
  return { value: value.replace(/^Patient\//, '') };
}
