// Bytes of a PDU, read within their bounds: a length field never leads outside of what came.
import { WireFault } from './fault.ts';

export interface Cursor {
  readonly left: number;
  u8(): number;
  u16(): number;
  u32(): number;
  take(length: number): Buffer;
}

/** Big endian, as all of the Upper Layer protocol (PS3.8 section 9.3.1). */
export function openCursor(bytes: Buffer): Cursor {
  let at = 0;
  const need = (length: number): number => {
    if (at + length > bytes.length) throw new WireFault('broken-pdu', 'a length leads outside');
    const start = at;
    at += length;
    return start;
  };
  return {
    get left() {
      return bytes.length - at;
    },
    u8: () => bytes.readUInt8(need(1)),
    u16: () => bytes.readUInt16BE(need(2)),
    u32: () => bytes.readUInt32BE(need(4)),
    take(length) {
      const start = need(length);
      return bytes.subarray(start, start + length);
    },
  };
}

export const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
export function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}
