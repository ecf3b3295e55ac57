// A parsed data set as elements to be written again in little-endian order: values keep their bytes, words of a big-endian file are turned.
import { vrOf } from '#dicom/read/dictionary.ts';
import type { DataSet as ReadSet, Element as ReadElement } from '#dicom/read/element.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { bytes, type DataSet, type Element, sequence } from './element.ts';

const WORD_BYTES: Readonly<Record<string, 2 | 4 | 8>> = {
  AT: 2,
  OW: 2,
  SS: 2,
  US: 2,
  FL: 4,
  OF: 4,
  OL: 4,
  SL: 4,
  UL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};

function turned(value: Buffer, size: 2 | 4 | 8): Buffer {
  const whole = Buffer.from(value.subarray(0, value.length - (value.length % size)));
  return size === 2 ? whole.swap16() : size === 4 ? whole.swap32() : whole.swap64();
}

/** Not for sequences and fragments. Pixel data that the file does not type are words where a pixel has more than a byte. */
export function recodedValue(set: ReadSet, element: ReadElement): Element {
  const vr = vrOf(element);
  const size = WORD_BYTES[vr];
  const value = set.encoding.bigEndian && size !== undefined ? turned(element.bytes, size) : element.bytes;
  return bytes(element.tag, vr, value);
}

/** For data sets whose pixels, if any, are not compressed. */
export const recoded = (set: ReadSet): DataSet =>
  [...set.elements.values()]
    .filter(({ tag }) => (tag & 0xffff) !== 0)
    .map((element) =>
      vrOf(element) === 'SQ'
        ? sequence(element.tag, ...itemsOf(set, element.tag).map(recoded))
        : recodedValue(set, element),
    );
