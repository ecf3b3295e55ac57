// Judges the texts of a request before any schema or room reads them: a bound for their length and depth, and no NUL, which no database keeps.
// One place for all doors, so that a new field needs no bound of its own to be safe.
import { Readable } from 'node:stream';
import { httpErrors } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Longest text in the body or the query; absent: LONGEST_TEXT. */
    longestText?: number;
  }
}

/** In characters: a comment of two pages; no field of our own door is longer. */
export const LONGEST_TEXT = 10_000;
/** FHIR R4, datatypes: "Strings SHALL NOT exceed 1MB". For doors whose standard lets fields be sent that nothing here reads. */
export const LONGEST_FHIR_TEXT = 1024 * 1024;
/** Documents nest ten or twenty levels; what is deeper would be walked by recursion somewhere. */
const DEEPEST = 100;
const LONGEST_NAME = 1_000;

interface Fault {
  /** From the inside out. */
  readonly path: (string | number)[];
  readonly reason: string;
}

function faultOfText(text: string, longest: number): Fault | undefined {
  if (text.length > longest) return { path: [], reason: `is longer than ${longest} characters` };
  return text.includes('\0') ? { path: [], reason: 'holds a NUL character' } : undefined;
}

function within(fault: Fault | undefined, key: string | number): Fault | undefined {
  fault?.path.push(key);
  return fault;
}

function faultIn(value: unknown, longest: number, depth: number): Fault | undefined {
  if (typeof value === 'string') return faultOfText(value, longest);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === DEEPEST) return { path: [], reason: `is nested deeper than ${DEEPEST} levels` };
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      const fault = faultIn(value[at], longest, depth + 1);
      if (fault !== undefined) return within(fault, at);
    }
    return undefined;
  }
  if (value instanceof URLSearchParams) return faultIn([...value], longest, depth);
  // The reader of a stream bounds it.
  if (value instanceof Readable || ArrayBuffer.isView(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const fault = faultOfText(key, LONGEST_NAME);
    if (fault !== undefined) return { ...fault, reason: `a name ${fault.reason}` };
    // FHIR's base64Binary has no bound but the body's own, and is never read here.
    const found = key === 'data' && longest === LONGEST_FHIR_TEXT ? undefined : faultIn(member, longest, depth + 1);
    if (found !== undefined) return within(found, key);
  }
  return undefined;
}

/** Throws `http.invalid-request` naming the field. `place`: where it stands, for a value without a name. */
export function judgeTexts(value: unknown, place: string, longest = LONGEST_TEXT): void {
  const fault = faultIn(value, longest, 0);
  if (fault === undefined) return;
  const field = fault.path.length === 0 ? place : fault.path.reverse().join('.');
  throw httpErrors.error('invalid-request', { field, reason: fault.reason });
}
