// The header of an element: tag, VR and length (PS3.5 7.1), also as writers with unknown or missing VRs leave it.
import { type Encoding, tagText } from './element.ts';
import { dicomErrors } from '#dicom/errors.ts';

export const UNDEFINED_LENGTH = 0xffffffff;
export const ITEM = 0xfffee000;

/** VRs whose length field has 32 bits after two reserved bytes. */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** VRs whose length field has 16 bits. */
const SHORT_VRS = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));

export const isKnownVr = (vr: string): boolean => SHORT_VRS.has(vr) || LONG_VRS.has(vr);

export interface Header {
  readonly tag: number;
  readonly vr: string | undefined;
  readonly length: number;
  readonly valueAt: number;
}

const isVr = (first: number, second: number): boolean =>
  first >= 0x41 && first <= 0x5a && second >= 0x41 && second <= 0x5a;

export const truncated = (tag: number): Error =>
  dicomErrors.error('truncated', { field: tagText(tag), reason: `the data set ends inside ${tagText(tag)}` });

export function readTag(bytes: Buffer, at: number, { bigEndian }: Encoding): number {
  const group = bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
  const element = bigEndian ? bytes.readUInt16BE(at + 2) : bytes.readUInt16LE(at + 2);
  return group * 0x10000 + element;
}

export const readLong = (bytes: Buffer, at: number, { bigEndian }: Encoding): number =>
  bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);

export function readHeader(bytes: Buffer, at: number, end: number, encoding: Encoding): Header {
  const tag = readTag(bytes, at, encoding);
  // Items and delimiters never carry a VR. An element without a VR in an explicit data set is read as implicit: some
  // writers copy private elements so, and the length then still leads to the next element.
  const explicit = encoding.explicitVr && tag < ITEM && isVr(bytes[at + 4]!, bytes[at + 5]!);
  if (!explicit) return headerWithoutVr(bytes, { tag, at, end, encoding });
  const vr = bytes.toString('latin1', at + 4, at + 6);
  const short = encoding.bigEndian ? bytes.readUInt16BE(at + 6) : bytes.readUInt16LE(at + 6);
  if (!LONG_VRS.has(vr) && !isUnknownLong(bytes, { vr, short, at, end, encoding })) {
    return { tag, vr, length: short, valueAt: at + 8 };
  }
  if (at + 12 > end) throw truncated(tag);
  return { tag, vr, length: readLong(bytes, at + 8, encoding), valueAt: at + 12 };
}

interface HeaderPlace {
  readonly at: number;
  readonly end: number;
  readonly encoding: Encoding;
}

/** A VR that no edition of the standard has yet is written with a 32-bit length (PS3.5 6.2.2), which must then fit. */
function isUnknownLong(
  bytes: Buffer,
  { vr, short, at, end, encoding }: HeaderPlace & { readonly vr: string; readonly short: number },
): boolean {
  if (SHORT_VRS.has(vr) || short !== 0 || at + 12 > end) return false;
  const length = readLong(bytes, at + 8, encoding);
  return length === UNDEFINED_LENGTH || at + 12 + length <= end;
}

/** Implicit, or a VR of two bytes that are no letters (`??`, spaces) before a 16-bit length: the length that fits decides. */
function headerWithoutVr(bytes: Buffer, { tag, at, end, encoding }: HeaderPlace & { readonly tag: number }): Header {
  const length = readLong(bytes, at + 4, encoding);
  const fits = length === UNDEFINED_LENGTH || at + 8 + length <= end;
  if (fits || !encoding.explicitVr || tag >= ITEM) return { tag, vr: undefined, length, valueAt: at + 8 };
  const short = encoding.bigEndian ? bytes.readUInt16BE(at + 6) : bytes.readUInt16LE(at + 6);
  return { tag, vr: undefined, length: at + 8 + short <= end ? short : length, valueAt: at + 8 };
}
