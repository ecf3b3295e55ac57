// A LUT sequence item (LUT Descriptor and LUT Data, PS3.3 C.11) → a table that maps one input value to one output value.
import { type DataSet, shorts, tagText } from '#dicom/read/element.ts';
import { dicomErrors } from '#dicom/errors.ts';

export interface LookupTable {
  /** Input value of the first entry; lower ones get the first entry, higher ones the last. */
  readonly first: number;
  readonly entries: readonly number[];
  /** Highest output value of the depth that the entries have. */
  readonly peak: number;
}

export interface LookupTableTags {
  readonly descriptor: number;
  readonly data: number;
}

/** The tags inside Modality LUT and VOI LUT sequences. */
export const LUT_TAGS: LookupTableTags = { descriptor: 0x00283002, data: 0x00283006 };

/** `signedInput`: what the table is looked up with can be negative. Throws dicom.missing-tag, dicom.bad-tag. */
export function readLookupTable(
  set: DataSet,
  tags: LookupTableTags,
  { signedInput }: { readonly signedInput: boolean },
): LookupTable {
  const descriptor = set.elements.get(tags.descriptor);
  const signed = descriptor?.vr === 'SS' || (descriptor?.vr !== 'US' && signedInput);
  const [count, , bits] = shorts(set, tags.descriptor);
  const [, first] = shorts(set, tags.descriptor, { signed });
  if (count === undefined || first === undefined || bits === undefined) {
    throw dicomErrors.error('missing-tag', { field: tagText(tags.descriptor), reason: 'a LUT has no descriptor' });
  }
  // 0 stands for 65536, which 16 bits cannot hold.
  const length = count === 0 ? 65536 : count;
  const entries = readEntries(set, tags.data, length);
  if (entries.length < length) {
    throw dicomErrors.error('bad-tag', { field: tagText(tags.data), reason: 'a LUT does not fit its descriptor' });
  }
  return { first, entries, peak: peakOf(entries) };
}

/** The smallest depth that a table of grays is made in. */
const FEWEST_BITS = 8;

/**
 * The entries tell their depth, not the descriptor: 12-bit entries declared as 16 (a whole vendor's CR) would leave a film at a sixteenth of
 * its brightness, and entries above the declared depth would burn it out.
 */
function peakOf(entries: readonly number[]): number {
  const highest = entries.reduce((most, entry) => Math.max(most, entry), 0);
  return 2 ** Math.max(FEWEST_BITS, Math.ceil(Math.log2(highest + 1))) - 1;
}

function readEntries(set: DataSet, tag: number, length: number): readonly number[] {
  const bytes = set.elements.get(tag)?.bytes;
  if (bytes === undefined) {
    throw dicomErrors.error('missing-tag', { field: tagText(tag), reason: 'a LUT has no data' });
  }
  // Eight-bit entries may be packed two in a word, filled up to whole words.
  const packed = bytes.length === length || bytes.length === length + 1;
  return packed ? [...bytes.subarray(0, length)] : shorts(set, tag).slice(0, length);
}

export function lookUp({ first, entries }: LookupTable, value: number): number {
  const index = Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1);
  return entries[index] ?? 0;
}
