// One repetition of OBX-5 as a value of its type. Numbers are read by terminology's reader alone, so that HL7 says the same as every
// other door; what it does not read stays a text, or is a fault where the type promises a number.
import type { Coding } from '#kernel/coding.ts';
import { type Comparator, readNumber } from '#terminology/number.ts';
import { ucumOf } from '#terminology/units.ts';
import { componentOf, type Message, type Segment, textOf, valueOf } from './message.ts';
import { isoTime } from './time.ts';

export interface Value {
  readonly value: number | string;
  readonly comparator?: Comparator;
  /** All codings of a coded value. */
  readonly answers?: readonly Coding[];
}

const NUMBER = /^[+-]?(\d+(?:\.\d*)?|\.\d+)$/;
const CODED_TYPES: ReadonlySet<string> = new Set(['CE', 'CWE', 'CNE', 'CF', 'IS', 'ID']);
const TIME_TYPES: ReadonlySet<string> = new Set(['DT', 'DTM', 'TS']);
/** Table 0125 as in 2.3.1 to 2.7: any data type. */
const TYPES: ReadonlySet<string> = new Set(
  (
    'AD AUI CCD CCP CD CE CF CK CM CN CNE CP CQ CSU CWE CX DDI DIN DLD DLN DLT DR DT DTM DTN ED EI EIP ' +
    'ELD ERL FC FN FT GTS HD ICD ID IS JCC LA1 LA2 MA MF MO MOC MOP NA NDL NM NR OCD OSD OSP PIP PL PLN ' +
    'PN PPN PRL PT PTA QIP QSC RCD RFR RI RMC RP RPT SAD SCV SI SN SNM SPD SPS SRT ST TM TN TQ TS TX UVC ' +
    'VH VID VR WVI WVS XAD XCN XON XPN XTN'
  ).split(' '),
);

export const isValueType = (type: string): boolean => TYPES.has(type);

function numberIn(text: string): Value | undefined {
  const read = readNumber(text);
  if (read === undefined) return undefined;
  const { value, comparator } = read;
  return { value, ...(comparator === undefined ? {} : { comparator }) };
}

/** What NM allows and the reader does not read (`+5`, `.5`, seventeen digits) is kept as it was written. */
const numeric = (text: string): Value | undefined =>
  numberIn(text) ?? (NUMBER.test(text) ? { value: text } : undefined);

/** `>^10`; a ratio or range (`1^:^128`) is a text. */
function structured(message: Message, repetition: string): Value | undefined {
  const part = (component: number): string => componentOf(message, repetition, component);
  const [comparator, first, separator, second] = [part(1), part(2), part(3), part(4)];
  if (numeric(first) === undefined || (second !== '' && numeric(second) === undefined)) return undefined;
  const text = `${comparator === '=' ? '' : comparator}${first}${separator}${second}`;
  return (separator === '' && second === '' ? numberIn(text) : undefined) ?? { value: text };
}

/** The codings of a CE, CWE or CNE (code, words, system), first and alternates. Without a code a triplet says nothing. */
export function codingsOf(message: Message, repetition: string): readonly Coding[] {
  const part = (component: number): string => componentOf(message, repetition, component);
  return [1, 4, 10].flatMap((at) => {
    const [code, text, system] = [part(at), part(at + 1), part(at + 2)];
    return code === '' ? [] : [{ system, code, ...(text === '' ? {} : { text }) }];
  });
}

/** The words of either coding or the original text, or a code where there are none; the codes stand beside them. */
function coded(message: Message, repetition: string): Value {
  const [value = ''] = [2, 5, 9, 1, 4]
    .map((component) => componentOf(message, repetition, component))
    .filter((part) => part !== '');
  const answers = codingsOf(message, repetition);
  return { value, ...(answers.length === 0 ? {} : { answers }) };
}

/** Undefined where the value does not fit its type. */
export function valueIn(message: Message, type: string, repetition: string): Value | undefined {
  if (type === 'SN') return structured(message, repetition);
  if (CODED_TYPES.has(type)) return coded(message, repetition);
  if (TIME_TYPES.has(type)) {
    const value = isoTime(componentOf(message, repetition, 1), message.zone);
    return value === undefined ? undefined : { value };
  }
  const text = textOf(message, repetition);
  return type === 'NM' ? numeric(text.trim()) : { value: text };
}

/** A repetition of nothing but separators. */
export function saysNothing({ delimiters }: Message, repetition: string): boolean {
  const { component, subcomponent } = delimiters;
  for (const character of repetition) if (character !== component && character !== subcomponent) return false;
  return true;
}

/** OBX-6, in either triplet. A power written without escape (`10^9/L`) would lose all but its base. */
export function unitOf(message: Message, obx: Segment): string {
  const [code = '', text = '', , other = '', otherText = ''] = [1, 2, 3, 4, 5].map((at) =>
    valueOf(message, obx, 6, at),
  );
  if (/^x?10$/i.test(code) && /^\d{1,2}\//.test(text)) return `${code}^${text}`;
  return [code, text, other, otherText].find((unit) => ucumOf(unit) !== undefined) ?? (code || text || other);
}
