// Bytes of a data set → elements by tag (PS3.5 section 7): explicit and implicit VR, either byte order, undefined lengths, fragments.
import type { DataSet, Element, Encoding } from './element.ts';
import { asciiValues, tagText } from './element.ts';
import { type Header, isKnownVr, ITEM, readHeader, readLong, readTag, truncated, UNDEFINED_LENGTH } from './header.ts';
import { CareError } from '#kernel/errors.ts';
import { dicomErrors } from '#dicom/errors.ts';

const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
export const PIXEL_DATA = 0x7fe00010;
const CHARACTER_SET = 0x00080005;

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

export interface ReadResult {
  readonly set: DataSet;
  /** Offset of the first byte that was not read. */
  readonly next: number;
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
      if (!untilMarker && (isDone(elements, depth) || isZero(bytes, at, end))) break;
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
    // Elements stand in ascending order: what follows the pixel data and is no later element is the rest of another file or a block.
    if (isDone(elements, depth) && header.tag <= PIXEL_DATA) break;
    const read = attemptElement(bytes, header, { ...options, characterSet: set.characterSet, depth, end });
    if ('refusal' in read) {
      if (isDone(elements, depth)) break;
      throw read.refusal;
    }
    const { element, next } = read;
    elements.set(element.tag, element);
    if (element.tag === CHARACTER_SET) set.characterSet = asciiValues(set, CHARACTER_SET);
    at = next;
  }
  if (untilMarker) throw dicomErrors.error('truncated', { reason: 'a sequence has no end' });
  return { set, next: Math.max(at, end) };
}

/** The picture has been read: bytes behind it that are no element do it no harm. */
const isDone = (elements: ReadonlyMap<number, Element>, depth: number): boolean =>
  depth === 0 && elements.has(PIXEL_DATA);

type ElementRead = { readonly element: Element; readonly next: number } | { readonly refusal: CareError };

function attemptElement(bytes: Buffer, header: Header, options: ElementOptions): ElementRead {
  try {
    return readElement(bytes, header, options);
  } catch (thrown) {
    if (thrown instanceof CareError) return { refusal: thrown };
    throw thrown;
  }
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
  const encoding = itemEncoding(bytes.subarray(valueAt), vr, options.encoding);
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

/**
 * UN of undefined length holds a sequence in implicit VR little endian, whatever is around it (PS3.5 6.2.2); some writers keep the
 * explicit VRs inside, which the first element of the first item shows.
 */
function itemEncoding(bytes: Buffer, vr: string | undefined, around: Encoding): Encoding {
  if (vr !== 'UN') return around;
  const first = 8;
  const written = bytes.toString('latin1', first + 4, first + 6);
  return { explicitVr: isKnownVr(written), bigEndian: false };
}

/** The items of a sequence, walked only now where its length was written. Absent: no items. */
export function itemsOf(set: DataSet, tag: number): readonly DataSet[] {
  const element = set.elements.get(tag);
  if (element === undefined) return [];
  if (element.items !== undefined) return element.items;
  const { bytes, vr } = element;
  const encoding = itemEncoding(bytes, vr, set.encoding);
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
