// A parsed data set as elements to be written again, in either little-endian encoding: values keep their bytes.
import type { DataSet as ReadSet } from '#dicom/read/element.ts';
import { vrOf } from '#dicom/read/dictionary.ts';
import { itemsOf } from '#dicom/read/reader.ts';
import { bytes, type DataSet, sequence } from './element.ts';

/** Only for uncompressed little-endian sets: fragments and big-endian words would need more than a copy. */
export function recoded(set: ReadSet): DataSet {
  return [...set.elements.values()]
    .filter(({ tag }) => (tag & 0xffff) !== 0)
    .map((element) => {
      const vr = vrOf(element);
      if (vr !== 'SQ') return bytes(element.tag, vr, element.bytes);
      return sequence(element.tag, ...itemsOf(set, element.tag).map(recoded));
    });
}
