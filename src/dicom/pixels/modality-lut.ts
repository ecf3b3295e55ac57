// Stored values → the values that the modality means (PS3.3 C.11.1): rescale or Modality LUT Sequence, per frame in enhanced objects.
import { type DataSet, decimal, tagText } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';
import { LUT_TAGS, lookUp, readLookupTable } from './lookup-table.ts';
import { itemsOf } from '#dicom/read/reader.ts';

export type ValueMap = (value: number) => number;

const SHARED_GROUPS = 0x52009229;
const PER_FRAME_GROUPS = 0x52009230;
const PIXEL_VALUE_TRANSFORMATION = 0x00289145;
const FRAME_VOI_LUT = 0x00289132;
const INTERCEPT = 0x00281052;
const SLOPE = 0x00281053;
const MODALITY_LUT = 0x00283000;

/** The item of a functional group macro that holds for a frame: its own, else the shared one, else the data set itself. */
function groupFor(set: DataSet, macro: number, frame: number): DataSet {
  const own = itemsOf(set, PER_FRAME_GROUPS)[frame];
  const shared = itemsOf(set, SHARED_GROUPS)[0];
  for (const groups of [own, shared]) {
    const item = groups === undefined ? undefined : itemsOf(groups, macro)[0];
    if (item !== undefined) return item;
  }
  return set;
}

/** Where window and VOI LUT of a frame are. */
export const voiGroup = (set: DataSet, frame: number): DataSet => groupFor(set, FRAME_VOI_LUT, frame);

const identity: ValueMap = (value) => value;

/**
 * `frame` counts from 0. Without rescale and LUT the values stand for themselves.
 * Throws dicom.missing-tag where slope or intercept stands alone, dicom.bad-tag where they are no numbers.
 */
export function modalityMap(set: DataSet, frame: number, { signed }: { readonly signed: boolean }): ValueMap {
  const group = groupFor(set, PIXEL_VALUE_TRANSFORMATION, frame);
  const [lut] = itemsOf(set, MODALITY_LUT);
  if (lut !== undefined) {
    const table = readLookupTable(lut, LUT_TAGS, { signedInput: signed });
    return (value) => lookUp(table, value);
  }
  const slope = decimal(group, SLOPE);
  const intercept = decimal(group, INTERCEPT);
  if (slope === undefined && intercept === undefined) return identity;
  if (slope === undefined || intercept === undefined) {
    const missing = tagText(slope === undefined ? SLOPE : INTERCEPT);
    throw dicomErrors.error('missing-tag', { field: missing, reason: `${missing} is missing beside its partner` });
  }
  if (slope === 0) throw dicomErrors.error('bad-tag', { field: tagText(SLOPE), reason: 'the rescale slope is 0' });
  return slope === 1 && intercept === 0 ? identity : (value) => value * slope + intercept;
}
