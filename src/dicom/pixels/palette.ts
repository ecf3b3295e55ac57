// Palette indices → luma in [0, 1], by the three palette colour tables of the data set (PS3.3 C.7.6.3.1.5).
import type { DataSet } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { lookUp, readLookupTable } from './lookup-table.ts';
import type { ValueMap } from './modality-lut.ts';

const RED = { descriptor: 0x00281101, data: 0x00281201 };
const GREEN = { descriptor: 0x00281102, data: 0x00281202 };
const BLUE = { descriptor: 0x00281103, data: 0x00281203 };
const SEGMENTED_RED = 0x00281221;

/** Throws dicom.unsupported-pixels for segmented palettes, dicom.missing-tag, dicom.bad-tag. */
export function paletteMap(set: DataSet, { signed }: { readonly signed: boolean }): ValueMap {
  if (set.elements.has(SEGMENTED_RED)) {
    throw dicomErrors.error('unsupported-pixels', { reason: 'a segmented colour palette' });
  }
  const read = (tags: typeof RED): ValueMap => {
    const table = readLookupTable(set, tags, { signedInput: signed });
    return (index) => lookUp(table, index) / table.peak;
  };
  const red = read(RED);
  const green = read(GREEN);
  const blue = read(BLUE);
  return (index) => 0.299 * red(index) + 0.587 * green(index) + 0.114 * blue(index);
}
