// Splits a message into segments; a field is cut and unescaped when it is asked for.
import type { Fault } from './fault.ts';

export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  /** Absent where a sender uses none. */
  readonly subcomponent: string | undefined;
}

export interface Segment {
  readonly name: string;
  /** Which one of its name in the message, from 1. */
  readonly sequence: number;
  /** As received, by number; of MSH the first is the separator itself. */
  readonly fields: readonly string[];
}

export type Charset = 'utf8' | 'latin1';

export interface Message {
  readonly delimiters: Delimiters;
  readonly charset: Charset;
  readonly segments: readonly Segment[];
  /** Of MSH-7, for times that name none (2.5.1, 2.15.9.7); absent: local. */
  readonly zone?: string;
}

/** Far beyond any real message: a bound for memory. */
const MOST_SEGMENTS = 20_000;
/** No segment of the standard has a hundred. */
const MOST_FIELDS = 200;
/** In characters; OBX-5, the longest field, has 99,999 (v2.5.1, table 7.4.2). */
const LONGEST_FIELD = 100_000;
/** Files, references to files, and wave forms in OBX-5 may be as long as a message: no value that anything here could use. */
const FILE_TYPES: ReadonlySet<string> = new Set(['ED', 'RP', 'MA', 'NA', 'CD']);
export const isFileType = (type: string): boolean => FILE_TYPES.has(type);
/** That there is one is all that is kept of a file. */
const KEPT_OF_FILE = 100;

const headerFault = (field?: number): Fault => ({
  name: field === undefined ? 'segment-order' : 'data-type',
  place: { segment: 'MSH', sequence: 1, ...(field !== undefined && { field }) },
});

const isDelimiter = (character: string): boolean => /^[!-/:-@[-`{-~]$/.test(character);

/** MSH-1 and MSH-2; the fifth encoding character (truncation, 2.7) is read over. */
export function readDelimiters(text: string): Delimiters | Fault {
  if (!text.startsWith('MSH')) return headerFault();
  const field = text[3] ?? '';
  if (!isDelimiter(field)) return headerFault(1);
  const encoding =
    text
      .slice(4, 10)
      .split(/[\r\n]/)[0]
      ?.split(field)[0] ?? '';
  const all = [field, ...encoding];
  if (encoding.length < 3 || encoding.length > 5 || !all.every(isDelimiter) || new Set(all).size !== all.length)
    return headerFault(2);
  const [component = '', repetition = '', escape = '', subcomponent] = encoding;
  return { field, component, repetition, escape, subcomponent };
}

/** Segments end with CR; LF and CRLF come from files and are read too. */
export function readSegments(text: string, delimiters: Delimiters): readonly Segment[] | Fault {
  const lines = text.split(/\r\n|\r|\n/, MOST_SEGMENTS + 1).filter((line) => line !== '');
  const seen = new Map<string, number>();
  const segments: Segment[] = [];
  for (const line of lines) {
    const [name = '', ...rest] = line.split(delimiters.field, MOST_FIELDS + 2);
    const first = segments.length === 0;
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name) || (name === 'MSH') !== first || segments.length === MOST_SEGMENTS) {
      const last = segments.at(-1);
      return { name: 'segment-order', place: { segment: last?.name ?? 'MSH', sequence: last?.sequence ?? 1 } };
    }
    const sequence = (seen.get(name) ?? 0) + 1;
    seen.set(name, sequence);
    if (name === 'OBX' && isFileType(rest[1] ?? '')) rest[4] = rest[4]?.slice(0, KEPT_OF_FILE) ?? '';
    const unfit = rest.findIndex((field) => field.length > LONGEST_FIELD || field.includes('\0'));
    if (unfit !== -1 || rest.length > MOST_FIELDS)
      return {
        name: 'data-type',
        place: { segment: name, sequence, field: (unfit === -1 ? MOST_FIELDS : unfit) + (first ? 2 : 1) },
      };
    segments.push({ name, sequence, fields: first ? [name, delimiters.field, ...rest] : [name, ...rest] });
  }
  return segments;
}

const hexText = (hex: string, charset: Charset): string | undefined =>
  hex.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(hex) ? Buffer.from(hex, 'hex').toString(charset) : undefined;

function formatted(code: string): string | undefined {
  if (/^\.(br|sp\d*)$/.test(code)) return '\n';
  if (/^\.sk\d*$/.test(code)) return ' ';
  return /^\.(in|ti)[+-]?\d+$|^\.(fi|nf|ce)$/.test(code) ? '' : undefined;
}

/** What stands between two escape characters; undefined for what is no escape sequence, such as the parts of a path. */
function escaped(code: string, { delimiters, charset }: Pick<Message, 'delimiters' | 'charset'>): string | undefined {
  const { field, component, repetition, escape, subcomponent } = delimiters;
  switch (code) {
    case 'F':
      return field;
    case 'S':
      return component;
    case 'R':
      return repetition;
    case 'E':
      return escape;
    case 'T':
      return subcomponent ?? '&';
    case 'P':
      return '#';
    case 'H':
    case 'N':
      return '';
    default:
      return code.startsWith('X') ? hexText(code.slice(1), charset) : formatted(code);
  }
}

function unescaped(text: string, message: Pick<Message, 'delimiters' | 'charset'>): string {
  const { escape } = message.delimiters;
  let out = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf(escape, at);
    if (open === -1) return out + text.slice(at);
    const close = text.indexOf(escape, open + 1);
    if (close === -1) return out + text.slice(at);
    const meant = escaped(text.slice(open + 1, close), message);
    out += text.slice(at, open) + (meant ?? escape);
    at = meant === undefined ? open + 1 : close + 1;
  }
}

/** Repetitions of a field as received; none for an empty one. `""` (delete what you have) is shown as empty. */
export function repetitionsOf(message: Message, segment: Segment, field: number): readonly string[] {
  const raw = segment.fields[field] ?? '';
  return raw === '' || raw === '""' ? [] : raw.split(message.delimiters.repetition);
}

/** The first subcomponent of a component (from 1) of a repetition. */
export function componentOf(message: Message, repetition: string, component: number): string {
  const { delimiters } = message;
  const raw = repetition.split(delimiters.component)[component - 1] ?? '';
  const [first = ''] = delimiters.subcomponent === undefined ? [raw] : raw.split(delimiters.subcomponent);
  return first === '""' ? '' : unescaped(first, message).trim();
}

/** A component (from 1) of the first repetition; '' where there is none. */
export const valueOf = (message: Message, segment: Segment, field: number, component = 1): string =>
  componentOf(message, repetitionsOf(message, segment, field)[0] ?? '', component);

/** The whole of a repetition as text: delimiters that stand in it by mistake stay as they are. */
export const textOf = (message: Message, repetition: string): string => unescaped(repetition, message);
