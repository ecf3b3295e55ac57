// Makes DICOM files for tests from a list of elements, in any encoding.
import { deflateRawSync } from 'node:zlib';
import { PIXEL_DATA } from '#dicom/read/reader.ts';

export type Value = string | number | readonly number[] | Buffer | readonly Elements[];
/** Tag → VR and value. */
export type Elements = Readonly<Record<number, readonly [vr: string, value: Value]>>;

export interface Encoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

const EXPLICIT: Encoding = { explicitVr: true, bigEndian: false };
const LONG = new Set(['OB', 'OV', 'OW', 'OF', 'SQ', 'UN', 'UT', 'UC']);

function valueBytes(vr: string, value: Value, encoding: Encoding): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  const numbers = typeof value === 'number' ? [value] : (value as readonly number[]);
  const size = vr === 'UL' || vr === 'SL' ? 4 : 2;
  const bytes = Buffer.alloc(numbers.length * size);
  for (const [index, number] of numbers.entries()) {
    const unsigned = size === 4 ? number >>> 0 : number & 0xffff;
    if (encoding.bigEndian) bytes.writeUIntBE(unsigned, index * size, size);
    else bytes.writeUIntLE(unsigned, index * size, size);
  }
  return bytes;
}

const isItems = (vr: string, value: Value): value is readonly Elements[] => vr === 'SQ' && Array.isArray(value);

function tagBytes(tag: number, { bigEndian }: Encoding): Buffer {
  const bytes = Buffer.alloc(4);
  const group = Math.floor(tag / 65536);
  if (bigEndian) {
    bytes.writeUInt16BE(group, 0);
    bytes.writeUInt16BE(tag % 65536, 2);
  } else {
    bytes.writeUInt16LE(group, 0);
    bytes.writeUInt16LE(tag % 65536, 2);
  }
  return bytes;
}

function long(value: number, { bigEndian }: Encoding): Buffer {
  const bytes = Buffer.alloc(4);
  if (bigEndian) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

function header(tag: number, vr: string, length: number, encoding: Encoding): Buffer {
  if (!encoding.explicitVr) return Buffer.concat([tagBytes(tag, encoding), long(length, encoding)]);
  const parts = [tagBytes(tag, encoding), Buffer.from(vr, 'latin1')];
  if (LONG.has(vr)) return Buffer.concat([...parts, Buffer.alloc(2), long(length, encoding)]);
  const short = Buffer.alloc(2);
  if (encoding.bigEndian) short.writeUInt16BE(length);
  else short.writeUInt16LE(length);
  return Buffer.concat([...parts, short]);
}

/** Sequences are written with undefined lengths, as most devices do. */
export function encodeDataSet(elements: Elements, encoding: Encoding = EXPLICIT): Buffer {
  const tags = Object.keys(elements).map(Number);
  tags.sort((one, other) => one - other);
  return Buffer.concat(
    tags.map((tag) => {
      const [vr, value] = elements[tag]!;
      if (isItems(vr, value)) {
        const items = value.map((item) =>
          Buffer.concat([
            tagBytes(0xfffee000, encoding),
            long(0xffffffff, encoding),
            encodeDataSet(item, encoding),
            tagBytes(0xfffee00d, encoding),
            long(0, encoding),
          ]),
        );
        const end = Buffer.concat([tagBytes(0xfffee0dd, encoding), long(0, encoding)]);
        return Buffer.concat([header(tag, vr, 0xffffffff, encoding), ...items, end]);
      }
      const bytes = valueBytes(vr, value, encoding);
      const padding = vr === 'UI' || vr === 'OB' || vr === 'UN' ? '\0' : ' ';
      const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(padding)]);
      return Buffer.concat([header(tag, vr, even.length, encoding), even]);
    }),
  );
}

/** Encapsulated pixel data: the offset table (empty by default) and the fragments. */
function encapsulated(fragments: readonly Buffer[], table: Buffer = Buffer.alloc(0)): Buffer {
  const items = [table, ...fragments].flatMap((bytes) => {
    const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    return [tagBytes(0xfffee000, EXPLICIT), long(even.length, EXPLICIT), even];
  });
  return Buffer.concat([
    header(PIXEL_DATA, 'OB', 0xffffffff, EXPLICIT),
    ...items,
    tagBytes(0xfffee0dd, EXPLICIT),
    long(0, EXPLICIT),
  ]);
}

/** Preamble, `DICM` and group 0002 before the data set. */
export function part10(dataSet: Buffer, transferSyntax: string): Buffer {
  const meta = encodeDataSet({ 0x00020010: ['UI', transferSyntax] });
  const length = encodeDataSet({ 0x00020000: ['UL', meta.length] });
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, dataSet]);
}

export const SYNTAX = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
  deflatedFrame: '1.2.840.10008.1.2.8.1',
  rle: '1.2.840.10008.1.2.5',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpegLsNear: '1.2.840.10008.1.2.4.81',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  jpeg2000Lossy: '1.2.840.10008.1.2.4.91',
  htj2k: '1.2.840.10008.1.2.4.201',
  jpegXl: '1.2.840.10008.1.2.4.110',
  mpeg2: '1.2.840.10008.1.2.4.100',
} as const;

export interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly frames?: number;
  readonly samples?: 1 | 3;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly planar?: boolean;
  readonly photometric?: string;
}

/** The image pixel module, and identities so that the tags can be read. */
export function pictureElements(picture: Picture): Elements {
  const samples = picture.samples ?? 1;
  const allocated = picture.bitsAllocated ?? 8;
  const stored = picture.bitsStored ?? allocated;
  return {
    0x00080016: ['UI', '1.2.840.10008.5.1.4.1.1.7'],
    0x00080018: ['UI', '2.25.1'],
    0x0020000d: ['UI', '2.25.2'],
    0x0020000e: ['UI', '2.25.3'],
    0x00280002: ['US', samples],
    0x00280004: ['CS', picture.photometric ?? (samples === 1 ? 'MONOCHROME2' : 'RGB')],
    ...(samples === 1 ? {} : { 0x00280006: ['US', picture.planar === true ? 1 : 0] as const }),
    ...(picture.frames === undefined ? {} : { 0x00280008: ['IS', String(picture.frames)] as const }),
    0x00280010: ['US', picture.rows],
    0x00280011: ['US', picture.columns],
    0x00280100: ['US', allocated],
    0x00280101: ['US', stored],
    0x00280102: ['US', picture.highBit ?? stored - 1],
    0x00280103: ['US', picture.signed === true ? 1 : 0],
  };
}

export interface FileOptions {
  readonly syntax?: string;
  readonly more?: Elements;
}

/** A file with uncompressed pixels; `pixels` in the byte order of the syntax. */
export function nativeFile(picture: Picture, pixels: Buffer, { syntax, more }: FileOptions = {}): Buffer {
  const uid = syntax ?? SYNTAX.explicit;
  const vr = (picture.bitsAllocated ?? 8) > 8 ? 'OW' : 'OB';
  const elements = { ...pictureElements(picture), ...more, [PIXEL_DATA]: [vr, pixels] as const };
  const encoding = { explicitVr: uid !== SYNTAX.implicit, bigEndian: uid === SYNTAX.bigEndian };
  const bytes = encodeDataSet(elements, encoding);
  return part10(uid === SYNTAX.deflated ? deflateRawSync(bytes) : bytes, uid);
}

/** A file with one fragment per frame unless `fragments` are dealt out otherwise. */
export function compressedFile(
  picture: Picture,
  fragments: readonly Buffer[],
  { syntax, more, table }: FileOptions & { readonly syntax: string; readonly table?: Buffer },
): Buffer {
  const dataSet = encodeDataSet({ ...pictureElements(picture), ...more });
  return part10(Buffer.concat([dataSet, encapsulated(fragments, table)]), syntax);
}
