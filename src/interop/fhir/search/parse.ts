// The parameters of a search come in, what is asked goes out; what is not known is named, what cannot be answered is refused.
import { fhirErrors } from '../errors.ts';
import type { TimeGroups } from '../ports.ts';
import { rangesOf } from './date.ts';

export interface Token {
  /** Absent: any system; empty: none. */
  readonly system?: string;
  /** Empty: any value of the system. */
  readonly value: string;
}

export interface SearchParameter {
  readonly name: string;
  readonly type: 'date' | 'token' | 'reference' | 'string';
  /** Which question it answers. */
  readonly asks: 'patient' | 'time' | 'identifier' | 'status' | 'code' | 'target' | 'actor' | 'entity' | 'model';
  /** Not one of R4's own: said in the CapabilityStatement. */
  readonly own?: true;
}

export interface Asked {
  readonly ids?: readonly string[];
  readonly times: TimeGroups;
  readonly updated: TimeGroups;
  /** Per parameter that was given: all must hold, and of each any value. */
  readonly tokens: readonly {
    readonly asks: SearchParameter['asks'];
    readonly name: string;
    readonly anyOf: readonly Token[];
  }[];
}

export interface ParsedSearch {
  readonly asked: Asked;
  readonly count: number;
  readonly after?: string;
  /** In the order given: for the self link. */
  readonly used: readonly (readonly [string, string])[];
  readonly unknown: readonly string[];
}

const DEFAULT_COUNT = 50;
const LARGEST_COUNT = 200;
/** Of one list of alternatives. */
const MOST_VALUES = 100;
/** About the answer, not about what is searched. */
const OF_THE_ANSWER = new Set(['_format', '_pretty']);
export const CURSOR = '_cursor';

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

const unescape = (text: string): string => text.replaceAll(/\\(.)/gs, '$1');

function tokenOf(name: string, text: string): Token {
  const parts = split(text, '|').map(unescape);
  if (parts.length > 2) throw refuse(name, 'more than one | in a token');
  const [first = '', second] = parts;
  return second === undefined ? { value: first } : { system: first, value: second };
}

function valuesOf(name: string, text: string): readonly string[] {
  const values = split(text, ',');
  if (values.some((value) => value === '')) throw refuse(name, 'an empty value');
  if (values.length > MOST_VALUES) throw refuse(name, `more than ${MOST_VALUES} values`);
  return values;
}

function countOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw refuse('_count', 'not a whole number');
  return Math.min(Number(text), LARGEST_COUNT);
}

/** `patient:identifier` and `patient.identifier` ask for the identifier of the reference; of no other is a modifier known. */
function parameterOf(
  name: string,
  known: readonly SearchParameter[],
): { parameter: SearchParameter; byIdentifier: boolean } | undefined {
  const [bare = '', modifier] = name.split(/[:.]/, 2);
  const parameter = known.find((one) => one.name === bare);
  if (parameter === undefined) return undefined;
  if (modifier === undefined) return { parameter, byIdentifier: false };
  const isPatient = parameter.asks === 'patient' && modifier === 'identifier' && name.length === bare.length + 11;
  if (!isPatient) throw refuse(name, 'this modifier or chain is not supported');
  return { parameter, byIdentifier: true };
}

/** `Patient/123` or `123`: the patient's code. Another server's address cannot be resolved here, and silence would read as "nothing". */
function patientToken(name: string, text: string): Token {
  const value = unescape(text);
  if (/^[a-z]+:\/\//i.test(value))
    throw refuse(name, 'the address of another server cannot be resolved here; send the identifier');
  return { value: value.replace(/^Patient\//, '') };
}

/** Throws `fhir.bad-parameter`; a parameter that is not known is listed in `unknown`. */
export function parseSearch(
  given: readonly (readonly [string, string])[],
  known: readonly SearchParameter[],
  now: Date,
): ParsedSearch {
  const used: (readonly [string, string])[] = [];
  const unknown: string[] = [];
  const times: TimeGroups[number][] = [];
  const updated: TimeGroups[number][] = [];
  const tokens: Asked['tokens'][number][] = [];
  let ids: readonly string[] | undefined;
  let count = DEFAULT_COUNT;
  let after: string | undefined;

  for (const [name, text] of given) {
    if (OF_THE_ANSWER.has(name)) continue;
    if (name === CURSOR) {
      after = text.slice(0, 200);
      continue;
    }
    if (name === '_count') count = countOf(text);
    else if (name === '_id') {
      const wanted = valuesOf(name, text).map(unescape);
      ids = ids === undefined ? wanted : ids.filter((id) => wanted.includes(id));
    } else if (name === '_lastUpdated') {
      updated.push(valuesOf(name, text).flatMap((value) => rangesOf(name, value, now)));
    } else {
      const found = parameterOf(name, known);
      if (found === undefined) {
        unknown.push(name);
        continue;
      }
      const { parameter, byIdentifier } = found;
      const values = valuesOf(name, text);
      if (parameter.asks === 'time') times.push(values.flatMap((value) => rangesOf(name, value, now)));
      else {
        const isPatient = parameter.asks === 'patient' && !byIdentifier;
        const anyOf = values.map((value) => (isPatient ? patientToken(name, value) : tokenOf(name, value)));
        tokens.push({ asks: parameter.asks, name, anyOf });
      }
    }
    used.push([name, text]);
  }
  return {
    asked: { ...(ids !== undefined && { ids }), times, updated, tokens },
    count,
    ...(after !== undefined && { after }),
    used,
    unknown,
  };
}
