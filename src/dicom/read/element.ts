// A parsed data set: elements by tag, with readers of their values that never guess.
import { withoutEnd } from '#kernel/text-end.ts';
import { dicomErrors } from '#dicom/errors.ts';

export interface Encoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

export interface Element {
  readonly tag: number;
  /** As written in the file; undefined where the encoding is implicit. */
  readonly vr: string | undefined;
  /** The value field; empty where `items` or `fragments` hold the value. */
  readonly bytes: Buffer;
  /** Only for sequences of undefined length, which must be walked to find their end; see `itemsOf`. */
  readonly items?: readonly DataSet[];
  /** Only for encapsulated pixel data: the items, the offset table first. */
  readonly fragments?: readonly Buffer[];
}

export interface DataSet {
  readonly encoding: Encoding;
  readonly elements: ReadonlyMap<number, Element>;
  /** Specific Character Set of this item, or of the nearest one around it. */
  readonly characterSet: readonly string[];
}

/** `(0028,0010)`, as people write a tag. */
export function tagText(tag: number): string {
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

export const has = (set: DataSet, tag: number): boolean => (set.elements.get(tag)?.bytes.length ?? 0) > 0;

const PADDING = '\0\t\n\v\f\r \u00a0';

/** Padding by spaces, tabs, line ends or NUL; what follows a NUL was left in the writer's buffer. */
const unpadded = (text: string): string => (text.split('\0', 1)[0] ?? '').trim();

/** The longest text of DICOM but UT has 10,240 characters (LT); in the widest encoding that is less than this. */
const LONGEST_TEXT_BYTES = 64 * 1024;

/** Throws dicom.bad-tag for a text longer than any that is read here, before anything is made of it. */
export function boundedText(element: Element): Buffer {
  const { tag, bytes } = element;
  if (bytes.length <= LONGEST_TEXT_BYTES) return bytes;
  throw dicomErrors.error('bad-tag', {
    field: tagText(tag),
    reason: `${tagText(tag)} is longer than ${LONGEST_TEXT_BYTES} bytes`,
  });
}

/** Values of a text VR whose repertoire is plain ASCII (CS, UI, DS, IS, DA, TM, AS, AE), padding removed. */
export function asciiValues(set: DataSet, tag: number): readonly string[] {
  const element = set.elements.get(tag);
  if (element === undefined || element.bytes.length === 0) return [];
  const text = withoutEnd(boundedText(element).toString('latin1'), PADDING);
  return text === '' ? [] : text.split('\\').map(unpadded);
}

/** The first value, or undefined where the tag is absent or empty. */
export function ascii(set: DataSet, tag: number): string | undefined {
  const [first] = asciiValues(set, tag);
  return first === '' ? undefined : first;
}

/** All 16-bit values of a US, SS or OW element; signed ones where `signed`. */
export function shorts(set: DataSet, tag: number, options: { readonly signed?: boolean } = {}): readonly number[] {
  const element = set.elements.get(tag);
  if (element === undefined) return [];
  const { bytes } = element;
  const values: number[] = [];
  const { bigEndian } = set.encoding;
  for (let at = 0; at + 2 <= bytes.length; at += 2) {
    if (options.signed === true) values.push(bigEndian ? bytes.readInt16BE(at) : bytes.readInt16LE(at));
    else values.push(bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  }
  return values;
}

/** Bytes of one value of the VRs that hold binary numbers. */
const BYTES_PER_NUMBER: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

/** The values of an element whose VR says that it holds binary numbers, whatever VR the standard has for its tag. */
function binaryNumbers({ vr = '', bytes }: Element, { bigEndian }: Encoding): readonly number[] | undefined {
  const size = BYTES_PER_NUMBER[vr];
  if (size === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = {
    US: (at: number) => view.getUint16(at, !bigEndian),
    SS: (at: number) => view.getInt16(at, !bigEndian),
    UL: (at: number) => view.getUint32(at, !bigEndian),
    SL: (at: number) => view.getInt32(at, !bigEndian),
    FL: (at: number) => view.getFloat32(at, !bigEndian),
    FD: (at: number) => view.getFloat64(at, !bigEndian),
  }[vr];
  if (read === undefined) return undefined;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => read(index * size));
}

const WHOLE_NUMBER = /^\s*\+?\d{1,9}(?:[.,]0*)?[\0\s]*$/;

/** The one value of a US element, also where its VR is another binary one or a text. Throws dicom.bad-tag where it is not one whole number. */
export function unsignedShort(set: DataSet, tag: number): number | undefined {
  const element = set.elements.get(tag);
  if (element === undefined || element.bytes.length === 0) return undefined;
  const { bytes, vr } = element;
  if (bytes.length === 2 && (vr === undefined || !TEXT_VRS.has(vr))) return shorts(set, tag)[0];
  const [binary] = binaryNumbers(element, set.encoding) ?? [];
  if (binary !== undefined && Number.isInteger(binary) && binary >= 0 && isRestZero(element)) return binary;
  // Padded to four bytes.
  if (vr === undefined || vr === 'UN') {
    const padded = bytes.length > 2 && !set.encoding.bigEndian && bytes.subarray(2).every((byte) => byte === 0);
    if (padded) return bytes.readUInt16LE(0);
  }
  const text = boundedText(element).toString('latin1');
  if (vr !== undefined && TEXT_VRS.has(vr) && WHOLE_NUMBER.test(text))
    return Number(withoutEnd(text, PADDING).replace(',', '.'));
  throw dicomErrors.error('bad-tag', { field: tagText(tag), reason: `${tagText(tag)} is not one whole number` });
}

const TEXT_VRS = new Set(['IS', 'DS', 'CS', 'LO', 'SH', 'ST', 'LT', 'UT']);

/** Whether nothing but zeros follows the first value. */
function isRestZero({ vr = '', bytes }: Element): boolean {
  return bytes.subarray(BYTES_PER_NUMBER[vr] ?? 0).every((byte) => byte === 0);
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A decimal comma is read as a point: the DS of a writer that follows its country's language settings. */
function decimalOf(text: string): number {
  const written = text.includes('.') ? text : text.replace(',', '.');
  return DECIMAL.test(written) ? Number(written) : Number.NaN;
}

/** DS or IS values in their places; NaN where one is empty or no number. */
export function numbersOrNaN(set: DataSet, tag: number): readonly number[] {
  const element = set.elements.get(tag);
  if (element === undefined) return [];
  return binaryNumbers(element, set.encoding) ?? asciiValues(set, tag).map(decimalOf);
}

/** Spellings with which programs write that there is no number. */
const NO_NUMBER = /^(?:|[+-]?(?:\d\.#)?(?:s?q?nan|inf(?:inity)?|ind)(?:\(.*\))?0*)$/i;

/** The first DS or IS value; undefined where it is empty or written as NaN. Throws dicom.bad-tag where it is another text. */
export function decimal(set: DataSet, tag: number): number | undefined {
  const [first] = numbersOrNaN(set, tag);
  if (first === undefined || Number.isFinite(first)) return first;
  if (NO_NUMBER.test(asciiValues(set, tag)[0] ?? '')) return undefined;
  throw dicomErrors.error('bad-tag', { field: tagText(tag), reason: `${tagText(tag)} is not a number` });
}
