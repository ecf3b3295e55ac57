// What a parsed data set is: elements by tag, and how to read their values without guessing.
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

const latin = (bytes: Buffer): string => bytes.toString('latin1');

/** Values of a text VR whose repertoire is plain ASCII (CS, UI, DS, IS, DA, TM, AS, AE), padding removed. */
export function asciiValues(set: DataSet, tag: number): readonly string[] {
  const element = set.elements.get(tag);
  if (element === undefined || element.bytes.length === 0) return [];
  const text = latin(element.bytes).replace(/[\0 ]+$/, '');
  return text === '' ? [] : text.split('\\').map((value) => value.replace(/^[ ]+|[\0 ]+$/g, ''));
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

/** The one value of a US element. Throws dicom.bad-tag where it is not two bytes long. */
export function unsignedShort(set: DataSet, tag: number): number | undefined {
  const element = set.elements.get(tag);
  if (element === undefined || element.bytes.length === 0) return undefined;
  if (element.bytes.length === 2) return shorts(set, tag)[0];
  // Some writers use UL for what is US in the standard; the value is plain all the same.
  if (element.bytes.length === 4 && element.vr === 'UL') {
    return set.encoding.bigEndian ? element.bytes.readUInt32BE(0) : element.bytes.readUInt32LE(0);
  }
  throw dicomErrors.error('bad-tag', { field: tagText(tag), reason: `${tagText(tag)} is not one 16-bit number` });
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** DS or IS values. Throws dicom.bad-tag where one is not a number. */
export function decimals(set: DataSet, tag: number): readonly number[] {
  const element = set.elements.get(tag);
  if (element?.vr === 'FD' || element?.vr === 'FL') return floats(element, set.encoding);
  return asciiValues(set, tag)
    .filter((text) => text !== '')
    .map((text) => {
      const trimmed = text.trim();
      if (!DECIMAL.test(trimmed)) {
        throw dicomErrors.error('bad-tag', { field: tagText(tag), reason: `${tagText(tag)} is not a number` });
      }
      return Number(trimmed);
    });
}

function floats({ vr, bytes }: Element, { bigEndian }: Encoding): readonly number[] {
  const size = vr === 'FD' ? 8 : 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    size === 8 ? view.getFloat64(index * size, !bigEndian) : view.getFloat32(index * size, !bigEndian),
  );
}

/** The first DS or IS value. */
export const decimal = (set: DataSet, tag: number): number | undefined => decimals(set, tag)[0];
