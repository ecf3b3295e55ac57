// Encodes DICOM elements, given as plain data, in one of the three encodings of PS3.5 section 7; every file that we write is made here.

export type Encoding = 'implicit-little' | 'explicit-little' | 'explicit-big';

/** A data set: elements in any order; they are written in ascending order of their tags. */
export type DataSet = readonly Element[];

export interface Element {
  /** 0xGGGGEEEE. */
  readonly tag: number;
  readonly vr: string;
  /** Text (several values joined by `\`), numbers, bytes, or the items of a sequence. */
  readonly value: string | readonly number[] | Uint8Array | { readonly items: readonly DataSet[] };
}

export const text = (tag: number, vr: string, value: string): Element => ({ tag, vr, value });
export const numbers = (tag: number, vr: string, ...value: readonly number[]): Element => ({ tag, vr, value });
export const bytes = (tag: number, vr: string, value: Uint8Array): Element => ({ tag, vr, value });
export const sequence = (tag: number, ...items: readonly DataSet[]): Element => ({ tag, vr: 'SQ', value: { items } });

/** VRs with two reserved bytes and a 32-bit length in explicit encodings. */
const LONG = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UN', 'UT', 'UC', 'UR']);

const PADDING: Record<string, number> = { UI: 0, OB: 0, OW: 0, UN: 0 };

const UNDEFINED_LENGTH = 0xffffffff;

function numberBytes(vr: string, values: readonly number[], big: boolean): Buffer {
  const size = vr === 'US' || vr === 'SS' ? 2 : vr === 'FD' ? 8 : 4;
  const out = Buffer.alloc(values.length * size);
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  for (const [i, value] of values.entries()) {
    const at = i * size;
    switch (vr) {
      case 'US':
        view.setUint16(at, value, !big);
        break;
      case 'SS':
        view.setInt16(at, value, !big);
        break;
      case 'UL':
        view.setUint32(at, value, !big);
        break;
      case 'AT':
        // A tag is two 16-bit numbers, the group first in either byte order.
        view.setUint16(at, value >>> 16, !big);
        view.setUint16(at + 2, value & 0xffff, !big);
        break;
      case 'SL':
        view.setInt32(at, value, !big);
        break;
      case 'FL':
        view.setFloat32(at, value, !big);
        break;
      case 'FD':
        view.setFloat64(at, value, !big);
        break;
      default:
        throw new Error(`numbers in VR ${vr}`);
    }
  }
  return out;
}

const padded = (body: Buffer, vr: string): Buffer =>
  body.length % 2 === 0 ? body : Buffer.concat([body, Buffer.from([PADDING[vr] ?? 0x20])]);

function u16(value: number, big: boolean): Buffer {
  const out = Buffer.alloc(2);
  if (big) out.writeUInt16BE(value);
  else out.writeUInt16LE(value);
  return out;
}

function u32(value: number, big: boolean): Buffer {
  const out = Buffer.alloc(4);
  if (big) out.writeUInt32BE(value);
  else out.writeUInt32LE(value >>> 0);
  return out;
}

const tagBytes = (tag: number, big: boolean): Buffer => Buffer.concat([u16(tag >>> 16, big), u16(tag & 0xffff, big)]);

function bodyOf(element: Element, encoding: Encoding): Buffer {
  const { vr, value } = element;
  const big = encoding === 'explicit-big';
  if (typeof value === 'string') return padded(Buffer.from(value, 'utf8'), vr);
  if (value instanceof Uint8Array) {
    const body = padded(Buffer.from(value), vr);
    // Words are given in little-endian order; OB has no order.
    return big && vr === 'OW' ? body.swap16() : body;
  }
  if ('items' in value) {
    const items = value.items.map((item) => {
      const body = encodeDataSet(item, encoding);
      return Buffer.concat([tagBytes(0xfffee000, big), u32(body.length, big), body]);
    });
    return Buffer.concat(items);
  }
  return numberBytes(vr, value, big);
}

function header(element: Element, encoding: Encoding, length: number): Buffer {
  const big = encoding === 'explicit-big';
  const tag = tagBytes(element.tag, big);
  if (encoding === 'implicit-little') return Buffer.concat([tag, u32(length, false)]);
  const vr = Buffer.from(element.vr, 'latin1');
  if (LONG.has(element.vr)) return Buffer.concat([tag, vr, u16(0, big), u32(length, big)]);
  if (length > 0xffff) throw new Error(`VR ${element.vr} cannot hold ${length} bytes`);
  return Buffer.concat([tag, vr, u16(length, big)]);
}

/** Ascending tags; sequences and items have their lengths written. */
export function encodeDataSet(elements: DataSet, encoding: Encoding): Buffer {
  const sorted = elements.toSorted((a, b) => a.tag - b.tag);
  return Buffer.concat(
    sorted.flatMap((element) => {
      const body = bodyOf(element, encoding);
      return [header(element, encoding, body.length), body];
    }),
  );
}

/** Pixel Data as fragments, the offset table first (PS3.5 A.4). */
export function encapsulatedFragments([table = new Uint8Array(0), ...fragments]: readonly Uint8Array[]): Buffer {
  const item = (fragment: Uint8Array): Buffer => {
    const body = padded(Buffer.from(fragment), 'OB');
    return Buffer.concat([tagBytes(0xfffee000, false), u32(body.length, false), body]);
  };
  return Buffer.concat([
    header({ tag: 0x7fe00010, vr: 'OB', value: '' }, 'explicit-little', UNDEFINED_LENGTH),
    item(table),
    ...fragments.map(item),
    tagBytes(0xfffee0dd, false),
    u32(0, false),
  ]);
}

/** One compressed frame in one fragment, with an empty or filled offset table. */
export const encapsulated = (frame: Uint8Array, offsetTable: 'empty' | 'filled'): Buffer =>
  encapsulatedFragments([offsetTable === 'filled' ? u32(0, false) : new Uint8Array(0), frame]);
