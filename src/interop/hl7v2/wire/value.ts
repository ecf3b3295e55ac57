// One repetition of OBX-5 and its type come in, the value goes out; nothing is guessed: a text stays a text.
import { componentOf, type Message, type Segment, textOf, valueOf } from './message.ts';
import { isoTime } from './time.ts';

export type Comparator = '<' | '<=' | '>' | '>=';

export interface Value {
  readonly value: number | string;
  readonly comparator?: Comparator;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const CODED_TYPES: ReadonlySet<string> = new Set(['CE', 'CWE', 'CNE', 'CF', 'IS', 'ID']);
const TIME_TYPES: ReadonlySet<string> = new Set(['DT', 'DTM', 'TS']);
/** Files, references to files, and wave forms: no value that anything here could use. */
const FILE_TYPES: ReadonlySet<string> = new Set(['ED', 'RP', 'MA', 'NA', 'CD']);
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
export const isFileType = (type: string): boolean => FILE_TYPES.has(type);

const isComparator = (text: string): text is Comparator => ['<', '<=', '>', '>='].includes(text);

/** `>^10`; a ratio or range (`1^:^128`) is a text. */
function structured(message: Message, repetition: string): Value | undefined {
  const part = (component: number): string => componentOf(message, repetition, component);
  const [comparator, first, separator, second] = [part(1), part(2), part(3), part(4)];
  if (!NUMBER.test(first) || (second !== '' && !NUMBER.test(second))) return undefined;
  if (separator !== '' || second !== '') return { value: `${comparator}${first}${separator}${second}` };
  if (comparator === '' || comparator === '=') return { value: Number(first) };
  return isComparator(comparator) ? { value: Number(first), comparator } : { value: `${comparator}${first}` };
}

/** The words of either coding or the original text, or a code where there are none. */
function coded(message: Message, repetition: string): Value {
  const [value = ''] = [2, 5, 9, 1, 4]
    .map((component) => componentOf(message, repetition, component))
    .filter((part) => part !== '');
  return { value };
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
  if (type !== 'NM') return { value: text };
  const value = Number(text.trim());
  return NUMBER.test(text.trim()) && Number.isFinite(value) ? { value } : undefined;
}

/** A repetition of nothing but separators. */
export function saysNothing({ delimiters }: Message, repetition: string): boolean {
  const { component, subcomponent } = delimiters;
  for (const character of repetition) if (character !== component && character !== subcomponent) return false;
  return true;
}

/** OBX-6. A power written without escape (`10^9/L`) would lose all but its base. */
export function unitOf(message: Message, obx: Segment): string {
  const [code, text] = [valueOf(message, obx, 6), valueOf(message, obx, 6, 2)];
  return /^x?10$/i.test(code) && /^\d{1,2}\//.test(text) ? `${code}^${text}` : code || text;
}
