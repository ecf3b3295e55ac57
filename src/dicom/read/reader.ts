// Bytes of a data set → elements by tag (PS3.5 section 7): explicit and implicit VR, either byte order, undefined lengths, fragments.
import type { DataSet, Element, Encoding } from './element.ts';
import { asciiValues, tagText } from './element.ts';
import { dicomErrors } from '#dicom/errors.ts';

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
export const PIXEL_DATA = 0x7fe00010;
const CHARACTER_SET = 0x00080005;

/** VRs whose length field has 32 bits after two reserved bytes. */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** A data set nested deeper than this is an attack on the stack, not a report. */
const MAX_DEPTH = 32;

export interface ReadOptions {
  readonly encoding: Encoding;
  /** Where the data set ends; the end of `bytes` by default. */
  readonly end?: number;
  /** Inherited by items that do not set their own. */
  readonly characterSet?: readonly string[];
  readonly depth?: number;
  /** Stop before the first element whose group differs (used for the file meta information). */
  readonly onlyGroup?: number;
}

interface Header {
  readonly tag: number;
  readonly vr: string | undefined;
  readonly length: number;
  readonly valueAt: number;
}

export interface ReadResult {
  readonly set: DataSet;
  /** Offset of the first byte that was not read. */
  readonly next: number;
}

const isVr = (first: number, second: number): boolean =>
  first >= 0x41 && first <= 0x5a && second >= 0x41 && second <= 0x5a;

const truncated = (tag: number): Error =>
  dicomErrors.error('truncated', { field: tagText(tag), reason: `the data set ends inside ${tagText(tag)}` });

function readTag(bytes: Buffer, at: number, { bigEndian }: Encoding): number {
  const group = bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
  const element = bigEndian ? bytes.readUInt16BE(at + 2) : bytes.readUInt16LE(at + 2);
  return group * 0x10000 + element;
}

const readLong = (bytes: Buffer, at: number, { bigEndian }: Encoding): number =>
  bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);

function readHeader(bytes: Buffer, at: number, end: number, encoding: Encoding): Header {
  const tag = readTag(bytes, at, encoding);
  // Items and delimiters never carry a VR. An element without a VR in an explicit data set is read as implicit: some
  // writers copy private elements so, and the length then still leads to the next element.
  const explicit = encoding.explicitVr && tag < ITEM && isVr(bytes[at + 4]!, bytes[at + 5]!);
  if (!explicit) return { tag, vr: undefined, length: readLong(bytes, at + 4, encoding), valueAt: at + 8 };
  const vr = bytes.toString('latin1', at + 4, at + 6);
  if (!LONG_VRS.has(vr)) {
    const length = encoding.bigEndian ? bytes.readUInt16BE(at + 6) : bytes.readUInt16LE(at + 6);
    return { tag, vr, length, valueAt: at + 8 };
  }
  if (at + 12 > end) throw truncated(tag);
  return { tag, vr, length: readLong(bytes, at + 8, encoding), valueAt: at + 12 };
}

const isZero = (bytes: Buffer, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
};

/**
 * Reads elements from `start` to the end (or to the item's end marker, when nested with undefined length).
 * Throws dicom.truncated where a value is longer than what is left, dicom.broken-dataset where the nesting is impossible.
 */
export function readDataSet(bytes: Buffer, start: number, options: ReadOptions): ReadResult {
  return readElements(bytes, start, { ...options, untilMarker: false });
}

interface WalkOptions extends ReadOptions {
  /** True inside an item of undefined length: its end is a marker, and without it the file is cut. */
  readonly untilMarker: boolean;
}

function readElements(bytes: Buffer, start: number, options: WalkOptions): ReadResult {
  const { encoding, end = bytes.length, depth = 0, onlyGroup, untilMarker } = options;
  if (depth > MAX_DEPTH) throw dicomErrors.error('broken-dataset', { reason: 'sequences are nested too deeply' });
  const elements = new Map<number, Element>();
  const set = { encoding, elements, characterSet: options.characterSet ?? [] };
  let at = start;
  while (at < end) {
    if (at + 8 > end) {
      // A lone pad byte, or zeros after the last element, carry nothing.
      if (!untilMarker && isZero(bytes, at, end)) break;
      throw dicomErrors.error('truncated', { reason: 'the data set ends inside the header of an element' });
    }
    const header = readHeader(bytes, at, end, encoding);
    if (onlyGroup !== undefined && Math.floor(header.tag / 0x10000) !== onlyGroup) return { set, next: at };
    if (header.tag === ITEM_END || header.tag === SEQUENCE_END) {
      if (untilMarker && header.tag === ITEM_END) return { set, next: header.valueAt };
      if (header.length !== 0) throw dicomErrors.error('broken-dataset', { reason: 'a delimiter has a length' });
      // A delimiter left over outside any sequence says nothing, and other readers skip it.
      at = header.valueAt;
      continue;
    }
    if (header.tag === 0 && elements.has(PIXEL_DATA) && isZero(bytes, at, end)) break;
    const { element, next } = readElement(bytes, header, { ...options, characterSet: set.characterSet, depth, end });
    elements.set(element.tag, element);
    if (element.tag === CHARACTER_SET) set.characterSet = asciiValues(set, CHARACTER_SET);
    at = next;
  }
  if (untilMarker) throw dicomErrors.error('truncated', { reason: 'a sequence has no end' });
  return { set, next: Math.max(at, end) };
}

interface ElementOptions extends ReadOptions {
  readonly end: number;
  readonly depth: number;
}

function readElement(bytes: Buffer, header: Header, options: ElementOptions): { element: Element; next: number } {
  const { tag, vr, length, valueAt } = header;
  const empty = bytes.subarray(valueAt, valueAt);
  if (length !== UNDEFINED_LENGTH) {
    if (valueAt + length > options.end) throw truncated(tag);
    return { element: { tag, vr, bytes: bytes.subarray(valueAt, valueAt + length) }, next: valueAt + length };
  }
  if (tag === PIXEL_DATA && vr !== 'SQ') {
    const { fragments, next } = readFragments(bytes, valueAt, options);
    return { element: { tag, vr, bytes: empty, fragments }, next };
  }
  // UN of undefined length holds a sequence in implicit VR little endian, whatever is around it (PS3.5 6.2.2).
  const encoding = vr === 'UN' ? { explicitVr: false, bigEndian: false } : options.encoding;
  const { items, next } = readItems(bytes, valueAt, { ...options, encoding });
  return { element: { tag, vr, bytes: empty, items }, next };
}

function readItems(bytes: Buffer, start: number, options: ElementOptions): { items: DataSet[]; next: number } {
  const { encoding, end, depth } = options;
  const items: DataSet[] = [];
  let at = start;
  while (at + 8 <= end) {
    const tag = readTag(bytes, at, encoding);
    const length = readLong(bytes, at + 4, encoding);
    at += 8;
    if (tag === SEQUENCE_END) return { items, next: at };
    if (tag !== ITEM) throw dicomErrors.error('broken-dataset', { reason: 'a sequence holds something but items' });
    const open = length === UNDEFINED_LENGTH;
    if (!open && at + length > end) throw truncated(tag);
    const itemEnd = open ? end : at + length;
    const { characterSet = [] } = options;
    const item = readElements(bytes, at, { encoding, characterSet, depth: depth + 1, end: itemEnd, untilMarker: open });
    items.push(item.set);
    at = open ? item.next : itemEnd;
  }
  throw dicomErrors.error('truncated', { reason: 'a sequence has no end' });
}

function readFragments(bytes: Buffer, start: number, options: ElementOptions): { fragments: Buffer[]; next: number } {
  const { encoding, end } = options;
  const fragments: Buffer[] = [];
  let at = start;
  while (at + 8 <= end) {
    const tag = readTag(bytes, at, encoding);
    const length = readLong(bytes, at + 4, encoding);
    at += 8;
    if (tag === SEQUENCE_END) return { fragments, next: at };
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw dicomErrors.error('broken-fragments', { reason: 'the pixel data hold something but fragments' });
    }
    if (at + length > end) throw truncated(PIXEL_DATA);
    fragments.push(bytes.subarray(at, at + length));
    at += length;
  }
  throw dicomErrors.error('truncated', { field: tagText(PIXEL_DATA), reason: 'the pixel data have no end marker' });
}

/** The items of a sequence, walked only now where its length was written. Absent: no items. */
export function itemsOf(set: DataSet, tag: number): readonly DataSet[] {
  const element = set.elements.get(tag);
  if (element === undefined) return [];
  if (element.items !== undefined) return element.items;
  const { bytes, vr } = element;
  const encoding = vr === 'UN' ? { explicitVr: false, bigEndian: false } : set.encoding;
  const items: DataSet[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const itemTag = readTag(bytes, at, encoding);
    const length = readLong(bytes, at + 4, encoding);
    at += 8;
    if (itemTag === SEQUENCE_END) break;
    if (itemTag !== ITEM) {
      throw dicomErrors.error('broken-dataset', { field: tagText(tag), reason: `${tagText(tag)} is not a sequence` });
    }
    const open = length === UNDEFINED_LENGTH;
    if (!open && at + length > bytes.length) throw truncated(tag);
    const item = readElements(bytes, at, {
      encoding,
      end: open ? bytes.length : at + length,
      characterSet: set.characterSet,
      depth: 1,
      untilMarker: open,
    });
    items.push(item.set);
    at = open ? item.next : at + length;
  }
  return items;
}
