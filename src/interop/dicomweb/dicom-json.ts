// A data set in the DICOM JSON model (PS3.18 annex F). Large binary values become addresses, so that metadata stay small.
import { withoutEnd } from '#kernel/text-end.ts';
import { decodeText } from '#dicom/read/character-set.ts';
import { vrOf } from '#dicom/read/dictionary.ts';
import type { DataSet, Element } from '#dicom/read/element.ts';
import { itemsOf } from '#dicom/read/reader.ts';

export interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}
export type DicomJson = Readonly<Record<string, JsonElement>>;

/** Where a client fetches the bytes of this element (of the whole instance, so not within items). */
export type BulkUri = (tag: string) => string;

const tagKey = (tag: number): string => tag.toString(16).padStart(8, '0').toUpperCase();

const PIXEL_DATA = 0x7fe00010;
/** Larger binary values at the top of a data set go by address. */
const LARGEST_INLINE_BYTES = 1024;
const BINARY = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const ONE_TEXT = new Set(['LT', 'ST', 'UT', 'UR']);
const DECODED = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const NUMERIC = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

interface NumberForm {
  readonly size: number;
  read(view: DataView, at: number, little: boolean): number | string;
}
const NUMBERS: Readonly<Record<string, NumberForm>> = {
  US: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  FD: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  UV: { size: 8, read: (view, at, little) => String(view.getBigUint64(at, little)) },
  SV: { size: 8, read: (view, at, little) => String(view.getBigInt64(at, little)) },
  AT: {
    size: 4,
    read: (view, at, little) => tagKey(view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little)),
  },
};

function numbersOf({ bytes }: Element, form: NumberForm, little: boolean): readonly unknown[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / form.size) }, (_, index) => {
    const value = form.read(view, index * form.size, little);
    // JSON knows no infinity; PS3.18 F.2.3 writes such numbers as text.
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}

function nameOf(text: string): unknown {
  const groups = text.split('=').map((group) => withoutEnd(group, '^'));
  const named = Object.fromEntries(
    ['Alphabetic', 'Ideographic', 'Phonetic'].flatMap((name, at) => {
      const group = groups[at];
      return group === undefined || group === '' ? [] : [[name, group]];
    }),
  );
  return Object.keys(named).length === 0 ? null : named;
}

function textsOf(element: Element, vr: string, { characterSet }: DataSet): readonly unknown[] {
  const decoded = DECODED.has(vr) ? decodeText(element.bytes, characterSet) : element.bytes.toString('latin1');
  const trimmed = withoutEnd(decoded, '\0 ');
  if (trimmed === '') return [];
  const values = ONE_TEXT.has(vr) ? [trimmed] : trimmed.split('\\').map((value) => value.trim());
  return values.map((value) => {
    if (value === '') return null;
    if (vr === 'PN') return nameOf(value);
    // A number that is none stays text (allowed by F.2.3), so that nothing is lost or guessed.
    return (vr === 'DS' || vr === 'IS') && NUMERIC.test(value) ? Number(value) : value;
  });
}

function elementJson(set: DataSet, element: Element, bulk: BulkUri | undefined): JsonElement {
  const vr = vrOf(element);
  if (vr === 'SQ') return { vr, Value: itemsOf(set, element.tag).map((item) => dicomJson(item, undefined)) };
  const form = NUMBERS[vr];
  if (form !== undefined && (element.bytes.length <= LARGEST_INLINE_BYTES || bulk === undefined)) {
    const values = numbersOf(element, form, !set.encoding.bigEndian);
    return values.length === 0 ? { vr } : { vr, Value: values };
  }
  if (BINARY.has(vr) || form !== undefined) {
    if (element.bytes.length === 0 && element.fragments === undefined) return { vr };
    const large = element.fragments !== undefined || element.bytes.length > LARGEST_INLINE_BYTES;
    if (bulk !== undefined && (large || element.tag === PIXEL_DATA))
      return { vr, BulkDataURI: bulk(tagKey(element.tag)) };
    return { vr, InlineBinary: element.bytes.toString('base64') };
  }
  const values = textsOf(element, vr, set);
  return values.length === 0 ? { vr } : { vr, Value: values };
}

/** The values are UTF-8 whatever the file used, and Specific Character Set says so. Group lengths are left out. */
export function dicomJson(set: DataSet, bulk: BulkUri | undefined): DicomJson {
  const json: Record<string, JsonElement> = {};
  for (const element of [...set.elements.values()].toSorted((a, b) => a.tag - b.tag)) {
    if ((element.tag & 0xffff) === 0) continue;
    const declared = element.tag === 0x00080005;
    json[tagKey(element.tag)] = declared ? { vr: 'CS', Value: ['ISO_IR 192'] } : elementJson(set, element, bulk);
  }
  return json;
}

/** For answers that are put together from the store's own rows. An absent value is an empty attribute. */
export const jsonValue = (vr: string, ...values: readonly (string | number | undefined)[]): JsonElement => {
  const present = values.filter((value) => value !== undefined && value !== '');
  if (present.length === 0) return { vr };
  return { vr, Value: vr === 'PN' ? present.map((value) => nameOf(String(value))) : present };
};
